import { SHARED_STYLE } from "../../web/style.ts";

/** The report's style: a newspaper's serif for what is said, a plain face for what is counted. */
export const REPORT_STYLE =
  `${SHARED_STYLE}header { border-bottom: 3px double var(--ink); padding: 2.5rem 0 1.25rem; }
.kicker {
  margin: 0; font-size: .8rem; letter-spacing: .09em; text-transform: uppercase;
  color: var(--second); font-weight: 600;
}
h1, h2, h3 { font-family: var(--serif); line-height: 1.18; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 5vw, 3.1rem); margin: .4rem 0 .7rem; letter-spacing: -.012em; }
h2 { font-size: clamp(1.4rem, 3vw, 1.8rem); margin: 0 0 .6rem; }
h3 { font-size: 1.12rem; margin: 1.6rem 0 .4rem; }
.lead { font: clamp(1.08rem, 2.2vw, 1.3rem)/1.5 var(--serif); max-width: 46rem; margin: 0 0 .8rem; }
p, li { max-width: 46rem; }
.quiet, .note { color: var(--quiet); font-size: .9rem; }
section { padding: 2.2rem 0 .4rem; border-bottom: 1px solid var(--line); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: 0; }
nav { padding: .8rem 0; border-bottom: 1px solid var(--line); font-size: .9rem; }
nav a { display: inline-block; padding: .3rem 0; }
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0 1.6rem;
  margin: 1.2rem 0; padding: 0;
}
.figures div { border-top: 2px solid var(--accent); padding: .6rem 0 1rem; }
.figures dt { font-size: .88rem; color: var(--quiet); }
.figures dd { margin: 0; font: 2.2rem/1.15 var(--serif); font-variant-numeric: lining-nums; }
.figures dd small { display: block; font: .85rem/1.4 var(--sans); color: var(--quiet); }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.box { border-left: 4px solid var(--accent); background: var(--panel); padding: .8rem 1.1rem; margin: 1rem 0; }
.box.warn { border-color: var(--second); }
.box > :first-child { margin-top: 0; } .box > :last-child { margin-bottom: 0; }
.scroll { overflow-x: auto; margin: .8rem 0 1.4rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
caption span { display: block; position: sticky; left: 0; width: min(100%, calc(100vw - 2.5rem)); }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem .45rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; line-height: 1.25; }
tbody th { font-weight: 500; min-width: 13rem; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th.n { white-space: normal; width: 4.9rem; }
td.zero { color: var(--quiet); }
.sub { display: block; color: var(--quiet); font-size: .83rem; font-weight: 400; }
code { font: .86em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.values { min-width: 15rem; }
.sub + .sub { margin-top: .05rem; }
.pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 0 3rem; }
figure { margin: 1.4rem 0; min-width: 0; break-inside: avoid; }
figcaption { font-family: var(--serif); font-size: 1.06rem; font-weight: 600; margin-bottom: .5rem; }
figcaption span { display: block; font: .85rem/1.4 var(--sans); color: var(--quiet); }
svg.chart { display: block; width: 100%; max-width: 32rem; height: auto; font-family: var(--sans); }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--accent); font-size: .9rem; padding: .25rem 0; }
.kinds { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem 2rem; padding: 0; margin: 1rem 0; }
.kinds > div { border-top: 2px solid var(--line); padding-top: .6rem; min-width: 0; }
.kinds dt { font: 600 1.05rem/1.3 var(--serif); } .kinds dd { margin: .25rem 0 0; font-size: .92rem; }
.kinds .big { color: var(--accent); font-weight: 600; }
footer { padding: 1.5rem 0; color: var(--quiet); font-size: .88rem; }
@media (max-width: 40rem) {
  .page { padding: 0 1rem 3rem; } header { padding-top: 1.4rem; }
  table { font-size: .86rem; } .figures { grid-template-columns: 1fr 1fr; gap: 0 1.2rem; }
  .figures dd { font-size: 1.7rem; } tbody th { min-width: 10rem; }
}
@page { margin: 16mm 15mm; }
@media print {
  :root { --paper: #fff; --panel: #fff; --ink: #000; --quiet: #444; --line: #bbb; --accent: #0d5c66; --second: #9a3412; --whole: #e4e9e8; }
  html { font-size: 9pt; } summary { display: none; } .figures { grid-template-columns: repeat(4, 1fr); }
  thead th.n { width: 3.9rem; } .page { max-width: none; padding: 0; } nav, .skip { display: none; }
  header { padding-top: 0; } .scroll { overflow: visible; } table { font-size: .88rem; }
  thead { display: table-header-group; } tr, .kinds > div, .box { break-inside: avoid; } h2, h3 { break-after: avoid; }
  a { color: inherit; } tbody th { min-width: 0; } th, td { padding-right: .5rem; }
  .pairs { grid-template-columns: 1fr 1fr; gap: 0 1.5rem; } section { padding-top: 1.2rem; }
  caption span { width: auto; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
