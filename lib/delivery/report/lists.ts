import { formatCount } from "../../cli/progress.ts";
import { type Html, html, untrusted } from "../../web/html.ts";
import type {
  DatasetRow,
  OrganizationRow,
  PairRow,
  ReportData,
  RepositoryRow,
  UnusedDataset,
  UnusedOrganization,
} from "./rows.ts";
import {
  counted,
  datasetLink,
  figure,
  kindColumns,
  percent,
  placeLink,
  type Portal,
  repositoryLink,
  table,
  type TableColumn,
} from "./components.ts";

/** The report's lists: datasets, organizations, repositories, and what nobody mentions. */

export function datasetsSection(data: ReportData, portal: Portal): Html {
  const columns: TableColumn<DatasetRow>[] = [
    { head: "Dataset, and where to look first", cell: (row) => datasetCell(row, portal) },
    { head: "Reposi\u00adtories", isNumber: true, cell: (row) => formatCount(row.repositories) },
    ...kindColumns<DatasetRow>(),
  ];
  return html`
    <section id="datasets"><h2>The datasets that code mentions most</h2>
    <p>Counted are distinct repositories. A repository that mentions a dataset in two ways stands in two of the
    columns on the right, and once in the first: the columns do not add up, and are not meant to.</p>
    ${data.datasets.length === 0
      ? html`<p>No dataset was found to be mentioned.</p>`
      : table("Datasets by number of repositories that mention them", columns, data.datasets)}
    <p class="note">All datasets: <code>exports/final_dataset_usage.csv</code>. Every place with its line of code:
    <code>exports/final_mentions.csv</code>.</p></section>
  `;
}

function datasetCell(row: DatasetRow, portal: Portal): Html {
  const places = row.evidence.map((place) =>
    html`<span class="sub">${repositoryLink(place.repository)} · ${placeLink(place)}</span>`
  );
  return html`${datasetLink(portal, row)}<span class="sub">${
    untrusted(row.organization ?? "No organization", 80)
  } · ${counted(row.resources, "resource")}</span>${places}`;
}

export function organizationsSection(data: ReportData): Html {
  const name = (row: OrganizationRow) => row.title ?? row.name ?? row.organization_id;
  const columns: TableColumn<OrganizationRow>[] = [
    { head: "Organization", cell: (row) => untrusted(name(row), 90) },
    { head: "Data\u00adsets", isNumber: true, cell: (row) => formatCount(row.datasets) },
    {
      head: "of these mentioned",
      isNumber: true,
      cell: (row) => `${formatCount(row.mentioned_datasets)}`,
    },
    { head: "Reposi\u00adtories", isNumber: true, cell: (row) => formatCount(row.repositories) },
    ...kindColumns<OrganizationRow>(),
  ];
  const top = data.organizations.slice(0, 10);
  return html`
    <section id="organizations"><h2>Whose data it is</h2>
    ${figure(
      "Share of an organization’s datasets that code mentions",
      "The ten organizations that most repositories mention; pale is all of their datasets.",
      top.map((row) => ({
        label: name(row),
        value: row.mentioned_datasets / Math.max(1, row.datasets),
        of: 1,
        note: `${formatCount(row.mentioned_datasets)} of ${formatCount(row.datasets)}`,
      })),
      [columns[0]!, columns[1]!, columns[2]!, {
        head: "Share",
        isNumber: true,
        cell: (row: OrganizationRow) => percent(row.mentioned_datasets, row.datasets),
      }],
      top,
    )}
    ${data.organizations.length === 0
      ? null
      : table("Organizations by number of repositories", columns, data.organizations)}
    <p class="note">All of them: <code>exports/final_organization_usage.csv</code>.</p></section>
  `;
}

