/**
 * What report, explorer and published site share of their looks: colours for light and dark, two type
 * faces, tables, bars, figures. No page loads a font or an image from elsewhere.
 * @module
 */

/** The shared style sheet. */
export const SHARED_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --panel: #f3f0e9; --ink: #1d1b18; --quiet: #5d5850; --line: #d9d4c9;
  --accent: #0d5c66; --second: #9a3412; --whole: #d5e2e1;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif;
  --sans: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --panel: #1f2326; --ink: #e9e6e0; --quiet: #aaa69d; --line: #3a3f43;
    --accent: #6fc4cc; --second: #f2a071; --whole: #2b383a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 var(--sans); overflow-wrap: break-word;
}
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--second); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
h1, h2, h3 { font-family: var(--serif); line-height: 1.18; text-wrap: balance; }
h1 { overflow-wrap: anywhere; letter-spacing: -.01em; }
h3 { font-size: 1.12rem; margin: 1.5rem 0 .4rem; }
p, li { max-width: 46rem; }
.kicker {
  margin: 0; font-size: .8rem; letter-spacing: .09em; text-transform: uppercase;
  color: var(--second); font-weight: 600;
}
.lead { font: clamp(1.04rem, 2.1vw, 1.24rem)/1.5 var(--serif); margin: 0 0 .8rem; }
.quiet, .note, .sub, .count { color: var(--quiet); font-size: .88rem; }
.sub { display: block; font-weight: 400; margin-top: .1rem; }
.basis { font-size: .94rem; color: var(--quiet); max-width: 46rem; margin: .6rem 0; }
.basis p { margin: 0; }
.basis.warn { border-left: 4px solid var(--second); padding-left: .9rem; }
.basis strong { color: var(--second); }
.basis ul { margin: .3rem 0 0; padding-left: 1.2rem; }
.box { border-left: 4px solid var(--accent); background: var(--panel); padding: .7rem 1.1rem; margin: 1rem 0; }
.box > :first-child { margin-top: 0; } .box > :last-child { margin-bottom: 0; }
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10.5rem), 1fr));
  gap: 0 1.6rem; margin: 1.2rem 0 .8rem; padding: 0;
}
.figures div { border-top: 2px solid var(--accent); padding: .5rem 0 .8rem; display: grid; align-content: start; }
.figures dd { display: contents; font: 2rem/1.15 var(--serif); font-variant-numeric: lining-nums; }
.figures dt { order: 1; font-size: .92rem; }
.figures dd small { order: 2; font: .85rem/1.4 var(--sans); color: var(--quiet); }
.scroll { overflow-x: auto; margin: .7rem 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
caption span { display: block; position: sticky; left: 0; width: min(100%, calc(100vw - 2.5rem)); }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .45rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; line-height: 1.25; font-weight: 600; }
tbody th { font-weight: 500; min-width: 13rem; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
td.zero { color: var(--quiet); }
time { white-space: nowrap; }
code { font: .86em/1.45 var(--mono); overflow-wrap: anywhere; }
details { margin: .4rem 0; } summary { cursor: pointer; color: var(--accent); font-size: .9rem; padding: .25rem 0; }
figure { margin: 1.2rem 0; min-width: 0; break-inside: avoid; }
figcaption, .bars caption { font: 600 1.06rem/1.3 var(--serif); margin-bottom: .4rem; }
figcaption span, .bars caption span { display: block; font: .86rem/1.4 var(--sans); color: var(--quiet); position: static; width: auto; }
.bars table { font-size: .92rem; }
.bars th, .bars td { border: 0; padding: .18rem .7rem .18rem 0; vertical-align: middle; }
.bars tbody th { width: 34%; min-width: 7rem; line-height: 1.3; font-weight: 400; }
.bars td.bar { width: 52%; min-width: 4rem; }
.bars td.n { width: 1%; text-align: left; padding-right: 0; }
.bars svg { display: block; width: 100%; height: 1.05rem; overflow: visible; }
.bars rect { fill: var(--accent); } .bars rect.of { fill: var(--whole); }
@media (max-width: 40rem) {
  table { font-size: .86rem; } tbody th { min-width: 10.5rem; }
  .figures { grid-template-columns: 1fr 1fr; gap: 0 1.2rem; } .figures dd { font-size: 1.6rem; }
  .bars tbody th { width: 38%; min-width: 0; } .bars td.bar { width: 36%; min-width: 2rem; }
}
@media print {
  :root { --paper: #fff; --panel: #fff; --ink: #000; --quiet: #444; --line: #bbb; --accent: #0d5c66; --second: #9a3412; --whole: #d9e4e3; }
  .bars rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
