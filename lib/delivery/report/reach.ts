import { type Html, html, link, untrusted } from "../../web/html.ts";
import { PACKAGE_DATA } from "../../web/package_data.ts";
import { formatCount } from "../../cli/progress.ts";
import {
  type KindReachRow,
  type OrganizationReachRow,
  type PackageRow,
  type Reach,
  type ReachData,
} from "./reach_data.ts";
import {
  datasetLink,
  figure,
  KIND_NAMES,
  type Portal,
  table,
  type TableColumn,
} from "./components.ts";
import type { ReportData } from "./rows.ts";

/** The report's section on packages that the repositories publish, and who depends on those. */

export function reachSection(data: ReportData, portal: Portal): Html {
  return html`
    <section id="reach"><h2>How far the data reaches</h2>
    ${data.reach.wasAsked ? reachPart(data, portal) : html`
      <p>It was not asked: stages 06 to 08, which ask which packages the repositories publish and who depends on
      them, did not run. They are optional; <code>deno task pipeline</code> runs them.</p>
    `}</section>
  `;
}

/** Whose data the counts of packages are, and under which licence. */
export function attribution(): Html {
  return html`
    Package data: ${link(PACKAGE_DATA.path, PACKAGE_DATA.title)}, licence
    ${link(
      PACKAGE_DATA.licence.path,
      "CC BY-SA 4.0",
    )}, joined here with the repositories that mention data.
  `;
}

function reachPart({ reach, figures }: ReportData, portal: Portal): Html {
  const explanation = html`
    <p>A dataset that one library uses can feed many projects. For each repository that mentions data: the packages
    whose record in the package index points back to it, and how many other packages depend on those. A package that
    depends on such a library need not use the data itself.</p>
  `;
  if (reach.packages.length === 0) {
    return html`
      ${explanation}
      <p>None of the repositories was found to publish a package.</p>
      <p class="note">${attribution()}</p>
    `;
  }
  const shown = [
    ["packages", "Packages", "of repositories that mention data"],
    ["largest_package_dependents", "Dependents of the largest", "packages that depend on this one"],
    ["dependent_packages_sum", "Dependents of all, at most", "who depends on two is in it twice"],
  ].flatMap(([name, head, note]) => {
    const value = figures[name!];
    return value === undefined ? [] : [
      html`
        <div>
          <dd>${formatCount(value)}<small>${note}</small></dd>
          <dt>${head}</dt>
        </div>
      `,
    ];
  });
  return html`
    ${explanation}<dl class="figures">${shown}</dl>
    <div class="pairs">${datasetsFigure(reach, portal)}<div>
    ${table<KindReachRow>("Reach by kind of mention; the rows overlap", [
      { head: "Kind", cell: kindName },
      { head: "Data\u00adsets", isNumber: true, cell: (row) => formatCount(row.datasets) },
      {
        head: "with a package",
        isNumber: true,
        cell: (row) => formatCount(row.datasets_with_packages),
      },
      {
        head: "Depen\u00addents of the largest",
        isNumber: true,
        cell: (row) => known(row.dependent_packages_largest),
      },
    ], reach.kinds)}</div></div>
    ${table<OrganizationReachRow>("Reach by organization", [
      { head: "Organization", cell: (row) => untrusted(row.title, 90) },
      ...reachColumns,
    ], reach.organizations)}
    ${table<PackageRow>("Packages of these repositories, most depended on first", [
      { head: "Package", cell: (row) => link(row.registry_url, untrusted(row.name, 80)) },
      { head: "Kind", cell: (row) => row.ecosystem },
      { head: "Packages that depend on it", isNumber: true, cell: dependents },
      { head: "Reposi\u00adtories", isNumber: true, cell: (row) => formatCount(row.repositories) },
      { head: "Data\u00adsets", isNumber: true, cell: (row) => formatCount(row.datasets) },
    ], reach.packages)}
    <p class="note">All of them: <code>exports/final_dataset_reach.csv</code>,
    <code>final_organization_reach.csv</code>, <code>final_packages.csv</code>. ${attribution()}</p>
  `;
}

const reachColumns: TableColumn<Reach>[] = [
  { head: "Reposi\u00adtories", isNumber: true, cell: (row) => formatCount(row.repositories) },
  { head: "Stars", isNumber: true, cell: (row) => known(row.stars) },
  { head: "Pack\u00adages", isNumber: true, cell: (row) => formatCount(row.packages) },
  { head: "Largest package", cell: (row) => untrusted(row.largest_package ?? "–", 60) },
  {
    head: "Its depen\u00addents",
    isNumber: true,
    cell: (row) => known(row.dependent_packages_largest),
  },
  {
    head: "Sum over packages",
    isNumber: true,
    cell: (row) => known(row.dependent_packages_sum),
  },
];

function datasetsFigure(reach: ReachData, portal: Portal): Html {
  return figure(
    "Datasets that reach furthest",
    "Packages that depend on the largest single package of a repository that mentions the dataset.",
    reach.datasets.slice(0, 10).map((row) => ({
      label: row.title ?? row.name ?? "Without a title",
      value: row.dependent_packages_largest ?? 0,
      note: known(row.dependent_packages_largest),
    })),
    [{ head: "Dataset", cell: (row) => datasetLink(portal, row) }, ...reachColumns],
    reach.datasets,
  );
}

function dependents(row: PackageRow): string {
  return known(row.dependent_packages_count);
}

/** What nobody tells is no zero. */
function known(count: number | null): string {
  return count === null ? "–" : formatCount(count);
}

const APART: Record<string, string> = {
  fork: "Apart: forks",
  catalogue_mirror: "Apart: mirrors of the catalogue",
  generic: "Apart: generic URLs",
};

function kindName(row: KindReachRow): string {
  if (row.counted_as !== "original") return APART[row.counted_as] ?? row.counted_as;
  return row.match_kind === "any" ? "Any kind" : KIND_NAMES[row.match_kind] ?? row.match_kind;
}
