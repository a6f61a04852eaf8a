/**
 * The server's addresses, and what every answer has in common.
 * @module
 */
import { type Context, Hono } from "hono";
import { messageOf } from "../cli/errors.ts";
import type { Log } from "../cli/progress.ts";
import type { SitePaths } from "../storage/paths.ts";
import { toStream } from "../web/csv.ts";
import { graphDocument } from "../web/gexf.ts";
import { html, singleLine } from "../web/html.ts";
import { PACKAGE_DATA } from "../web/sources.ts";
import { asDocument, graphData, readGraphQuery, TooBusy } from "./graph.ts";
import { document, type Page } from "./layout.ts";
import { type Links, serverLinks } from "./links.ts";
import { readFilters, streamList } from "./list_query.ts";
import { LISTS } from "./lists.ts";
import { pageCache } from "./page_cache.ts";
import { comparedSites, comparePage } from "./pages/compare.ts";
import { datasetPage } from "./pages/dataset.ts";
import { graphJson, graphPage } from "./pages/graph.ts";
import { homePage, readMatchKinds, sitesPage } from "./pages/home.ts";
import { listPage } from "./pages/list.ts";
import { mentionPage } from "./pages/mention.ts";
import { methodPage } from "./pages/method.ts";
import { newMentionsPage } from "./pages/new_mentions.ts";
import { organizationPage } from "./pages/organization.ts";
import { repositoryPage } from "./pages/repository.ts";
import { resourcePage } from "./pages/resource.ts";
import { runRows, runsPage, snapshotRows } from "./pages/runs.ts";
import { topicPage } from "./pages/topic.ts";
import {
  BadRequest,
  chunksOf,
  NotFound,
  onlyParameters,
  quoted,
  readFileName,
  rowsResponse,
} from "./responses.ts";
import { findEntries, readSearch, searchPage, searchResults } from "./search.ts";
import type { SiteData } from "./site_data.ts";
import { newerSnapshots } from "./sites.ts";
import { STATIC_FILES } from "./static_files.ts";
import { rowReader, type View } from "./view.ts";

/** Nothing but the explorer's own files is loaded, run, framed or sent to. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: Record<string, string> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

/** Rows of a section of a page about one entry. */
const SECTION_ROWS = 10;

/** Pages that are not about one site. */
const NO_SITE: Links = {
  ...serverLinks(""),
  home: () => "/",
  list: () => undefined,
};

/**
 * The web application over some sites, which it replaces as newer snapshots appear.
 * @param histories the sites that have runs, also those without a `final`
 * @param now milliseconds, for how often newer snapshots are looked for
 */
