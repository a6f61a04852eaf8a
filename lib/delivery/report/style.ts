/**
 * The report's style over the shared one: one column, and paper.
 * @module
 */
import { SHARED_STYLE } from "../../web/style.ts";

/** The style sheet that is in the report. */
export const REPORT_STYLE = `${SHARED_STYLE}
.page { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem 4rem; }
header { border-bottom: 3px double var(--ink); padding: 2.5rem 0 1.25rem; }
h1 { font-size: clamp(1.6rem, 5vw, 3.1rem); margin: .4rem 0 .7rem; }
h2 { font-size: clamp(1.4rem, 3vw, 1.8rem); margin: 0 0 .6rem; }
section { padding: 2.2rem 0 .4rem; border-bottom: 1px solid var(--line); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: 0; }
nav { padding: .8rem 0; border-bottom: 1px solid var(--line); font-size: .9rem; }
nav a { display: inline-block; padding: .3rem 0; }
thead th.n { white-space: normal; width: 4.9rem; }
.values { min-width: 15rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 3rem; }
.kinds { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem 2rem; padding: 0; margin: 1rem 0; }
.kinds > div { border-top: 2px solid var(--line); padding-top: .6rem; min-width: 0; }
.kinds dt { font: 600 1.05rem/1.3 var(--serif); } .kinds dd { margin: .25rem 0 0; font-size: .92rem; }
.kinds .big { color: var(--accent); font-weight: 600; }
footer { padding: 1.5rem 0; color: var(--quiet); font-size: .88rem; }
@media (max-width: 40rem) { .page { padding: 0 1rem 3rem; } header { padding-top: 1.4rem; } }
@page { margin: 16mm 15mm; }
@media print {
  html { font-size: 9pt; } .figures { grid-template-columns: repeat(4, 1fr); }
  thead th.n { width: 3.9rem; } .page { max-width: none; padding: 0; } nav, .skip { display: none; }
  header { padding-top: 0; } .scroll { overflow: visible; } table { font-size: .88rem; }
  thead { display: table-header-group; } tr, .kinds > div, .box { break-inside: avoid; } h2, h3 { break-after: avoid; }
  a { color: inherit; } tbody th { min-width: 0; } th, td { padding-right: .5rem; }
  .charts { grid-template-columns: 1fr 1fr; gap: 0 1.5rem; } section { padding-top: 1.2rem; }
  caption span { width: auto; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
