import { html, link, type Part, untrusted } from "../web/html.ts";
import { formatCount } from "../cli/progress.ts";
import { idAddress, pageAddress, topicAddress } from "./addresses.ts";
import { changedThing, changedValues } from "./list_of_changes.ts";
import { codePlace, deadPlace, kindBadge } from "./mention_parts.ts";
import { MATCH_KINDS, timeCell, wordFor } from "../web/labels.ts";

/** How the rows of each list look in a table. */

// deno-lint-ignore no-explicit-any
type Row = Record<string, any>;

/** A column: its head, its cell, and the columns of the row that it shows. */
export interface Column {
  head: string;
  /** The row's column, so that a page about one dataset can leave the dataset out. */
  name: string;
  cell: (row: Row, site: string) => Part;
  isNumber?: boolean;
}

const number = (head: string, name: string): Column => ({
  head,
  name,
  isNumber: true,
  cell: (row) => typeof row[name] === "number" ? formatCount(row[name]) : "–",
});

const word = (head: string, name: string): Column => ({
  head,
  name,
  cell: (row) => untrusted(wordFor(name, row[name] ?? "Not known"), 40),
});

const DATASET: Column = {
  head: "Dataset",
  name: "dataset_id",
  cell: (row, site) =>
    row.dataset_id === null ? "–" : html`
      <a href="${idAddress(site, "dataset", row.dataset_id)}">${untrusted(
        row.dataset ?? row.title ?? row.dataset_id,
      )}</a>
    `,
};

const REPOSITORY: Column = {
  head: "Repository",
  name: "repository",
  cell: (row, site) =>
    html`
      <a href="${pageAddress(site, "repository", row.repository)}">${untrusted(
        row.repository,
        80,
      )}</a>
    `,
};

const ORGANIZATION: Column = {
  head: "Organization",
  name: "organization_id",
  cell: (row, site) =>
    row.organization_id === null ? "–" : html`
      <a href="${idAddress(site, "organization", row.organization_id)}">${untrusted(
        row.organization ?? row.title ?? row.organization_id,
        80,
      )}</a>
    `,
};

/** The six kinds side by side; never added up. */
const KINDS: Column[] = Object.entries(MATCH_KINDS).map(([kind, head]) =>
  number(head, `${kind}_repositories`)
);

const MENTION: Column = {
  head: "Place in the code",
  name: "mention_id",
  cell: (row, site) => codePlace(row as Parameters<typeof codePlace>[0], site),
};

const REACH: Column[] = [
  word("Match kind", "match_kind"),
  number("Repositories", "repositories"),
  number("Packages", "packages"),
  {
    head: "Largest package",
    name: "largest_package",
    cell: (row) => row.largest_package === null ? "–" : untrusted(row.largest_package, 60),
  },
  number("Packages that depend on it", "dependent_packages_largest"),
  word("Counted as", "counted_as"),
];

/** The columns of each list. */
export const COLUMNS: Record<string, Column[]> = {
  datasets: [
    DATASET,
    ORGANIZATION,
    number("Resources", "resources"),
    number("Repositories", "repositories"),
    ...KINDS,
  ],
  organizations: [
    ORGANIZATION,
    number("Datasets", "datasets"),
    number("Mentioned", "mentioned_datasets"),
    number("Repositories", "repositories"),
    ...KINDS,
  ],
  repositories: [
    REPOSITORY,
    word("Language", "language"),
    number("Stars", "stars"),
    number("Datasets", "datasets"),
    number("Mentions", "mentions"),
    {
      head: "Match kinds",
      name: "match_kinds",
      cell: (row) => words("match_kind", row.match_kinds),
    },
    {
      head: "Kinds of use",
      name: "kinds_of_use",
      cell: (row) => words("kind_of_use", row.kinds_of_use),
    },
    word("Counted as", "counted_as"),
  ],
  topics: [
    {
      head: "Topic",
      name: "topic",
      cell: (row, site) =>
        html`
          <a href="${topicAddress(site, row.topic_kind, row.topic)}">${untrusted(row.topic, 80)}</a>
        `,
    },
    word("Kind", "topic_kind"),
    number("Datasets", "datasets"),
    number("Mentioned", "mentioned_datasets"),
    number("Repositories", "repositories"),
    ...KINDS,
  ],
  resources: [
    {
      head: "Resource",
      name: "resource_id",
      cell: (row, site) =>
        html`
          <a href="${idAddress(site, "resource", row.resource_id)}">${untrusted(
            row.name ?? row.url,
            80,
          )}</a>
        `,
    },
    DATASET,
    { head: "Format", name: "format", cell: (row) => untrusted(row.format ?? "Not stated", 20) },
    { head: "URL", name: "url", cell: (row) => link(row.url, untrusted(row.url, 60)) },
    number("Repositories", "repositories"),
  ],
  mentions: [
    MENTION,
    DATASET,
    { head: "Match kind", name: "match_kind", cell: (row) => kindBadge(row.match_kind) },
    word("Kind of use", "kind_of_use"),
    word("Language", "language"),
    word("Counted as", "counted_as"),
  ],
  pairs: [
    REPOSITORY,
    DATASET,
    { head: "Match kind", name: "match_kind", cell: (row) => kindBadge(row.match_kind) },
    number("Mentions", "mentions"),
    word("Counted as", "counted_as"),
  ],
  packages: [
    {
      head: "Package",
      name: "name",
      cell: (row) =>
        html`${link(row.registry_url, untrusted(row.name, 80))} <span class="sub">${
          untrusted(row.description, 140)
        }</span>`,
    },
    word("Ecosystem", "ecosystem"),
    {
      head: "Confirmed",
      name: "is_confirmed",
      cell: (row) => row.is_confirmed ? "Yes" : "No",
    },
    number("Packages that depend on it", "dependent_packages_count"),
    number("Repositories that depend on it", "dependent_repos_count"),
    number("Repositories", "repositories"),
    number("Datasets", "datasets"),
    word("Counted as", "counted_as"),
  ],
  dead_references: [
    {
      head: "Address in the code",
      name: "url_in_code",
      cell: (row, site) => deadPlace(row as Parameters<typeof deadPlace>[0], site),
    },
    word("What is missing", "names"),
    {
      head: "In the catalogue until",
      name: "last_in_catalogue_at",
      cell: (row) => row.last_in_catalogue_at === null ? "–" : timeCell(row.last_in_catalogue_at),
    },
    {
      head: "Dataset",
      name: "dataset_id",
      cell: (row) => row.dataset_id === null ? "–" : untrusted(row.dataset_title ?? row.dataset_id),
    },
  ],
  changes: [
    {
      head: "What",
      name: "dataset_title",
      cell: (row, site) => changedThing(row as Parameters<typeof changedThing>[0], site),
    },
    word("Change", "change"),
    {
      head: "Before → now",
      name: "new_value",
      cell: (row) => changedValues(row as Parameters<typeof changedValues>[0]),
    },
    number("Repositories", "repositories"),
  ],
  dataset_reach: [DATASET, ...REACH],
  organization_reach: [ORGANIZATION, ...REACH],
  together: [
    DATASET,
    number("Repositories that mention both", "together"),
    number("Repositories", "repositories"),
  ],
};

function words(column: string, list: string | null): string {
  return (list ?? "").split(", ").map((value) => wordFor(column, value)).join(", ");
}
