import { type Html, html, type Part, tame, untrusted } from "../web/html.ts";
import { pageAddress } from "./addresses.ts";

/** The frame of every page: head, navigation, search, footer. */

/** What the frame needs to know of a site. */
export interface SiteFrame {
  name: string;
  title: string;
  snapshotName: string;
}

/** A page as it is sent. */
export interface Page {
  title: string;
  site?: SiteFrame;
  /** The entry of the navigation that is in force. */
  section?: string;
  /** What stands in the search field. */
  query?: string;
  body: Part;
  /** A further script, by name under /static/. */
  scripts?: string[];
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
  ["graph", "Graph"],
] as const;

/** The whole document. */
export function document({ title, site, section, query, body, scripts = [] }: Page): string {
  const home = site ? `/${site.name}` : "/";
  const page = html`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${tame(title).slice(0, 120)}${site
          ? ` · ${tame(site.title).slice(0, 80)}`
          : ""}</title>
        <link rel="stylesheet" href="/static/style.css">
        <link rel="icon" href="/static/icon.svg" type="image/svg+xml">
        ${["explorer.js", ...scripts].map((name) =>
          html`
            <script src="/static/${name}" defer></script>
          `
        )}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="head">
          <div class="bar">
            <p class="brand">
              <a href="${home}">${site ? untrusted(site.title, 60) : "Open data in public code"}</a>
            </p>
            ${site ? searchForm(site, query) : null}
          </div>
          ${navigation(site, section)}
        </header>
        <main id="content" tabindex="-1">${body}</main>
        <footer>
          ${site
            ? html`
              <p>Made from the snapshot <code>${site
                .snapshotName}</code>. A mention is a place in public
                code that names a dataset; it is not yet a use.</p>
            `
            : null}
          <p>
            <a href="/runs">Runs, snapshots and lineage</a>
          </p>
        </footer>
      </body>
    </html>
  `;
  return `<!doctype html>${page.text}`;
}

function searchForm(site: SiteFrame, query = ""): Html {
  return html`
    <form class="search" role="search" action="${pageAddress(site.name, "search")}">
      <label for="q">Search datasets, organizations, repositories</label>
      <div class="field">
        <input id="q" name="q" type="search" value="${query}" maxlength="200" autocomplete="off">
        <button>Search</button>
      </div>
    </form>
  `;
}

function navigation(site: SiteFrame | undefined, section?: string): Html {
  const entry = (address: string, name: string, text: string) =>
    html`
      <li><a href="${address}" ${name === section
        ? html`
          aria-current="page"
        `
        : null}>${text}</a></li>
    `;
  return html`
    <nav aria-label="Main">
      <ul>
        ${entry("/", "sites", "Sites")} ${site
          ? SECTIONS.map(([name, text]) => entry(pageAddress(site.name, name), name, text))
          : null} ${entry("/runs", "runs", "Runs")}
      </ul>
    </nav>
  `;
}
