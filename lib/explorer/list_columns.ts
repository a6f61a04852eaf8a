/**
 * How the rows of each list look in a table: the columns, and the cells that are more than text.
 * @module
 */
import type { TableColumn } from "../web/components.ts";
import { diffExcerpt } from "../web/changes.ts";
import {
  type Html,
  html,
  link,
  type Part,
  singleLine,
  untrusted,
  webAddress,
} from "../web/html.ts";
import { countOrDash, labelFor, MATCH_KINDS, timeCell } from "../web/labels.ts";
import { linked, type Links } from "./links.ts";
import type { List } from "./lists.ts";
import type { SnapshotRow } from "./view.ts";

/** A column: its head, its cell, and the column of the row that it shows. */
export interface Column {
  head: string;
  /** The row's column, so that a page about one dataset can leave the dataset out. */
  name: string;
  cell: (row: SnapshotRow, links: Links) => Part;
  isNumber?: boolean;
}

const number = (head: string, name: string): Column => ({
  head,
  name,
  isNumber: true,
  cell: (row) => countOrDash(row[name]),
});

const labelled = (head: string, name: string): Column => ({
  head,
  name,
  cell: (row) => untrusted(labelFor(name, row[name] ?? "Not known"), 40),
});

const DATASET: Column = {
  head: "Dataset",
  name: "dataset_id",
  cell: (row, links) =>
    row.dataset_id === null ? "–" : linked(
      links.entry("dataset", row.dataset_id),
      untrusted(row.dataset ?? row.title ?? row.dataset_id),
    ),
};

const ORGANIZATION: Column = {
  head: "Organization",
  name: "organization_id",
  cell: (row, links) =>
    row.organization_id === null ? "–" : linked(
      links.entry("organization", row.organization_id),
      untrusted(row.organization ?? row.title ?? row.organization_id, 80),
    ),
};

const REPOSITORY: Column = {
  head: "Repository",
  name: "repository",
  cell: (row, links) =>
    linked(links.entry("repository", row.repository), untrusted(row.repository, 80)),
};

const MATCH_KIND: Column = {
  head: "Match kind",
  name: "match_kind",
  cell: (row) => kindBadge(row.match_kind),
};

/** Kinds of match next to each other; they are never added up. */
const KINDS: Column[] = Object.entries(MATCH_KINDS).map(([kind, head]) =>
  number(head, `${kind}_repositories`)
);

const REACH: Column[] = [
  labelled("Match kind", "match_kind"),
  number("Repositories", "repositories"),
  number("Packages", "packages"),
  {
    head: "Largest package",
    name: "largest_package",
    cell: (row) => row.largest_package === null ? "–" : untrusted(row.largest_package, 60),
  },
  number("Its dependents", "dependent_packages_largest"),
  labelled("Counted as", "counted_as"),
];

