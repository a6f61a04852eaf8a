/** What report and explorer share of their looks: colours for paper and night, two faces, focus. */
export const SHARED_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --panel: #f3f0e9; --ink: #1d1b18; --quiet: #5d5850; --line: #d9d4c9;
  --accent: #0d5c66; --second: #9a3412; --whole: #dfe7e6;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif;
  --sans: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
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
.page { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem 4rem; }
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--second); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
`;
