/**
 * The explorer as files for any static host. The pages are the server's own functions, with other
 * addresses and with rows read for many pages at once. What the server computes for a request (search,
 * filters, sorting) is done by scripts from files of the site; everything else works without them.
 * @module
 */
import { Database } from "../../duckdb/database.ts";
import type { Log } from "../../cli/progress.ts";
import { graphDocument } from "../../web/gexf.ts";
import { Html, html, type Part } from "../../web/html.ts";
import { asDocument, graphData, readGraphQuery } from "../graph.ts";
import { document, type Page } from "../layout.ts";
import { type List, LISTS } from "../lists.ts";
import { datasetPage } from "../pages/dataset.ts";
import { graphJson, graphPage } from "../pages/graph.ts";
import { homePage } from "../pages/home.ts";
import { listPage } from "../pages/list.ts";
import { methodPage } from "../pages/method.ts";
import { newMentionsPage } from "../pages/new_mentions.ts";
import { organizationPage } from "../pages/organization.ts";
import { repositoryPage } from "../pages/repository.ts";
import { topicPage } from "../pages/topic.ts";
import { searchPage } from "../search.ts";
import type { SiteData } from "../site_data.ts";
import { hyparquetFiles, STATIC_FILES } from "../static_files.ts";
import type { RowReader, View } from "../view.ts";
import { batchedReader } from "./batched_reader.ts";
import { writeFeeds } from "./feeds.ts";
import {
  entryPath,
  type PageKind,
  PUBLISHED_LISTS,
  SitePages,
  staticLinks,
} from "./pages_of_site.ts";
import { writeSearch } from "./search_files.ts";
import { SiteFiles } from "./site_files.ts";
import { MOST_CSV_ROWS, writeTables } from "./tables.ts";

/** Frames cannot be forbidden by an element of the page; everything else is as on the server. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'";

/** Rows of a section: more than on the server where there is room, because there is no next page. */
const SECTION_ROWS = 25;
const FEW_SECTION_ROWS = 8;
const SHARED_SECTION_ROWS = 5;
/** Pages that are made at the same time. */
const BATCH = 400;
/** Assets of every site; the server's script asks the server for results. */
const ASSETS = ["style.css", "icon.svg", "site.js", "shared.js", "table.js", "entry.js"];
const GRAPH_ASSETS = ["graph.js", "graphology.js", "sigma.js"];

/** What was published. */
export interface Published {
  files: number;
  bytes: number;
  largest: { path: string; bytes: number };
  /** Entries whose details are in files that they share with others. */
  shared: number;
}

/** What pages are made with. */
interface Site {
  data: SiteData;
  pages: SitePages;
  files: SiteFiles;
  read: RowReader;
  csvLists: Set<string>;
  baseUrl: string | undefined;
  /** Pages for the sitemap, in the order in which they are written. */
  paths: string[];
}

/**
 * Writes the site into an empty folder.
 * @param baseUrl where it will be; for the sitemap and for addresses that must be absolute
 */
export async function publishSite(
  data: SiteData,
  folder: string,
  baseUrl: string | undefined,
  log: Log,
): Promise<Published> {
  const db = await Database.open(undefined, "600MB");
  try {
    await db.run("set preserve_insertion_order = true");
    await db.run("set threads = 1");
    await db.attach(data.snapshot.file, "final");
    const site: Site = {
      data,
      pages: new SitePages(data),
      files: new SiteFiles(folder),
      read: batchedReader(db),
      csvLists: new Set(
        PUBLISHED_LISTS.filter((name) => LISTS.get(name)!.table(data.tables).size <= MOST_CSV_ROWS),
      ),
      baseUrl,
      paths: [],
    };
    log.info("Writing tables");
    await writeTables(db, site.pages, site.files, site.csvLists);
    log.info("Writing the search");
    await writeSearch(data, staticLinks(site.pages, 0, site.csvLists), site.files);
    await writeAssets(site);
    await writePages(site, log);
    await writeGraph(site);
    await writeFeeds(site.pages, site.read, site.files, baseUrl);
    await writeSitemap(site);
    const { files, pages } = site;
    return {
      files: files.count,
      bytes: files.bytes,
      largest: files.largest,
      shared: pages.shared.dataset.length + pages.shared.repository.length,
    };
  } finally {
    db.close();
  }
}

