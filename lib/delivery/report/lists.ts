/**
 * The report's lists: datasets, organizations and repositories that are mentioned or mention, what is
 * counted apart, and what no repository mentions.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { barChart, table, type TableColumn } from "../../web/components.ts";
import { type Html, html, untrusted } from "../../web/html.ts";
import { countOrDash, labelFor, percent, plural } from "../../web/labels.ts";
import {
  datasetLink,
  kindColumns,
  numbers,
  placeLink,
  type Portal,
  repositoryLink,
} from "./cells.ts";
import type {
  DatasetRow,
  OrganizationRow,
  PairRow,
  ReportData,
  RepositoryRow,
  UnmentionedDataset,
} from "./data.ts";

/** The most mentioned datasets, each with places to look at first. */
export function datasetsSection(data: ReportData, portal: Portal): Html {
  return html`
    <section id="datasets"><h2>Most mentioned datasets</h2>
    <p>Repositories are counted once per dataset. A repository that mentions a dataset in two ways is
    in two of the columns on the right, so those columns do not add up.</p>
    ${data.datasets.length === 0
      ? html`<p>No mention of any dataset was found.</p>`
      : table<DatasetRow>("Datasets by number of repositories that mention them", [
        { head: "Dataset, and where to look first", cell: (row) => datasetCell(row, portal) },
        numbers("Repositories", (row) => row.repositories),
        ...kindColumns<DatasetRow>(),
      ], data.datasets)}
    <p class="note">All datasets: <code>exports/final_dataset_usage.csv</code>. Every mention with its
    line of code: <code>exports/final_mentions.csv</code>.</p></section>
  `;
}

function datasetCell(row: DatasetRow, portal: Portal): Html {
  const places = row.evidence.map((place) =>
    html`<span class="sub">${repositoryLink(place.repository)} · ${placeLink(place)}${
      place.made_from === null ? "" : ` (made from lines ${place.made_from})`
    }</span>`
  );
  return html`${datasetLink(portal, row)}<span class="sub">${
    untrusted(row.organization ?? "No organization", 80)
  } · ${plural(row.resources, "resource")}</span>${places}`;
}

/** The publishers whose data is mentioned most. */
export function organizationsSection(data: ReportData): Html {
  const name = (row: OrganizationRow) => row.title ?? row.name ?? row.organization_id;
  return html`
    <section id="organizations"><h2>Publishers</h2>
    ${barChart(
      "Share of an organization’s datasets that public code mentions",
      "The ten organizations that most repositories mention; the pale bar is all of their datasets.",
      "Organization",
      "Datasets mentioned",
      data.organizations.slice(0, 10).map((row) => ({
        label: untrusted(name(row), 60),
        value: row.mentioned_datasets / Math.max(1, row.datasets),
        of: 1,
        note: `${formatCount(row.mentioned_datasets)} of ${formatCount(row.datasets)} (${
          percent(row.mentioned_datasets, row.datasets)
        })`,
      })),
    )}
    ${data.organizations.length === 0
      ? null
      : table<OrganizationRow>("Organizations by number of repositories", [
        { head: "Organization", cell: (row) => untrusted(name(row), 90) },
        numbers("Datasets", (row) => row.datasets),
        numbers("Mentioned", (row) => row.mentioned_datasets),
        numbers("Repositories", (row) => row.repositories),
        ...kindColumns<OrganizationRow>(),
      ], data.organizations)}
    <p class="note">All rows: <code>exports/final_organization_usage.csv</code>.</p></section>
  `;
}

/** The repositories that mention most, and datasets that are mentioned together. */
export function repositoriesSection(data: ReportData): Html {
  return html`
    <section id="repositories"><h2>Repositories</h2>
    ${data.repositories.length === 0
      ? html`<p>No repository was found that mentions a dataset.</p>`
      : table(
        "Repositories by number of datasets they mention",
        repositoryColumns,
        data.repositories,
      )}
    <p class="note">All rows: <code>exports/final_repositories.csv</code>.</p>
    ${pairsPart(data)}</section>
  `;
}

