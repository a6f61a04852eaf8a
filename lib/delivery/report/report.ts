/**
 * The report: one HTML file without scripts that loads nothing, so that it can be mailed and opened
 * anywhere.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { basisOf, keyFigure, repositoriesNote, table } from "../../web/components.ts";
import { Html, html, link, untrusted } from "../../web/html.ts";
import { moment, percent, plural } from "../../web/labels.ts";
import { packageAttribution, portalPage } from "../../web/sources.ts";
import { distributionChart, kindsSection, usesSection } from "./breakdowns.ts";
import { brokenLinksSection } from "./broken_links.ts";
import type { Portal } from "./cells.ts";
import { changesSection } from "./changes.ts";
import type { ReportData, SearchRow, SnapshotRow } from "./data.ts";
import {
  countedApartSection,
  datasetsSection,
  organizationsSection,
  repositoriesSection,
  unmentionedSection,
} from "./lists.ts";
import { newMentionsSection } from "./new_mentions.ts";
import { portalsSection } from "./portals.ts";
import { reachSection } from "./reach.ts";
import { sourcesSection } from "./sources.ts";
import { REPORT_STYLE } from "./style.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
  "base-uri 'none'; form-action 'none'";

/** The report as text. */
export function renderReport(data: ReportData): string {
  const portal: Portal = data.manifest.config.site;
  const address = portalPage(portal);
  const page = html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${POLICY}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>Who uses the data of ${portal.title}</title>
        ${new Html(`<style>${REPORT_STYLE}</style>`)}
      </head>
      <body><a class="skip" href="#content">Skip to the content</a><div class="page">
        <header><p class="kicker">Open data in public code</p>
        <h1>Who uses the data of ${untrusted(portal.title, 80)}</h1>
        ${lead(data)}
        ${basisOf(basisData(data))}
        <p class="quiet">Portal: ${address === undefined
          ? portal.portal_hosts[0]
          : link(address, untrusted(address, 80))}</p></header>
        ${contents(data)}
        <main id="content">
        ${overviewSection(data)}
        ${newMentionsSection(data, portal)}
        ${datasetsSection(data, portal)}
        ${organizationsSection(data)}
        ${repositoriesSection(data)}
        ${reachSection(data, portal)}
        ${usesSection(data)}
        ${kindsSection(data)}
        ${unmentionedSection(data, portal)}
        ${changesSection(data, portal)}
        ${brokenLinksSection(data)}
        ${countedApartSection(data)}
        ${sourcesSection(data)}
        ${portalsSection(data)}
        ${methodSection(data)}
        </main>
        <footer>Made by the open-data usage pipeline from public catalogues and public code. Titles and
        code are shown as their authors wrote them.</footer>
        </div></body>
    </html>
  `;
  return page.text;
}

function basisData(data: ReportData) {
  const { manifest, searches, figures } = data;
  const sum = (rows: SearchRow[]) => rows.reduce((total, row) => total + row.queries, 0);
  return {
    title: manifest.config.site.title,
    datasets: figures.datasets ?? 0,
    createdAt: manifest.created_at,
    backends: [...new Set(searches.map((row) => row.backend))],
    sources: data.coverage,
    queries: sum(searches),
    completeQueries: sum(searches.filter((row) => row.status === "complete")),
    isComplete: manifest.complete,
    reasons: manifest.reasons,
  };
}

function lead(data: ReportData): Html {
  const { datasets = 0, mentioned_datasets = 0, repositories = 0 } = data.figures;
  const [first] = data.organizations;
  const most = first === undefined ? null : html`
    The most mentioned publisher is ${untrusted(first.title ?? first.name, 80)}.
  `;
  const text = mentioned_datasets === 0
    ? `No mention of the ${plural(datasets, "dataset")} was found in public code.`
    : `Public code mentions ${formatCount(mentioned_datasets)} of ${plural(datasets, "dataset")} (${
      percent(mentioned_datasets, datasets)
    }), in ${plural(repositories, "repository")}.`;
  return html`<p class="lead">${text}${most}</p>`;
}

function contents(data: ReportData): Html {
  const sections = [
    ["overview", "Overview"],
    ...(data.newMentions === undefined ? [] : [["new", "New"]]),
    ["datasets", "Datasets"],
    ["organizations", "Publishers"],
    ["repositories", "Repositories"],
    ["reach", "Reach"],
    ["uses", "Kind of use"],
    ["kinds", "Match confidence"],
    ["unmentioned", "Without a mention"],
    ["changes", "Changes"],
    ["broken_links", "Broken links"],
    ["counted_apart", "Counted apart"],
    ...(data.coverage.length > 0 ? [["sources", "Sources of code"]] : []),
    ...(data.portals.length > 1 ? [["portals", "Other portals"]] : []),
    ["method", "Method and limits"],
  ];
  return html`
    <nav aria-label="Contents">
      <ul>${sections.map(([id, name]) =>
        html`
          <li><a href="#${id}">${name}</a></li>
        `
      )}</ul>
    </nav>
  `;
}

function overviewSection(data: ReportData): Html {
  const get = (name: string) => data.figures[name] ?? 0;
  const shares = [
    ["Datasets mentioned", "mentioned_datasets", "datasets"],
    ["Resources mentioned by URL or id", "mentioned_resources", "resources"],
    ["Organizations with a mentioned dataset", "mentioned_organizations", "organizations"],
  ].map(([label, part, total]) =>
    keyFigure(
      get(part!),
      label!,
      `of ${formatCount(get(total!))} · ${percent(get(part!), get(total!))}`,
    )
  );
  return html`
    <section id="overview"><h2>Overview</h2>
    <dl class="figures">${shares}${keyFigure(
      get("repositories"),
      "Repositories",
      repositoriesNote(get),
    )}</dl>
    ${distributionChart(data.breakdowns)}
    ${trend(data)}</section>
  `;
}

/** What changed since the search before, where there was one. */
function trend({ trend }: ReportData): Html | null {
  const { kept = 0, gone = 0 } = trend;
  const added = trend.new ?? 0;
  if (kept + gone + added === 0) return null;
  return html`
    <p>Since the earlier searches: ${plural(
      added,
      "pair",
    )} of dataset and repository new, ${formatCount(gone)} gone, ${formatCount(
      kept,
    )} kept. Code searches do not always return the same: a pair that is gone may
    come back.</p>
  `;
}

function methodSection(data: ReportData): Html {
  const { config, created_at, sha256 } = data.manifest;
  const left = data.figures.left_out_mentions ?? 0;
  return html`
    <section id="method"><h2>Method and limits</h2>
    <ol><li>The catalogue was harvested through its API, cleaned, and checked.</li>
    <li>The URLs of its resources were searched in public code.</li>
    <li>Every URL on every line found was compared with the entire catalogue and graded.</li>
    <li>Forks, mirrors of the catalogue and generic URLs were set apart; a place that several searches
    found counts once.</li></ol>
    <p><a href="mentions.md">How a mention is found and graded</a>, with examples of each kind, of what is
    not found, and of what “complete” means, is in <code>mentions.md</code> beside this file.</p>
    <p>Read the figures as <strong>mentions, not uses</strong>: about 28 % of links in code are only
    mentions (Wofford et al. 2022), and use without a URL in public code is not seen at all: private code,
    spreadsheets, copies of the data, names put together at run time. Code searches index default
    branches and files of moderate size. A repository’s number of stars is what the code search last
    knew.${left === 0
      ? null
      : ` ${plural(left, "row")} of the search ${
        left === 1 ? "names a dataset" : "name datasets"
      } that are no longer in the catalogue and are left out.`}</p>
    <h3>How to cite</h3>
    <p class="box">Mentions of ${untrusted(
      config.site.title,
      80,
    )} in public code, as of ${created_at.slice(0, 10)}. Snapshot <code>${data
      .snapshotName}</code>, SHA-256 <code>${sha256}</code>.</p>
    <h3>The data behind this report</h3>
    <p>Beside this file: <code>exports/</code> (every table as CSV and Parquet), <code>graph/</code> (the
    same as a graph, GEXF and GraphML), <code>datapackage.json</code> (the meaning of each column) and
    <code>final.db</code> (DuckDB). In CSV, a cell that a spreadsheet would take for a formula begins with
    an apostrophe. Titles are under the portal’s terms, lines of code under their repositories’
    licences.${data.reach.isKnown
      ? html`
        ${packageAttribution()} If you publish these counts, or tables made from them, name the source
              and keep the licence.
      `
      : null}</p>
    ${table<SnapshotRow>("Snapshots this report was made from", [
      { head: "Snapshot", cell: (row) => html`<code>${untrusted(row.file, 120)}</code>` },
      { head: "Created", cell: (row) => moment(row.created_at) },
      { head: "Complete", cell: (row) => row.is_complete ? "yes" : "no" },
      { head: "SHA-256", cell: (row) => html`<code>${row.sha256.slice(0, 16)}…</code>` },
    ], data.snapshots)}
    ${table<SearchRow>("How the queries to the code search ended", [
      { head: "Search", cell: (row) => row.backend },
      { head: "Status", cell: (row) => row.status ?? "unknown" },
      { head: "Reason", cell: (row) => untrusted(row.reason ?? "–", 200) },
      { head: "Queries", isNumber: true, cell: (row) => formatCount(row.queries) },
      {
        head: "Time",
        cell: (row) => `${moment(row.first_started_at)} to ${moment(row.last_finished_at)}`,
      },
    ], data.searches)}</section>
  `;
}