function viewOf({ data, pages, read, csvLists }: Site, depth: 0 | 1): View {
  const isLarge = pages.detailsFiles > 0;
  return {
    data,
    links: staticLinks(pages, depth, csvLists),
    read,
    sectionRows: isLarge ? FEW_SECTION_ROWS : SECTION_ROWS,
  };
}

async function writePage(site: Site, path: string, page: Page, isListed = true): Promise<void> {
  const { data, pages, csvLists, baseUrl } = site;
  const depth = path.includes("/") ? 1 : 0;
  const canonical = baseUrl === undefined || !isListed ? undefined : new URL(path, baseUrl).href;
  const head: Part = [
    html`
      <meta http-equiv="Content-Security-Policy" content="${POLICY}">
      <meta name="referrer" content="no-referrer">
    `,
    canonical === undefined ? null : html`
      <link rel="canonical" href="${canonical}">
      <meta property="og:url" content="${canonical}">
    `,
    isListed ? null : html`
      <meta name="robots" content="noindex">
    `,
  ];
  const text = document(page, {
    links: staticLinks(pages, depth, csvLists),
    site: { title: data.title, snapshotName: data.snapshot.name },
    scripts: ["site.js"],
    head,
  });
  await site.files.write(path, text);
  if (isListed) site.paths.push(path);
}

async function writePages(site: Site, log: Log): Promise<void> {
  const { data, pages, read } = site;
  const root = viewOf(site, 0);
  const below = viewOf(site, 1);
  await writePage(site, "index.html", await homePage(root));
  await writePage(site, "method.html", await methodPage(root));
  await writePage(site, "new.html", await newMentionsPage(root));
  await writePage(site, "search.html", withoutServer(searchPage(root, "", SEARCH_HINT)), false);
  await writePage(site, "entry.html", ENTRY_PAGE, false);
  for (const name of PUBLISHED_LISTS) {
    const list = LISTS.get(name)!;
    for (let number = 1; number <= pages.listPages(name); number += 1) {
      const view = number === 1 ? root : below;
      const page = await listPage(view, list, {}, number, tableTools(site, list, number));
      const path = number === 1 ? `${name}.html` : `${name}/${number}.html`;
      await writePage(site, path, { ...page, scripts: ["table.js"] }, number === 1);
    }
  }
  const makers: Record<PageKind, (view: View, id: string) => Promise<Page>> = {
    organization: organizationPage,
    dataset: datasetPage,
    topic: (view, id) => topicPage(view, ...splitTopic(id)),
    repository: repositoryPage,
  };
  for (const [kind, rows] of Object.entries(pages.rows) as [PageKind, number[]][]) {
    const bar = log.bar("Writing", `${kind} pages`, rows.length);
    for (let first = 0; first < rows.length; first += BATCH) {
      const ids = rows.slice(first, first + BATCH).map((row) => pages.entities(kind).valueOf(row));
      const made = await Promise.all(ids.map((id) => makers[kind](below, id)));
      for (const [at, id] of ids.entries()) await writePage(site, entryPath(kind, id), made[at]!);
      bar.advance(ids.length);
    }
    bar.end();
  }
  if (pages.detailsFiles > 0) {
    const view: View = {
      data,
      links: staticLinks(pages, 0, site.csvLists),
      read,
      sectionRows: SHARED_SECTION_ROWS,
      isBrief: true,
    };
    await writeDetails(site, view, makers, log);
  }
}

/** The content of pages that share a file, as the script of entry.html shows it. */
async function writeDetails(
  { pages, files }: Site,
  view: View,
  makers: Record<PageKind, (view: View, id: string) => Promise<Page>>,
  log: Log,
): Promise<void> {
  const byFile = new Map<number, [PageKind, string][]>();
  for (const kind of ["dataset", "repository"] as const) {
    for (const row of pages.shared[kind]) {
      const id = pages.entities(kind).valueOf(row);
      const file = pages.detailsFileOf(kind, id);
      if (!byFile.has(file)) byFile.set(file, []);
      byFile.get(file)!.push([kind, id]);
    }
  }
  const bar = log.bar("Writing", "files of details", byFile.size);
  // several files at once, because one query for many entries costs hardly more than for few
  const numbers = [...byFile.keys()].sort((one, other) => one - other);
  for (let first = 0; first < numbers.length; first += 64) {
    await Promise.all(
      numbers.slice(first, first + 64).map(async (file) => {
        const entries = byFile.get(file)!;
        const made = await Promise.all(entries.map(([kind, id]) => makers[kind](view, id)));
        const content = Object.fromEntries(entries.map(([kind, id], at) => {
          const { title, body } = made[at]!;
          return [`${kind}/${id}`, { title, body: html`${body}`.text.replace(/\n\s+/g, "\n") }];
        }));
        await files.writeJson(`details/${file}.json.gz`, content);
        bar.advance(1);
      }),
    );
  }
  bar.end();
}

