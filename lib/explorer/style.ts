/**
 * The style of explorer and published site, over what they share with the report.
 * @module
 */

/** The style sheet. */
export const EXPLORER_STYLE = `
.head, main, footer { max-width: 84rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 3rem; outline: none; }
.bar-top { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: .4rem 2rem; padding: 1rem 0 .7rem; }
.brand { margin: 0; font: 600 1.35rem/1.3 var(--serif); }
.brand a { color: var(--ink); text-decoration: none; }
.brand a:hover { text-decoration: underline; }
.search { flex: 0 1 27rem; }
.search label, .tools label, #graph-tools label { display: block; font-size: .8rem; color: var(--quiet); }
.field { display: flex; }
input, button, select, textarea {
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet);
  border-radius: 2px; padding: .35rem .6rem; min-height: 2.4rem; max-width: 100%;
}
.field input { flex: 1; min-width: 0; border-right: 0; border-radius: 2px 0 0 2px; }
.field button { border-radius: 0 2px 2px 0; background: var(--accent); color: var(--paper); border-color: var(--accent); }
button { cursor: pointer; }
textarea { width: 100%; max-width: 60rem; font: .86rem/1.5 var(--mono); }
nav[aria-label="Main"] { border-top: 1px solid var(--line); border-bottom: 3px double var(--ink); }
nav[aria-label="Main"] ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.3rem; margin: 0; padding: .15rem 0; }
nav[aria-label="Main"] a { display: inline-block; padding: .4rem 0; text-decoration: none; font-size: .94rem; }
nav[aria-label="Main"] a:hover { text-decoration: underline; }
nav a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: inset 0 -2px 0 var(--second); }
.kicker { margin-top: 1.6rem; }
h1 { font-size: clamp(1.55rem, 4vw, 2.5rem); margin: 1.4rem 0 .6rem; }
.kicker + h1 { margin-top: .25rem; }
h2 { font-size: clamp(1.25rem, 2.5vw, 1.55rem); margin: 0 0 .5rem; }
.notes { font-family: var(--serif); font-size: 1.04rem; }
section { padding: 1.8rem 0 .2rem; border-top: 1px solid var(--line); margin-top: 1.6rem; }
.bars { max-width: 60rem; }
.properties { margin: 1rem 0; max-width: 60rem; }
.properties > div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .2rem 1.2rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
.properties dt { color: var(--quiet); } .properties dd { margin: 0; overflow-wrap: anywhere; }
.inline { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; margin: 0; }
caption { color: var(--quiet); font-weight: 400; }
.bars caption { color: var(--ink); font-weight: 600; }
tbody td { overflow-wrap: break-word; } tbody td:not(.n):not(.bar) { min-width: 6rem; } #table-content tbody td:has(bdi) { min-width: 10rem; }
tbody th:has(code.line) { min-width: min(24rem, 78vw); }
thead th.n { font-size: .84rem; width: 4.2rem; } .rows .n { padding-right: .55rem; }
tbody td .sub { overflow-wrap: anywhere; }
thead th button { font-weight: 600; padding: 0 .2rem; min-height: 24px; border: 0; background: none; color: var(--accent); text-align: inherit; line-height: 1.25; }
th[aria-sort="ascending"] button::after { content: " ↑"; } th[aria-sort="descending"] button::after { content: " ↓"; }
tbody a, .properties a { display: inline-block; min-height: 24px; }
tbody tr:hover { background: var(--panel); } .bars tbody tr:hover { background: none; }
code.line {
  display: block; background: var(--panel); border-left: 3px solid var(--line); padding: .3rem .6rem;
  margin: .25rem 0; font-weight: 400; max-width: 60rem; white-space: pre-wrap;
}
mark { background: var(--whole); color: inherit; box-shadow: 0 0 0 2px var(--whole); font-weight: 600; }
.badge { display: inline-block; border: 1px solid var(--quiet); border-radius: 2px; padding: 0 .4rem; font-size: .84rem; white-space: nowrap; }
.badge.exact, .badge.good { border-color: var(--accent); color: var(--accent); }
.badge.bad { border-color: var(--second); color: var(--second); font-weight: 600; }
.files { font-size: .88rem; color: var(--quiet); } .files a { margin-right: .5rem; display: inline-block; min-height: 24px; }
.split { display: grid; grid-template-columns: minmax(0, 1fr) 12rem; gap: 0 1.8rem; align-items: start; }
.split .rows { min-width: 0; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 0 0 .6rem; }
.facets { font-size: .9rem; border-top: 2px solid var(--accent); }
.facet { border-bottom: 1px solid var(--line); padding: .4rem 0; margin: 0; }
.facet summary { font-weight: 600; padding: .2rem 0; color: var(--ink); }
.facet ul { list-style: none; margin: 0; padding: 0 0 .3rem; }
.facet li { display: flex; justify-content: space-between; align-items: baseline; gap: .8rem; }
.facet a { padding: .12rem 0; min-height: 24px; overflow-wrap: anywhere; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem .7rem; padding: 0; margin: 0 0 .8rem; }
.chips li { background: var(--panel); border: 1px solid var(--line); border-radius: 2px; padding: .2rem .6rem; font-size: .9rem; }
.pager { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; padding: .5rem 0; font-size: .94rem; }
.pager a { padding: .2rem 0; }
.found { list-style: none; padding: 0; margin: 0; }
.found li { padding: .4rem 0; border-bottom: 1px solid var(--line); }
#results section:first-of-type { border-top: 0; margin-top: 0; padding-top: .4rem; }
.cards { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem 2rem; }
.cards li { border-top: 2px solid var(--accent); padding: .8rem 0; }
.lineage ul { padding-left: 1.2rem; border-left: 1px solid var(--line); list-style: none; margin: .3rem 0; }
.lineage > ul { border: 0; padding: 0; }
figcaption { font-family: var(--sans); font-weight: 400; font-size: .94rem; }
.key { font-weight: 600; margin-right: 1rem; display: inline !important; } .key.dataset { color: var(--accent) !important; } .key.repository { color: var(--second) !important; }
#graph { height: min(70vh, 40rem); border: 1px solid var(--line); background: var(--panel); position: relative; }
#graph-tools { padding: .7rem 0; } #graph-tools input { width: 20rem; } #graph-tools button { margin: .2rem .2rem .2rem 0; }
footer { border-top: 1px solid var(--line); padding-top: 1rem; padding-bottom: 2rem; color: var(--quiet); font-size: .88rem; }
@media (max-width: 70rem) { .split { display: flex; flex-direction: column; align-items: stretch; gap: 1.5rem 0; } }
@media (max-width: 40rem) {
  .head, main, footer { padding-left: 1rem; padding-right: 1rem; }
  .search { flex-basis: 100%; }
  .properties > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media print { nav, .search, .facets, .files, .tools, #graph-tools, .skip { display: none; } .split { display: block; } }
`;
