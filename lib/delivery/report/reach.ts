/**
 * The report's section on packages that the repositories publish, and how many packages depend on
 * those.
 * @module
 */
import { barChart, keyFigure, table, type TableColumn } from "../../web/components.ts";
import { type Html, html, link, untrusted } from "../../web/html.ts";
import { countOrDash, labelFor } from "../../web/labels.ts";
import { packageAttribution } from "../../web/sources.ts";
import { datasetLink, numbers, type Portal } from "./cells.ts";
import type { KindReachRow, OrganizationReachRow, PackageRow, Reach, ReportData } from "./data.ts";

/** How far the data reaches through packages. */
export function reachSection(data: ReportData, portal: Portal): Html {
  return html`
    <section id="reach"><h2>Reach through packages</h2>
    ${data.reach.isKnown ? reachContent(data, portal) : html`
      <p>Not known: stages 06 to 08, which find the packages that the repositories publish and their
      dependents, did not run. They are optional; <code>deno task pipeline</code> runs them.</p>
    `}</section>
  `;
}

function reachContent({ reach, figures }: ReportData, portal: Portal): Html {
  const explanation = html`
    <p>A dataset that one library uses can reach many projects. For each repository that mentions data:
    the packages whose record in the package index points back to it, and how many other packages depend
    on those. A package that depends on such a library need not use the data itself.</p>
  `;
  if (reach.packages.length === 0) {
    return html`
      ${explanation}
      <p>None of the repositories was found to publish a package.</p>
      <p class="note">${packageAttribution()}</p>
    `;
  }
  const shown = [
    ["packages", "Packages", "of repositories that mention data"],
    ["largest_package_dependents", "Dependents of the largest", "packages that depend on this one"],
    ["dependent_packages_sum", "Dependents of all, at most", "a dependent of two counts twice"],
  ].flatMap(([name, label, remark]) => {
    const value = figures[name!];
    return value === undefined ? [] : [keyFigure(value, label!, remark)];
  });
  return html`
    ${explanation}<dl class="figures">${shown}</dl>
    ${barChart(
      "Datasets with the largest reach",
      "Packages that depend on the largest package of a repository that mentions the dataset.",
      "Dataset",
      "Dependents",
      reach.datasets.slice(0, 10).map((row) => ({
        label: datasetLink(portal, row),
        value: row.dependent_packages_largest ?? 0,
        note: countOrDash(row.dependent_packages_largest),
      })),
    )}
    ${table<KindReachRow>("Reach by kind of match; the rows overlap", [
      { head: "Kind", cell: kindLabel },
      numbers("Datasets", (row) => row.datasets),
      numbers("With a package", (row) => row.datasets_with_packages),
      {
        head: "Dependents of the largest",
        isNumber: true,
        cell: (row) => countOrDash(row.dependent_packages_largest),
      },
    ], reach.kinds)}
    ${table<OrganizationReachRow>("Reach by organization", [
      { head: "Organization", cell: (row) => untrusted(row.title, 90) },
      ...reachColumns,
    ], reach.organizations)}
    ${table<PackageRow>("Packages of these repositories, most dependents first", [
      { head: "Package", cell: (row) => link(row.registry_url, untrusted(row.name, 80)) },
      { head: "Ecosystem", cell: (row) => row.ecosystem },
      {
        head: "Dependent packages",
        isNumber: true,
        cell: (row) => countOrDash(row.dependent_packages_count),
      },
      numbers("Repositories", (row) => row.repositories),
      numbers("Datasets", (row) => row.datasets),
    ], reach.packages)}
    <p class="note">All rows: <code>exports/final_dataset_reach.csv</code>,
    <code>final_organization_reach.csv</code>, <code>final_packages.csv</code>. ${packageAttribution()}</p>
  `;
}

const reachColumns: TableColumn<Reach>[] = [
  numbers("Repositories", (row) => row.repositories),
  { head: "Stars", isNumber: true, cell: (row) => countOrDash(row.stars) },
  numbers("Packages", (row) => row.packages),
  { head: "Largest package", cell: (row) => untrusted(row.largest_package ?? "–", 60) },
  {
    head: "Its dependents",
    isNumber: true,
    cell: (row) => countOrDash(row.dependent_packages_largest),
  },
  {
    head: "Sum over packages",
    isNumber: true,
    cell: (row) => countOrDash(row.dependent_packages_sum),
  },
];

function kindLabel(row: KindReachRow): string {
  return row.counted_as === "original"
    ? labelFor("match_kind", row.match_kind)
    : `Counted apart: ${labelFor("counted_as", row.counted_as).toLowerCase()}`;
}