/** Where the list's script puts its tools; without it there are the first pages and the files. */
function tableTools({ data, pages }: Site, list: List, number: number): Html {
  const root = number === 1 ? "" : "../";
  const { size } = list.table(data.tables);
  const shown = pages.listPages(list.name) * (list.pageRows ?? 50);
  return html`
    ${size > shown
      ? html`<p class="quiet">These pages have the first ${
        shown.toLocaleString("en-US")
      } rows; the files below have all.</p>`
      : null}
    <div id="table-tools" data-table="${root}data/${list.name}.json" data-root="${root}"></div>
  `;
}

const SEARCH_HINT = html`
  <p role="status">Type the beginning of a word of a title, or of a repository’s name.</p>
  <noscript><p>The search needs JavaScript; the lists, the pages and the files do not.</p></noscript>
`;

const ENTRY_PAGE: Page = {
  title: "Details",
  scripts: ["entry.js"],
  body: html`
    <div id="entry">
      <p role="status">Loading…</p>
    </div>
    <noscript><p>This portal has more entries than a static site can have pages. The details of this one need
      JavaScript; the files of each list have all rows.</p></noscript>
  `,
};

/** The search page of the server, without the address that its script would ask. */
function withoutServer(page: Page): Page {
  return { ...page, body: new Html(html`${page.body}`.text.replace(/ data-live="[^"]*"/, "")) };
}

function splitTopic(id: string): [kind: string, topic: string] {
  const at = id.indexOf(":");
  return [id.slice(0, at), id.slice(at + 1)];
}

async function writeAssets({ pages, files }: Site): Promise<void> {
  for (const name of [...ASSETS, ...GRAPH_ASSETS]) {
    await files.write(`assets/${name}`, await STATIC_FILES.get(name)!.read());
  }
  for (const [name, text] of await hyparquetFiles()) {
    await files.write(`assets/hyparquet/${name}`, text);
  }
  await files.write("assets/site.json", JSON.stringify({ detailsFiles: pages.detailsFiles }));
}

async function writeGraph(site: Site): Promise<void> {
  const { data, files } = site;
  const view = viewOf(site, 0);
  const query = readGraphQuery(new URLSearchParams());
  await writePage(site, "graph.html", graphPage(view, query, {}));
  const graph = await graphData(data, query);
  await files.write("data/graph.json", JSON.stringify(graphJson(graph, view.links)));
  const { nodes, edges } = asDocument(graph);
  let gexf = "";
  const { created_at } = data.snapshot.manifest;
  for await (const text of graphDocument("gexf", created_at, [nodes], [edges])) gexf += text;
  await files.write("data/graph.gexf", gexf);
}

/** `sitemap.xml` needs absolute addresses, so there is none without a base. */
async function writeSitemap({ data, files, paths, baseUrl }: Site): Promise<void> {
  const robots = ["User-agent: *", "Allow: /"];
  if (baseUrl !== undefined) {
    const modified = data.snapshot.manifest.created_at.slice(0, 10);
    const urls = paths.map((path) => {
      const address = new URL(path.replace(/^index\.html$/, ""), baseUrl).href;
      return html`
        <url>
          <loc>${address}</loc>
          <lastmod>${modified}</lastmod>
        </url>
      `.text;
    });
    await files.write(
      "sitemap.xml",
      `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join("")}</urlset>
`,
    );
    robots.push(`Sitemap: ${new URL("sitemap.xml", baseUrl).href}`);
  }
  await files.write("robots.txt", robots.join("\n") + "\n");
  await files.write(
    "site.json",
    JSON.stringify({
      generator: "publish_site",
      site: data.name,
      title: data.title,
      snapshot: data.snapshot.name,
      created_at: data.snapshot.manifest.created_at,
      complete: data.snapshot.manifest.complete,
    }) + "\n",
  );
}