export function repositoriesSection(data: ReportData): Html {
  return html`
    <section id="repositories"><h2>Who mentions the data</h2>
    ${data.repositories.length === 0
      ? html`<p>No repository was found that mentions the catalogue’s data.</p>`
      : table(
        "Repositories by number of datasets they mention",
        repositoryColumns,
        data.repositories,
      )}
    <p class="note">All of them: <code>exports/final_repositories.csv</code>.</p>
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
  { head: "Data\u00adsets", isNumber: true, cell: (row) => formatCount(row.datasets) },
  { head: "Places", isNumber: true, cell: (row) => formatCount(row.mentions) },
  {
    head: "Stars",
    isNumber: true,
    cell: (row) => row.stars === null ? "–" : formatCount(row.stars),
  },
  { head: "Language", cell: (row) => untrusted(row.language ?? "–", 20) },
  { head: "How", cell: (row) => row.match_kinds.replaceAll("_", " ") },
  { head: "In", cell: (row) => untrusted(row.kinds_of_use, 60) },
];

function pairsPart(data: ReportData): Html | null {
  if (data.pairs.length === 0) return null;
  const shared = Object.fromEntries(
    ["", "other_"].map((
      prefix,
    ) => [prefix, (row: PairRow) =>
      untrusted(
        (prefix === "" ? row.title ?? row.name : row.other_title ?? row.other_name) ?? "–",
        80,
      )]
    ),
  );
  return html`<h3>Datasets that are mentioned together</h3>
<p>Pairs that the same repository mentions; repositories with more than 50 datasets are left out, as they say
little about any pair.</p>
${
    table("Pairs of datasets by number of repositories", [
      { head: "Dataset", cell: shared[""]! },
      { head: "together with", cell: shared["other_"]! },
      { head: "Reposi\u00adtories", isNumber: true, cell: (row) => formatCount(row.repositories) },
      { head: "One of them", cell: (row) => repositoryLink(row.example_repository) },
    ], data.pairs)
  }`;
}

export function apartSection(data: ReportData): Html {
  const names: Record<string, string> = {
    fork: "fork",
    catalogue_mirror: "mirror of the catalogue",
    generic: "generic URL only",
  };
  const columns = [...repositoryColumns];
  columns.splice(1, 0, {
    head: "Why apart",
    cell: (row) => names[row.counted_as] ?? row.counted_as,
  });
  const count = (name: string) => data.figures[`${name}_repositories`] ?? 0;
  return html`
    <section id="apart"><h2>Counted apart: forks, mirrors and generic URLs</h2>
        <p>${counted(
          count("fork"),
          "repository is a fork",
          "repositories are forks",
        )} and repeat what the original says
    (where nobody tells, one that holds the same lines at the same places as another counts as its fork). ${counted(
      count("mirror"),
      "repository lists",
      "repositories list",
    )} the catalogue rather than use it: link collections, dumps, copies of the metadata. ${counted(
      count("generic"),
      "repository has",
      "repositories have",
    )} a URL without a path, or one that many datasets share; what else they mention counts. All of this is in no
    other figure of this report.</p>
        ${data.apart.length === 0
          ? null
          : table("Repositories that are counted apart", columns, data.apart)}</section>
  `;
}

export function unusedSection(data: ReportData, portal: Portal): Html {
  const { datasets = 0, mentioned_datasets = 0 } = data.figures;
  const unused = datasets - mentioned_datasets;
  return html`
    <section id="unused"><h2>Datasets that nobody was found to mention</h2>
    <p>${counted(unused, "dataset")} of ${formatCount(datasets)} (${percent(
      unused,
      datasets,
    )}). That no public code
    mentions a dataset does not mean that nobody uses it: people open files in spreadsheets, programs stay
    private, and addresses are put together at run time.</p>
    ${figure<UnusedOrganization>(
      "Unmentioned datasets by organization",
      "Pale is all of an organization’s datasets.",
      data.unusedByOrganization.map((row) => ({
        label: row.organization ?? "–",
        value: row.unused,
        of: row.datasets,
        note: `${formatCount(row.unused)} of ${formatCount(row.datasets)}`,
      })),
      [
        { head: "Organization", cell: (row) => untrusted(row.organization ?? "–", 90) },
        { head: "Unmentioned", isNumber: true, cell: (row) => formatCount(row.unused) },
        { head: "Datasets", isNumber: true, cell: (row) => formatCount(row.datasets) },
      ],
      data.unusedByOrganization,
    )}
    ${data.unused.length === 0 ? null : table<UnusedDataset>(
      "Unmentioned datasets with most resources",
      [
        { head: "Dataset", cell: (row) => datasetLink(portal, row) },
        { head: "Organization", cell: (row) => untrusted(row.organization ?? "–", 60) },
        { head: "Resources", isNumber: true, cell: (row) => formatCount(row.resources) },
      ],
      data.unused,
    )}
    <p class="note">All of them: <code>exports/final_unused_datasets.csv</code>.</p></section>
  `;
}
