import { formatCount } from "../../cli/progress.ts";
import { Html, html, untrusted } from "../../web/html.ts";
import { addressLink, kindsSection, trendPart, usesSection } from "./breakdowns.ts";
import { changesSection } from "./changes.ts";
import { deadSection } from "./broken_links.ts";
import type { ReportData, SearchRow, SnapshotRow } from "./rows.ts";
import {
  apartSection,
  datasetsSection,
  organizationsSection,
  repositoriesSection,
  unusedSection,
} from "./lists.ts";
import { counted, moment, percent, type Portal, table } from "./components.ts";
import { portalsSection } from "./portals.ts";
import { portalPage } from "../../web/portal_pages.ts";
import { attribution, reachSection } from "./reach.ts";
import { REPORT_STYLE } from "./style.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
  "base-uri 'none'; form-action 'none'";

/** The whole report: one file without script, without anything that is fetched. */
export function renderReport(data: ReportData): string {
  const { config, created_at } = data.manifest;
  const portal: Portal = config.site;
  const address = portalPage(portal);
  const title = `Who mentions the data of ${config.site.title}`;
  const page = html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${POLICY}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>${title}</title>
        ${new Html(`<style>${REPORT_STYLE}</style>`)}
          </head>
      <body><a class="skip" href="#content">To the content</a><div class="page">
        <header><p class="kicker">Open data in public code</p>
        <h1>Who mentions the data of ${untrusted(config.site.title, 80)}</h1>
        ${lead(data)}
        <p class="quiet">As of ${moment(created_at)} · ${address === undefined
          ? portal.portal_hosts[0]
          : addressLink(address)}</p></header>
        ${contents(data)}
        <main id="content">
        ${overviewSection(data)}
        ${datasetsSection(data, portal)}
        ${organizationsSection(data)}
        ${repositoriesSection(data)}
        ${reachSection(data, portal)}
        ${usesSection(data)}
        ${kindsSection(data)}
        ${unusedSection(data, portal)}
        ${changesSection(data, portal)}
        ${deadSection(data)}
        ${apartSection(data)}
        ${portalsSection(data)}
        ${methodSection(data)}
        </main>
        <footer>Made by the open-data usage pipeline from public catalogues and public code. Titles and code are
        shown as their authors wrote them.</footer>
        </div></body>
    </html>
  `;
  return page.text;
}

function lead(data: ReportData): Html {
  const { datasets = 0, mentioned_datasets = 0, repositories = 0 } = data.figures;
  const first = data.organizations[0];
  const most = first === undefined ? null : html`
    The organization that most of them name is ${untrusted(first.title ?? first.name, 80)}.
  `;
  return html`
    <p class="lead">${mentioned_datasets === 0
      ? "No public code was found that mentions any"
      : `Public code mentions ${formatCount(mentioned_datasets)}`} of ${counted(
        datasets,
        "dataset",
      )}${mentioned_datasets === 0
      ? ""
      : ` (${percent(mentioned_datasets, datasets)}), in ${
        counted(repositories, "repository", "repositories")
      }`}.${most}</p>
  `;
}

function contents(data: ReportData): Html {
  const sections = [
    ["overview", "At a glance"],
    ["datasets", "Datasets"],
    ["organizations", "Organizations"],
    ["repositories", "Repositories"],
    ["reach", "Reach"],
    ["uses", "What for"],
    ["kinds", "How sure"],
    ["unused", "Not mentioned"],
    ["changes", "What changed"],
    ["missing", "Broken links"],
    ["apart", "Counted apart"],
    ...(data.portals.length > 1 ? [["portals", "Other portals"]] : []),
    ["method", "Method and limits"],
  ];
  return html`
    <nav aria-label="Contents">
      <ul>${sections.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul>
    </nav>
  `;
}

function overviewSection(data: ReportData): Html {
  const get = (name: string) => data.figures[name] ?? 0;
  const shares = [
    ["Datasets mentioned", "mentioned_datasets", "datasets"],
    ["Resources named", "mentioned_resources", "resources"],
    ["Organizations", "mentioned_organizations", "organizations"],
  ].map(([name, part, whole]) =>
    html`
      <div>
        <dd>${formatCount(get(part!))}<small>of ${formatCount(get(whole!))} · ${percent(
          get(part!),
          get(whole!),
        )}</small></dd>
        <dt>${name}</dt>
      </div>
    `
  );
  return html`
    <section id="overview"><h2>At a glance</h2>
    <dl class="figures">${shares}<div><dd>${formatCount(
      get("repositories"),
    )}<small>forks and mirrors not counted</small></dd><dt>Repositories</dt></div></dl>
    ${completeness(data)}
    ${trendPart(data)}</section>
  `;
}

function completeness(data: ReportData): Html {
  const { complete, reasons } = data.manifest;
  const queries = data.searches.reduce((sum, row) => sum + row.queries, 0);
  const answered = data.searches.filter((row) => row.status === "complete")
    .reduce((sum, row) => sum + row.queries, 0);
  const search = `${formatCount(answered)} of ${
    counted(queries, "query", "queries")
  } to the code search got a complete answer`;
  if (complete && answered === queries) {
    return html`
      <div class="box">
        <p><strong>How complete is this?</strong> Nothing is known to be missing: the
      whole catalogue was harvested, and ${search}. What the code search has not indexed cannot be found.</p>
      </div>
    `;
  }
  return html`
    <div class="box warn">
      <p><strong>How complete is this?</strong> Something is known to be missing;
    ${search}. The figures are the least that is so.</p>
      <ul>${reasons.slice(0, 20).map((reason) => html`<li>${untrusted(reason, 300)}</li>`)}</ul>
    </div>
  `;
}

function methodSection(data: ReportData): Html {
  const { config, created_at } = data.manifest;
  const left = data.figures.left_out_mentions ?? 0;
  return html`
    <section id="method"><h2>Method and limits</h2>
    <ol><li>The catalogue was harvested through its API, cleaned, and checked.</li>
    <li>The addresses of its resources were searched in public code.</li>
    <li>Every URL on every line that came back was compared with the whole catalogue and graded.</li>
    <li>Forks, mirrors of the catalogue and generic URLs were set apart; a place that several searches found counts
    once.</li></ol>
    <p><a href="mentions.md">How a mention is found and graded</a>, with examples of each kind, of what is not found,
    and of what “complete” means, stands in <code>mentions.md</code> beside this file.</p>
    <p>Read it as <strong>mentions, not uses</strong>: about 28 % of links in code are mere mentions (Wofford et al.
    2022), and use that leaves no address in public code is not seen at all: private code, spreadsheets, copies of
    the data, names put together at run time. Code searches index default branches and files of moderate size.
    A repository’s number of stars is what the code search last knew.${left === 0
      ? null
      : ` ${
        counted(left, "row")
      } that the search found name datasets that the catalogue no longer has; they are left out.`}</p>
    <h3>How to cite</h3>
    <p class="box">Mentions of ${untrusted(
      config.site.title,
      80,
    )} in public code, as of ${created_at
      .slice(0, 10)}. Snapshot <code>${data.snapshotName}</code>, SHA-256 <code>${data.manifest
      .sha256}</code>.</p>
    <h3>The data behind this report</h3>
    <p>Beside this file lie <code>exports/</code> (every table as CSV and Parquet), <code>graph/</code> (the
    same as a graph, GEXF and GraphML), <code>datapackage.json</code> (what each column means) and <code>final.db</code> (DuckDB). In CSV, a cell that a spreadsheet would take for a
    formula begins with an apostrophe. Titles are under the portal’s terms, lines of code under their
    repositories’ licences.${data.reach.wasAsked
      ? html`
        ${attribution()} Whoever publishes these counts or tables made of them names the source and keeps
            the licence.
      `
      : null}</p>
    ${table<SnapshotRow>("Snapshots this was made from", [
      { head: "Snapshot", cell: (row) => html`<code>${untrusted(row.file, 120)}</code>` },
      { head: "Made", cell: (row) => moment(row.created_at) },
      { head: "Complete", cell: (row) => row.is_complete ? "yes" : "no" },
      { head: "SHA-256", cell: (row) => html`<code>${row.sha256.slice(0, 16)}…</code>` },
    ], data.snapshots)}
    ${table<SearchRow>("How the queries to the code search ended", [
      { head: "Search", cell: (row) => row.backend },
      { head: "Status", cell: (row) => row.status ?? "unknown" },
      { head: "Reason", cell: (row) => untrusted(row.reason ?? "–", 200) },
      { head: "Queries", isNumber: true, cell: (row) => formatCount(row.queries) },
      {
        head: "When",
        cell: (row) => `${moment(row.first_started_at)} to ${moment(row.last_finished_at)}`,
      },
    ], data.searches)}</section>
  `;
}
