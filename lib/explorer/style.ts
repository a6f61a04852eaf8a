/** The explorer's style, over what it shares with the report. */
export const EXPLORER_STYLE = `
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
.head, main, footer { max-width: 84rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 3rem; outline: none; }
.bar {
  display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between;
  gap: .4rem 2rem; padding: 1rem 0 .7rem;
}
.brand { margin: 0; font: 600 1.35rem/1.3 var(--serif); }
.brand a { color: var(--ink); text-decoration: none; }
.brand a:hover { text-decoration: underline; }
.search { flex: 0 1 27rem; }
.search label, #graph-tools label { display: block; font-size: .8rem; color: var(--quiet); }
.field { display: flex; }
input, button, textarea {
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet);
  border-radius: 2px; padding: .35rem .6rem; min-height: 2.4rem; max-width: 100%;
}
.field input { flex: 1; min-width: 0; border-right: 0; border-radius: 2px 0 0 2px; }
.field button { border-radius: 0 2px 2px 0; background: var(--accent); color: var(--paper); border-color: var(--accent); }
button { cursor: pointer; }
textarea { width: 100%; max-width: 60rem; font: .86rem/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
nav[aria-label="Main"] { border-top: 1px solid var(--line); border-bottom: 3px double var(--ink); }
nav[aria-label="Main"] ul {
  list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.3rem; margin: 0; padding: .15rem 0;
}
nav[aria-label="Main"] a { display: inline-block; padding: .4rem 0; text-decoration: none; font-size: .94rem; }
nav[aria-label="Main"] a:hover { text-decoration: underline; }
nav a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: inset 0 -2px 0 var(--second); }
.kicker {
  margin: 1.6rem 0 0; font-size: .8rem; letter-spacing: .09em; text-transform: uppercase;
  color: var(--second); font-weight: 600;
}
h1, h2, h3 { font-family: var(--serif); line-height: 1.18; text-wrap: balance; }
h1 { font-size: clamp(1.55rem, 4vw, 2.5rem); margin: 1.4rem 0 .6rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
.kicker + h1 { margin-top: .25rem; }
h2 { font-size: clamp(1.25rem, 2.5vw, 1.55rem); margin: 0 0 .5rem; }
h3 { font-size: 1.1rem; margin: 1.4rem 0 .4rem; }
p, li { max-width: 46rem; }
.lead { font: clamp(1.02rem, 2vw, 1.18rem)/1.5 var(--serif); margin: 0 0 1rem; }
.quiet, .sub, .count { color: var(--quiet); font-size: .88rem; }
.sub { display: block; font-weight: 400; margin-top: .1rem; }
.notes { font-family: var(--serif); font-size: 1.04rem; }
section { padding: 1.8rem 0 .2rem; border-top: 1px solid var(--line); margin-top: 1.6rem; }
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr));
  gap: 0 1.6rem; margin: 1rem 0 .6rem;
}
.figures div {
  border-top: 2px solid var(--accent); padding: .5rem 0 .8rem; display: flex;
  flex-direction: column-reverse; justify-content: flex-end;
}
.figures dt { font-size: .88rem; color: var(--quiet); }
.figures dd { margin: 0; font: 1.9rem/1.15 var(--serif); font-variant-numeric: lining-nums; }
.figures dd small { font: .88rem/1.4 var(--sans); color: var(--quiet); margin-left: .4rem; }
section > .figures { grid-template-columns: repeat(auto-fit, minmax(7.2rem, 1fr)); gap: 0 1.2rem; }
section > .figures dd { font-size: 1.5rem; }
.facts { margin: 1rem 0; max-width: 60rem; }
.facts > div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .2rem 1.2rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.inline { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; margin: 0; }
.box { border-left: 4px solid var(--accent); background: var(--panel); padding: .7rem 1.1rem; margin: 1rem 0; }
.box.warn { border-color: var(--second); } .box > :first-child { margin-top: 0; } .box ul { padding-left: 1.2rem; margin: .3rem 0 0; }
.scroll { overflow-x: auto; margin: .6rem 0 .8rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: var(--quiet); padding: 0 0 .4rem; }
caption span { display: block; position: sticky; left: 0; width: min(100%, calc(100vw - 2.5rem)); }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem .5rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; line-height: 1.25; font-weight: 600; }
tbody th { font-weight: 500; min-width: 13rem; overflow-wrap: anywhere; }
tbody td { overflow-wrap: break-word; min-width: 5.6rem; } tbody td.n { min-width: 0; }
tbody th:has(code.line) { min-width: min(24rem, 78vw); }
tbody a, .facts a { display: inline-block; min-height: 24px; }
tbody tr:hover { background: var(--panel); }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; } thead th.n { width: 5rem; }
td.zero { color: var(--quiet); }
time { white-space: nowrap; }
code { font: .86em/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
code.line {
  display: block; background: var(--panel); border-left: 3px solid var(--line); padding: .3rem .6rem;
  margin: .25rem 0; font-weight: 400; max-width: 60rem; white-space: pre-wrap;
}
mark { background: var(--whole); color: inherit; box-shadow: 0 0 0 2px var(--whole); font-weight: 600; }
.badge { display: inline-block; border: 1px solid var(--quiet); border-radius: 2px; padding: 0 .4rem; font-size: .84rem; white-space: nowrap; }
.badge.exact, .badge.good { border-color: var(--accent); color: var(--accent); }
.badge.bad { border-color: var(--second); color: var(--second); font-weight: 600; }
.files { font-size: .88rem; color: var(--quiet); } .files a { margin-right: .5rem; }
.split { display: grid; grid-template-columns: minmax(0, 1fr) 13rem; gap: 0 1.8rem; align-items: start; }
.facets { font-size: .9rem; border-top: 2px solid var(--accent); }
.facet { border-bottom: 1px solid var(--line); padding: .4rem 0; }
.facet summary { cursor: pointer; font-weight: 600; padding: .2rem 0; }
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
.lineage > ul { border: 0; padding: 0; } .lineage summary { cursor: pointer; color: var(--accent); font-size: .88rem; }
figure { margin: 1rem 0; }
figcaption { margin-bottom: .5rem; }
.key { font-weight: 600; margin-right: 1rem; } .key.dataset { color: var(--accent); } .key.repository { color: var(--second); }
#graph { height: min(70vh, 40rem); border: 1px solid var(--line); background: var(--panel); position: relative; }
#graph-tools { padding: .7rem 0; } #graph-tools input { width: 20rem; } #graph-tools button { margin: .2rem .2rem .2rem 0; }
.box p:last-child, .box ul:last-child { margin-bottom: 0; }
footer { border-top: 1px solid var(--line); padding-top: 1rem; padding-bottom: 2rem; color: var(--quiet); font-size: .88rem; }
@media (max-width: 62rem) {
  .split { display: flex; flex-direction: column; align-items: stretch; gap: 1.5rem 0; } .split .rows { min-width: 0; }
}
@media (max-width: 40rem) {
  .head, main, footer { padding-left: 1rem; padding-right: 1rem; }
  .search { flex-basis: 100%; } table { font-size: .86rem; } tbody th { min-width: 10.5rem; }
  .facts > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .figures { grid-template-columns: 1fr 1fr; } .figures dd { font-size: 1.5rem; }
}
@media print { nav, .search, .facets, .files, #graph-tools, .skip { display: none; } .split { display: block; } }
`;
