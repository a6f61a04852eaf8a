import { type Context, Hono } from "hono";
import type { Log } from "../cli/progress.ts";
import { html } from "../web/html.ts";
import { messageOf } from "../cli/errors.ts";
import { PACKAGE_DATA } from "../web/package_data.ts";
import type { SitePaths } from "../storage/paths.ts";
import { comparedSites, comparePage } from "./pages/compare.ts";
import { NotFound, WrongRequest } from "./failures.ts";
import { graphData, graphPage, readGraphQuery } from "./pages/graph.ts";
import { chunksOf, file, fileOf } from "./files.ts";
import { gexfOf } from "./gexf.ts";
import { matchKinds, sitePage, sitesPage } from "./pages/home.ts";
import { datasetPage } from "./pages/dataset.ts";
import { document, type Page } from "./layout.ts";
import { filtersOf, listPage } from "./pages/list.ts";
import { streamList } from "./list_query.ts";
import { mentionPage } from "./pages/mention.ts";
import { newerSnapshots } from "./newer_snapshots.ts";
import { organizationPage, topicPage } from "./pages/owner.ts";
import { pageCache } from "./page_cache.ts";
import { runRows, runsPage, snapshotRows } from "./pages/runs.ts";
import { findEntries, readSearch, searchPage, searchResults } from "./search.ts";
import type { SiteData } from "./site_data.ts";
import { STATIC_FILES } from "./static_files.ts";
import { listNamed } from "./table_parts.ts";
import { repositoryPage, resourcePage } from "./pages/thing_pages.ts";

/** The explorer's addresses, and what every answer has in common. */

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

/**
 * The web application over some sites, which it brings up to date as newer snapshots come.
 * @param histories the sites that have runs, also those without a `final`
 * @param now milliseconds, for how often is looked for a newer snapshot
 */
