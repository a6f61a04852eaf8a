/**
 * The frame of every page: head, navigation, search, footer.
 * @module
 */
import { type Html, html, type Part, singleLine, untrusted } from "../web/html.ts";
import { linked, type Links } from "./links.ts";

/** A page as its function makes it. */
export interface Page {
  title: string;
  /** One sentence for search engines and previews. */
  description?: string;
  /** The entry of the navigation that the page belongs to. */
  section?: string;
  /** The content of the search field. */
  query?: string;
  body: Part;
  /** Scripts besides those of every page, by asset name. */
  scripts?: string[];
  /** The feed of what the page shows. */
  feed?: string;
}

/** What surrounds a page. */
export interface Frame {
  links: Links;
  /** Absent on pages over all sites. */
  site?: { title: string; snapshotName: string };
  /** Scripts of every page, by asset name. */
  scripts: string[];
  /** Elements of the head besides those of every page. */
  head?: Part;
}

const SECTIONS = [
  ["datasets", "Datasets"],
  ["organizations", "Organizations"],
  ["repositories", "Repositories"],
  ["topics", "Topics"],
  ["mentions", "Mentions"],
  ["packages", "Packages"],
  ["dead_references", "Broken links"],
  ["changes", "Changes"],
] as const;

/** Scripts that are modules, and so may import packages. */
const MODULES = ["table.js", "entry.js"];

/** The complete document. */
export function document(page: Page, { links, site, scripts, head }: Frame): string {
  const title = `${singleLine(page.title).slice(0, 120)}${
    site ? ` · ${singleLine(site.title).slice(0, 80)}` : ""
  }`;
  const content = html`
    <html lang="en">
      <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    ${head}
    <meta property="og:title" content="${title}">
    <meta property="og:type" content="website">
    ${page.description === undefined ? null : html`
      <meta name="description" content="${singleLine(page.description).slice(0, 300)}">
      <meta property="og:description" content="${singleLine(page.description).slice(0, 300)}">
    `}<link rel="stylesheet" href="${links.asset("style.css")}">
    <link rel="icon" href="${links.asset("icon.svg")}" type="image/svg+xml">
    ${page.feed === undefined ? null : html`
      <link rel="alternate" type="application/atom+xml" href="${page.feed}"
        title="${title}: new mentions">
    `}${[...scripts, ...page.scripts ?? []].map((name) =>
      MODULES.includes(name)
        ? html`
          <script src="${links.asset(name)}" type="module"></script>
        `
        : html`
          <script src="${links.asset(name)}" defer></script>
        `
    )}</head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="head">
    <div class="bar-top">
    <p class="brand">${site
      ? html`<a href="${links.home()}">${untrusted(site.title, 60)}</a>`
      : html`<a href="/">Open data in public code</a>`}</p>
    ${site ? searchForm(links, page.query) : null}
    </div>
    ${navigation(links, site !== undefined, page.section)}
        </header>
        <main id="content" tabindex="-1">${page.body}</main>
        <footer>
    ${site
      ? html`<p>Made from the snapshot <code>${site.snapshotName}</code>. A mention is a place in public code
that names a dataset; it is not yet a use. <a href="${links.method()}">Method and limits</a></p>`
      : null}
    ${links.runs() === undefined
      ? null
      : html`<p>${linked(links.runs(), "Runs, snapshots and lineage")}</p>`}
        </footer>
      </body>
    </html>
  `;
  return `<!doctype html>\n${content.text}`;
}

function searchForm(links: Links, query = ""): Html {
  return html`
    <form class="search" role="search" action="${links.search()}">
      <label for="q">Search datasets, organizations, repositories</label>
      <div class="field">
        <input id="q" name="q" type="search" value="${query}" maxlength="200" autocomplete="off">
        <button>Search</button>
      </div>
    </form>
  `;
}

function navigation(links: Links, hasSite: boolean, section?: string): Html {
  const entry = (address: string | undefined, name: string, text: string) =>
    address === undefined ? null : html`
      <li><a href="${address}"${name === section
        ? html`
          aria-current="page"
        `
        : null}>${text}</a></li>
    `;
  return html`
    <nav aria-label="Main">
      <ul>
    ${entry(links.sites(), "sites", "Sites")}${hasSite
      ? [
        entry(links.home(), "overview", "Overview"),
        SECTIONS.map(([name, text]) => entry(links.list(name), name, text)),
        entry(links.graph(), "graph", "Graph"),
        entry(links.newMentions(), "new", "New"),
        entry(links.method(), "method", "Method"),
      ]
      : null}${entry(links.runs(), "runs", "Runs")}
      </ul>
    </nav>
  `;
}
