import type { List } from "./list.ts";

/** Lists of what comes after a mention: packages and their dependents, and what is broken. */

const REACH = `match_kind, counted_as, repositories, stars, packages, largest_package,
  dependent_packages_largest, dependent_packages_sum`;

export const PACKAGES: List = {
  name: "packages",
  heading: "Packages",
  one: "package",
  about: "Packages that the repositories publish, those that most packages depend on first. Only " +
    "of a confirmed one, whose record points back to its repository, are dependents given.",
  table: ({ packages }) => packages,
  file: "final_packages",
  select: `ecosystem, name, is_confirmed, counted_as, registry_url, description, repositories,
    datasets, dependent_packages_count, dependent_repos_count`,
  selectForFiles: `is_declared, registry, licenses, status, latest_release_number, organizations,
    downloads, downloads_period, average_ranking, latest_release_published_at`,
  facets: { ecosystem: "Ecosystem", is_confirmed: "Confirmed", counted_as: "Counted as" },
  hasPackageData: true,
};

export const DEAD_REFERENCES: List = {
  name: "dead_references",
  heading: "Broken links",
  one: "broken link",
  about:
    "Addresses in public code whose dataset or resource the catalogue has not, or has not any " +
    "more: what is missing in most places first. An incomplete harvest makes things seem missing.",
  table: ({ deadReferences }) => deadReferences,
  file: "final_dead_references",
  select: `url_in_code, repository, path, line_number, url, names, missing, dataset_id,
    dataset_title, last_in_catalogue_at, gone_since`,
  selectForFiles: "seen_at",
  facets: { names: "What is missing", was_known: "In an earlier catalogue" },
};

const reachOf = (thing: "dataset" | "organization"): List => ({
  name: `${thing}_reach`,
  heading: `Reach of ${thing}s`,
  one: "row",
  about: `How far the data of each ${thing} reaches through packages of the repositories that ` +
    "mention it. A kind of match has a row of its own; the kinds are no parts of “any”.",
  table: (things) => things[`${thing}Reach`],
  known: (things, row) => {
    const column = things[`${thing}Reach`].columns[`${thing}_id`]!;
    return "labelAt" in column ? { [thing]: column.labelAt(row) } : {};
  },
  file: `final_${thing}_reach`,
  select: `${thing}_id, ${REACH}`,
  facets: { match_kind: "Match kind", counted_as: "Counted as" },
  hasPackageData: true,
});

export const DATASET_REACH = reachOf("dataset");
export const ORGANIZATION_REACH = reachOf("organization");