export function createApp(
  sites: Map<string, SiteData>,
  histories: [name: string, paths: SitePaths][],
  log: Log,
  now: () => number = Date.now,
): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    // a foreign name that leads here is another site's trick to read this one (DNS rebinding)
    const host = new URL(context.req.url).hostname;
    if (!["127.0.0.1", "localhost"].includes(host)) {
      return context.text("Ask for this under 127.0.0.1 or localhost\n", 421);
    }
    if (!["GET", "HEAD"].includes(context.req.method)) {
      return context.text("Nothing can be changed here: GET alone is answered\n", 405, {
        allow: "GET, HEAD",
      });
    }
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  });

  const lookForNewer = newerSnapshots(sites, log, now);
  app.use(async (context, next) => {
    lookForNewer();
    const data = sites.get(context.req.path.split("/")[1] ?? "");
    // what is answered from it stays open, should a newer one come in the meantime
    await (data ? data.use(next) : next());
  });
  app.use(pageCache((path) => sites.get(path.split("/")[1] ?? "")?.snapshot.name));

  const site = (context: Context): SiteData => {
    const data = sites.get(context.req.param("site") ?? "");
    if (data === undefined) throw new NotFound();
    return data;
  };
  const queryOf = (context: Context) => new URL(context.req.url).searchParams;
  const show = (
    context: Context,
    page: Page,
    data?: SiteData,
    status: 200 | 400 | 404 | 500 = 200,
  ) =>
    context.html(
      document({
        ...page,
        site: data && { name: data.name, title: data.title, snapshotName: data.snapshot.name },
      }),
      status,
    );

  app.get("/", async (context) => show(context, await sitesPage([...sites.values()])));
  app.get("/compare", async (context) => show(context, await comparePage([...sites.values()])));
  app.get("/:file{compare\\.(?:csv|json)}", async (context) => {
    const { name, type } = fileOf(context);
    const rows = await comparedSites([...sites.values()]);
    return file(context, name, type, { list: name }, chunksOf(rows.map((row) => ({ ...row }))));
  });
  app.get("/runs", async (context) => show(context, await runsPage(histories)));
  for (const [list, read] of Object.entries({ runs: runRows, snapshots: snapshotRows })) {
    app.get(`/${list}/:file`, async (context) => {
      const { name, type } = fileOf(context);
      const paths = histories.find(([site]) => site === name)?.[1];
      if (paths === undefined) throw new NotFound();
      return file(context, `${name}_${list}`, type, { site: name }, chunksOf(await read(paths)));
    });
  }
  app.get("/favicon.ico", (context) => context.redirect("/static/icon.svg", 301));
  app.get("/static/:name", async (context) => {
    const name = context.req.param("name");
    if (!Object.hasOwn(STATIC_FILES, name)) throw new NotFound();
    const { type, read } = STATIC_FILES[name]!;
    return context.body(await read(), 200, { "content-type": type });
  });

  app.get("/:site", async (context) => {
    const data = site(context);
    return show(context, await sitePage(data), data);
  });
  app.get("/:site/search", (context) => {
    const data = site(context);
    const query = queryOf(context);
    if (query.get("part") === "results") {
      const { text, kind } = readSearch(query);
      return context.html(searchResults(data, text, kind).text);
    }
    return show(context, searchPage(data, query), data);
  });
  app.get("/:site/search.json", (context) => {
    const data = site(context);
    const { text, kind } = readSearch(queryOf(context));
    return context.json({ site: data.name, q: text, rows: findEntries(data, text, kind) });
  });
  app.get("/:site/graph", (context) => {
    const data = site(context);
    return show(context, graphPage(data, queryOf(context)), data);
  });
  app.get("/:site/graph.json", async (context) => {
    const data = site(context);
    return context.json(await graphData(data, readGraphQuery(queryOf(context))));
  });
  app.get("/:site/graph.gexf", async (context) => {
    const data = site(context);
    const graph = await graphData(data, readGraphQuery(queryOf(context)));
    return context.body(gexfOf(graph, data.snapshot.manifest.created_at), 200, {
      "content-type": "application/xml; charset=utf-8",
      "content-disposition": `attachment; filename="${data.name}_graph.gexf"`,
    });
  });
  app.get("/:site/data/:file", async (context) => {
    const data = site(context);
    const { name, type } = fileOf(context);
    const about = { site: data.name, snapshot: data.snapshot.name, list: name };
    const list = listNamed(name);
    if (name === "match_kinds") {
      return file(context, `${data.name}_${name}`, type, about, chunksOf(await matchKinds(data)));
    }
    if (list === undefined) throw new NotFound();
    if (list.hasPackageData) {
      context.header("link", `<${PACKAGE_DATA.licence.path}>; rel="license"`);
    }
    const chunks = streamList(data, list, filtersOf(data, list, queryOf(context)));
    if (chunks === undefined) {
      return context.text("Too many downloads run: ask again in a moment\n", 503, {
        "retry-after": "5",
      });
    }
    const licence = list.hasPackageData ? { package_data: PACKAGE_DATA } : {};
    return file(context, `${data.name}_${name}`, type, { ...about, ...licence }, chunks);
  });
  const things = {
    dataset: datasetPage,
    organization: organizationPage,
    resource: resourcePage,
    mention: mentionPage,
  };
  for (const [kind, page] of Object.entries(things)) {
    app.get(`/:site/${kind}/:id`, async (context) => {
      const data = site(context);
      return show(context, await page(data, context.req.param("id")!), data);
    });
  }
  app.get("/:site/repository/:name{.+}", async (context) => {
    const data = site(context);
    return show(context, await repositoryPage(data, context.req.param("name")), data);
  });
  app.get("/:site/topic/:kind/:topic", async (context) => {
    const data = site(context);
    const { kind, topic } = context.req.param();
    return show(context, await topicPage(data, kind, topic), data);
  });
  app.get("/:site/:list", async (context) => {
    const data = site(context);
    const list = listNamed(context.req.param("list"));
    if (list === undefined) throw new NotFound();
    return show(context, await listPage(data, list, queryOf(context)), data);
  });

  app.notFound((context) =>
    show(context, failurePage("There is no such page", ""), undefined, 404)
  );
  app.onError((error, context) => {
    const data = sites.get(context.req.path.split("/")[1] ?? "");
    const answer = (title: string, text: string, status: 400 | 404 | 500) =>
      show(context, failurePage(title, text), data, status);
    let response;
    if (error instanceof NotFound) response = answer("There is no such page", "", 404);
    else if (error instanceof WrongRequest) {
      response = answer("This address says something that cannot be", `${error.message}.`, 400);
    } else {
      log.warn(`${context.req.path.slice(0, 200)}: ${messageOf(error).split("\n")[0]}`);
      response = answer("Something went wrong here", "The server's log says what.", 500);
    }
    return response;
  });
  return app;
}

function failurePage(title: string, text: string): Page {
  return {
    title,
    body: html`
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">To the sites</a></p>
    `,
  };
}