export function createApp(
  sites: Map<string, SiteData>,
  histories: [name: string, paths: SitePaths][],
  log: Log,
  now: () => number = Date.now,
): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  });
  app.use(async (context, next) => {
    const refusal = refuse(context.req.raw);
    return refusal ?? await next();
  });

  const checkForNewer = newerSnapshots(sites, log, now);
  app.use(async (context, next) => {
    checkForNewer();
    const data = sites.get(context.req.path.split("/")[1] ?? "");
    // the snapshot that answers stays open, even if a newer one replaces it meanwhile
    await (data ? data.use(next) : next());
  });
  app.use(
    pageCache((path) =>
      path.startsWith("/static/") ? "static" : sites.get(path.split("/")[1] ?? "")?.snapshot.name
    ),
  );

  const viewOf = (context: Context): View => {
    const data = sites.get(context.req.param("site") ?? "");
    if (data === undefined) throw new NotFound();
    return {
      data,
      links: serverLinks(data.name),
      read: rowReader(data.rows.bind(data)),
      sectionRows: SECTION_ROWS,
    };
  };
  const queryOf = (context: Context) => new URL(context.req.url).searchParams;
  const show = (
    context: Context,
    page: Page,
    data?: SiteData,
    status: 200 | 400 | 404 | 500 | 503 = 200,
  ) => {
    const text = document(page, {
      links: data ? serverLinks(data.name) : NO_SITE,
      site: data && { title: data.title, snapshotName: data.snapshot.name },
      scripts: ["explorer.js"],
    });
    // said here, because the answer to HEAD has no body to measure
    context.header("content-length", String(new TextEncoder().encode(text).length));
    return context.html(text, status);
  };
  /** A page of a site that takes no parameters. */
  const page = (path: string, make: (view: View, context: Context) => Promise<Page>) =>
    app.get(path, async (context) => {
      const view = viewOf(context);
      onlyParameters(queryOf(context));
      return show(context, await make(view, context), view.data);
    });

  app.get("/", async (context) => {
    onlyParameters(queryOf(context));
    return show(context, await sitesPage([...sites.values()]));
  });
  app.get("/compare", async (context) => {
    onlyParameters(queryOf(context));
    return show(context, await comparePage([...sites.values()]));
  });
  app.get("/:file{compare\\.(?:csv|json)}", async (context) => {
    onlyParameters(queryOf(context));
    const { name, type } = readFileName(context);
    const rows = await comparedSites([...sites.values()]);
    const chunks = chunksOf(rows.map((row) => ({ ...row })));
    return rowsResponse(context, name, type, { list: name }, chunks);
  });
  app.get("/runs", async (context) => {
    onlyParameters(queryOf(context));
    return show(context, await runsPage(histories));
  });
  for (const [list, read] of Object.entries({ runs: runRows, snapshots: snapshotRows })) {
    app.get(`/${list}/:file`, async (context) => {
      onlyParameters(queryOf(context));
      const { name, type } = readFileName(context);
      const paths = histories.find(([site]) => site === name)?.[1];
      if (paths === undefined) throw new NotFound();
      const rows = chunksOf(await read(paths));
      return rowsResponse(context, `${name}_${list}`, type, { site: name }, rows);
    });
  }
  app.get("/favicon.ico", (context) => context.redirect("/static/icon.svg", 301));
  app.get("/static/:name", async (context) => {
    onlyParameters(queryOf(context));
    const file = STATIC_FILES.get(context.req.param("name"));
    if (file === undefined) throw new NotFound();
    return context.body(await file.read(), 200, { "content-type": file.type });
  });

  page("/:site", (view) => homePage(view));
  page("/:site/method", (view) => methodPage(view));
  page("/:site/new", (view) => newMentionsPage(view));
  page("/:site/dataset/:id", (view, context) => datasetPage(view, context.req.param("id")!));
  page(
    "/:site/organization/:id",
    (view, context) => organizationPage(view, context.req.param("id")!),
  );
  page("/:site/resource/:id", (view, context) => resourcePage(view, context.req.param("id")!));
  page("/:site/mention/:id", (view, context) => mentionPage(view, context.req.param("id")!));
  page(
    "/:site/repository/:name{.+}",
    (view, context) => repositoryPage(view, context.req.param("name")!),
  );
  page(
    "/:site/topic/:kind/:topic",
    (view, context) => topicPage(view, context.req.param("kind")!, context.req.param("topic")!),
  );

  app.get("/:site/search", (context) => {
    const view = viewOf(context);
    const query = queryOf(context);
    const { text, kind } = readSearch(query);
    const results = searchResults(view, text, kind);
    if (query.get("part") === "results") return context.html(results.text);
    return show(context, searchPage(view, text, results), view.data);
  });
  app.get("/:site/search.json", (context) => {
    const { data, links } = viewOf(context);
    const { text, kind } = readSearch(queryOf(context));
    return context.json({ site: data.name, q: text, rows: findEntries(data, links, text, kind) });
  });
  app.get("/:site/graph", (context) => {
    const view = viewOf(context);
    const query = queryOf(context);
    const parameters = Object.fromEntries(query);
    return show(context, graphPage(view, readGraphQuery(query), parameters), view.data);
  });
  app.get("/:site/graph.json", async (context) => {
    const { data, links } = viewOf(context);
    const graph = await graphData(data, readGraphQuery(queryOf(context)));
    return context.json(graphJson(graph, links));
  });
  app.get("/:site/graph.gexf", async (context) => {
    const { data } = viewOf(context);
    const { nodes, edges } = asDocument(await graphData(data, readGraphQuery(queryOf(context))));
    const { created_at } = data.snapshot.manifest;
    return context.body(toStream(graphDocument("gexf", created_at, [nodes], [edges])), 200, {
      "content-type": "application/xml; charset=utf-8",
      "content-disposition": `attachment; filename="${data.name}_graph.gexf"`,
    });
  });
  app.get("/:site/data/:file", async (context) => {
    const { data } = viewOf(context);
    const query = queryOf(context);
    const { name, type } = readFileName(context);
    const about = { site: data.name, snapshot: data.snapshot.name, list: name };
    if (name === "match_kinds") {
      onlyParameters(query);
      const rows = chunksOf(await readMatchKinds(data));
      return rowsResponse(context, `${data.name}_${name}`, type, about, rows);
    }
    const list = LISTS.get(name);
    if (list === undefined) throw new NotFound();
    if (list.hasPackageData) {
      context.header("link", `<${PACKAGE_DATA.licence.path}>; rel="license"`);
    }
    const chunks = streamList(data, list, readFilters(data, list, query));
    if (chunks === undefined) {
      return context.text("Too many downloads are running: try again in a moment\n", 503, {
        "retry-after": "5",
      });
    }
    const licence = list.hasPackageData ? { package_data: PACKAGE_DATA } : {};
    return rowsResponse(context, `${data.name}_${name}`, type, { ...about, ...licence }, chunks);
  });
  app.get("/:site/:list", async (context) => {
    const view = viewOf(context);
    const list = LISTS.get(context.req.param("list"));
    if (list === undefined || list.requiredFilter !== undefined) throw new NotFound();
    const query = queryOf(context);
    const filters = readFilters(view.data, list, query, ["page"]);
    const number = query.get("page") ?? "1";
    if (!/^[1-9]\d{0,6}$/.test(number)) {
      throw new BadRequest(`page is ${quoted(number)}: expected a number from 1`);
    }
    return show(context, await listPage(view, list, filters, Number(number)), view.data);
  });

  app.notFound((context) => show(context, failurePage("Page not found", ""), undefined, 404));
  app.onError((error, context) => {
    const data = sites.get(context.req.path.split("/")[1] ?? "");
    const fail = (title: string, text: string, status: 400 | 404 | 500 | 503) =>
      show(context, failurePage(title, text), data, status);
    if (error instanceof NotFound) return fail("Page not found", "", 404);
    if (error instanceof BadRequest) return fail("Invalid request", `${error.message}.`, 400);
    if (error instanceof TooBusy) {
      context.header("retry-after", "5");
      return fail("Too busy", "Too many graphs are being laid out: try again in a moment.", 503);
    }
    const path = singleLine(context.req.path.slice(0, 200));
    log.warn(`${path}: ${singleLine(messageOf(error).split("\n")[0]!)}`);
    return fail("Internal error", "The server’s log has the reason.", 500);
  });
  return app;
}

/** Refuses foreign host names, which would let another site read this one (DNS rebinding), and writes. */
function refuse(request: Request): Response | undefined {
  const host = URL.canParse(request.url) ? new URL(request.url).hostname : undefined;
  const text = (message: string, status: number, headers = {}) =>
    new Response(`${message}\n`, {
      status,
      headers: { "content-type": "text/plain; charset=utf-8", ...headers },
    });
  const given = request.headers.get("host");
  if (host === undefined || given !== null && !URL.canParse(`http://${given}/`)) {
    return text("Invalid Host header", 400);
  }
  if (!["127.0.0.1", "localhost"].includes(host)) {
    return text("Use the address 127.0.0.1 or localhost", 421);
  }
  if (!["GET", "HEAD"].includes(request.method)) {
    return text("Read-only: only GET and HEAD are supported", 405, { allow: "GET, HEAD" });
  }
  return undefined;
}

function failurePage(title: string, text: string): Page {
  return {
    title,
    body: html`
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">All sites</a></p>
    `,
  };
}