const COLUMNS: Record<string, Column[]> = {
  datasets: [
    { ...DATASET, cell: datasetCell },
    number("Repositories", "repositories"),
    ...KINDS,
    number("Resources", "resources"),
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
    labelled("Language", "language"),
    number("Stars", "stars"),
    number("Datasets", "datasets"),
    number("Mentions", "mentions"),
    {
      head: "Match kinds",
      name: "match_kinds",
      cell: (row) => labelList("match_kind", row.match_kinds),
    },
    {
      head: "Kinds of use",
      name: "kinds_of_use",
      cell: (row) => labelList("kind_of_use", row.kinds_of_use),
    },
    labelled("Counted as", "counted_as"),
  ],
  topics: [
    {
      head: "Topic",
      name: "topic",
      cell: (row, links) =>
        linked(links.topic(row.topic_kind, row.topic), untrusted(row.topic, 80)),
    },
    labelled("Kind", "topic_kind"),
    number("Datasets", "datasets"),
    number("Mentioned", "mentioned_datasets"),
    number("Repositories", "repositories"),
    ...KINDS,
  ],
  resources: [
    {
      head: "Resource",
      name: "resource_id",
      cell: (row, links) =>
        linked(links.entry("resource", row.resource_id), untrusted(row.name ?? row.url, 80)),
    },
    number("Repositories", "repositories"),
    { head: "Format", name: "format", cell: (row) => untrusted(row.format ?? "Not stated", 20) },
    DATASET,
    { head: "URL", name: "url", cell: (row) => link(row.url, untrusted(row.url, 60)) },
  ],
  mentions: [
    {
      head: "Place in the code",
      name: "mention_id",
      cell: (row, links) => mentionCell(row as MentionRow, links),
    },
    DATASET,
    MATCH_KIND,
    labelled("Kind of use", "kind_of_use"),
    labelled("Language", "language"),
    labelled("Counted as", "counted_as"),
  ],
  pairs: [
    REPOSITORY,
    DATASET,
    MATCH_KIND,
    number("Mentions", "mentions"),
    labelled("Counted as", "counted_as"),
  ],
  packages: [
    {
      head: "Package",
      name: "name",
      cell: (row) =>
        html`${link(row.registry_url, untrusted(row.name, 80))}<span class="sub">${
          untrusted(row.description, 140)
        }</span>`,
    },
    labelled("Ecosystem", "ecosystem"),
    { head: "Confirmed", name: "is_confirmed", cell: (row) => row.is_confirmed ? "Yes" : "No" },
    number("Dependent packages", "dependent_packages_count"),
    number("Dependent repositories", "dependent_repos_count"),
    number("Repositories", "repositories"),
    number("Datasets", "datasets"),
    labelled("Counted as", "counted_as"),
  ],
  dead_references: [
    {
      head: "URL in the code",
      name: "url_in_code",
      cell: (row, links) =>
        html`${placeCell(row as MentionRow, links)}<code class="line">${
          untrusted(row.url_in_code, 160)
        }</code>`,
    },
    labelled("What is missing", "names"),
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
    { head: "Dataset or resource", name: "dataset_title", cell: changedEntry },
    labelled("Change", "change"),
    { head: "Before → after", name: "new_value", cell: changedValues },
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

/** The columns of a list for one site's addresses, without those that are the same in every row. */
export function columnsOf(
  list: List,
  links: Links,
  omit: string[] = [],
): TableColumn<SnapshotRow>[] {
  return COLUMNS[list.name]!.filter(({ name }) => !omit.includes(name))
    .map(({ head, cell, isNumber }) => ({ head, isNumber, cell: (row) => cell(row, links) }));
}

/** Title and, below it, the organization: the counts beside them need the width. */
function datasetCell(row: SnapshotRow, links: Links): Html {
  return html`${DATASET.cell(row, links)}${
    row.organization === undefined || row.organization === null
      ? null
      : html`<span class="sub">${untrusted(row.organization, 80)}</span>`
  }`;
}

function labelList(column: string, list: string | null): string {
  return (list ?? "").split(", ").map((value) => labelFor(column, value)).join(", ");
}

/** What is shown of a mention. */
interface MentionRow {
  mention_id: string;
  repository: string;
  path: string;
  line_number: number | null;
  text: string | null;
  line: string | null;
  url: string | null;
}

/** Characters of a line of code that are shown. */
const LINE_LENGTH = 220;

/** Repository, and file and line with a link to them at their commit. */
function placeCell(
  { repository, path, line_number, url }: Omit<MentionRow, "mention_id" | "text" | "line">,
  links: Links,
): Html {
  const line = line_number === null ? "" : `:${line_number}`;
  const place = html`${untrusted(path, 70)}${line}`;
  const href = webAddress(url);
  return html`${
    linked(links.entry("repository", repository), untrusted(repository, 60))
  }<span class="sub">${
    href === undefined
      ? place
      : html`<a class="out" href="${href}" rel="noopener noreferrer">${place}</a>`
  }</span>`;
}

function mentionCell(mention: MentionRow, links: Links): Html {
  const details = links.entry("mention", mention.mention_id);
  return html`${placeCell(mention, links)}${codeLine(mention.line, mention.text)}${
    details === undefined
      ? null
      : html`<span class="sub"><a href="${details}">Details, or report a wrong match<span
        class="hidden"> in ${untrusted(mention.path, 60)}:${mention.line_number}</span></a></span>`
  }`;
}

/** The line of code, cut around what was found in it. */
export function codeLine(line: string | null, text: string | null): Html {
  const all = singleLine((line ?? text ?? "").slice(0, 20_000));
  const found = singleLine((text ?? "").slice(0, 2000));
  const at = found === "" ? -1 : all.indexOf(found);
  if (at < 0) return html`<code class="line"><bdi>${cut(all, LINE_LENGTH)}</bdi></code>`;
  const room = Math.max(20, (LINE_LENGTH - found.length) >> 1);
  const before = all.slice(Math.max(0, at - room), at);
  const after = all.slice(at + found.length);
  return html`<code class="line"><bdi>${at > room ? "…" : ""}${before}<mark>${
    cut(found, LINE_LENGTH)
  }</mark>${cut(after, room)}</bdi></code>`;
}

/** A match kind as a badge; its text carries the meaning, not its colour. */
function kindBadge(kind: string): Html {
  return html`<span class="badge ${kind.replace(/[^a-z_]/g, "")}">${
    labelFor("match_kind", kind)
  }</span>`;
}

function cut(text: string, most: number): string {
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most ? text : characters.slice(0, most).join("") + "…";
}

/** What changed, linked where it is still there; an organization by the value that changed. */
function changedEntry(row: SnapshotRow, links: Links): Html {
  if (row.thing === "organization") {
    return html`${untrusted(row.new_value ?? row.old_value ?? "–", 110)}`;
  }
  const title = untrusted(row.dataset_title ?? row.dataset_id, 110);
  const dataset = linked(
    row.in_catalogue ? links.entry("dataset", row.dataset_id) : undefined,
    title,
  );
  if (row.thing === "dataset") return dataset;
  const name = untrusted(row.resource_name ?? row.resource_id, 80);
  return html`${link(row.url, name)}<span class="sub">of ${dataset}</span>`;
}

const LONGEST_VALUE = 120;

/** `before → after`, cut so that the difference is visible. */
function changedValues({ change, old_value, new_value }: SnapshotRow): Part {
  const shown = (value: string) => html`<code>${untrusted(value, LONGEST_VALUE)}</code>`;
  if (change === "added") return shown(new_value ?? "–");
  if (change === "gone") return shown(old_value ?? "–");
  const [before, after] = diffExcerpt(old_value ?? "–", new_value ?? "–", LONGEST_VALUE);
  return html`${shown(before)} → ${shown(after)}`;
}