const repositoryColumns: TableColumn<RepositoryRow>[] = [
  {
    head: "Repository, and its first mention",
    cell: (row) =>
      html`${repositoryLink(row.repository)}<span class="sub">${
        placeLink({ path: row.example_path ?? "", line_number: null, url: row.example_url })
      }</span>`,
  },
  numbers("Datasets", (row) => row.datasets),
  numbers("Mentions", (row) => row.mentions),
  { head: "Stars", isNumber: true, cell: (row) => countOrDash(row.stars) },
  { head: "Language", cell: (row) => untrusted(row.language ?? "–", 20) },
  { head: "Match kinds", cell: (row) => row.match_kinds.replaceAll("_", " ") },
  { head: "Kinds of use", cell: (row) => untrusted(row.kinds_of_use, 60) },
];

function pairsPart(data: ReportData): Html | null {
  if (data.pairs.length === 0) return null;
  return html`<h3>Datasets that are mentioned together</h3>
<p>Pairs that the same repository mentions. Repositories with more than 50 datasets are left out: they
say little about any pair.</p>
${
    table<PairRow>("Pairs of datasets by number of repositories", [
      { head: "Dataset", cell: (row) => untrusted(row.title ?? row.name ?? "–", 80) },
      {
        head: "Together with",
        cell: (row) => untrusted(row.other_title ?? row.other_name ?? "–", 80),
      },
      numbers("Repositories", (row) => row.repositories),
      { head: "For example", cell: (row) => repositoryLink(row.example_repository) },
    ], data.pairs)
  }`;
}

/** What is in no other figure, and why. */
export function countedApartSection(data: ReportData): Html {
  const columns = repositoryColumns.toSpliced(1, 0, {
    head: "Counted as",
    cell: (row) => labelFor("counted_as", row.counted_as),
  });
  const count = (name: string) => formatCount(data.figures[`${name}_repositories`] ?? 0);
  return html`
    <section id="counted_apart"><h2>Counted apart: forks, mirrors and generic URLs</h2>
    <p>In no other figure of this report: ${count(
      "fork",
    )} forks, which repeat their original (where the
    host does not say, a repository counts as a fork when another one has the same lines at the same
    places); ${count("mirror")} mirrors that list the catalogue rather than use it; ${count(
      "generic",
    )}
    repositories with only a generic URL, which has no path or is shared by many datasets.</p>
    ${data.countedApart.length === 0
      ? null
      : table("Repositories that are counted apart", columns, data.countedApart)}</section>
  `;
}

/** Datasets without a mention. */
export function unmentionedSection(data: ReportData, portal: Portal): Html {
  const { datasets = 0, mentioned_datasets = 0 } = data.figures;
  const unmentioned = datasets - mentioned_datasets;
  return html`
    <section id="unmentioned"><h2>Datasets without a mention</h2>
    <p>${plural(unmentioned, "dataset")} of ${formatCount(datasets)} (${percent(
      unmentioned,
      datasets,
    )}). That does not mean that they are not used: people open files in spreadsheets, programs stay
    private, and URLs are put together at run time.</p>
    ${barChart(
      "Datasets without a mention, by organization",
      "The pale bar is all of the organization’s datasets.",
      "Organization",
      "Datasets without a mention",
      data.unmentionedByOrganization.map((row) => ({
        label: untrusted(row.organization ?? "–", 60),
        value: row.unmentioned,
        of: row.datasets,
        note: `${formatCount(row.unmentioned)} of ${formatCount(row.datasets)}`,
      })),
    )}
    ${data.unmentioned.length === 0 ? null : table<UnmentionedDataset>(
      "Datasets without a mention that have most resources",
      [
        { head: "Dataset", cell: (row) => datasetLink(portal, row) },
        { head: "Organization", cell: (row) => untrusted(row.organization ?? "–", 60) },
        numbers("Resources", (row) => row.resources),
      ],
      data.unmentioned,
    )}
    <p class="note">All rows: <code>exports/final_unused_datasets.csv</code>.</p></section>
  `;
}
