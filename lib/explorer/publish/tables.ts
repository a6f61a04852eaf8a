/**
 * The lists of a published site as Parquet, which its script reads, filters and sorts, and which any
 * other tool reads as well. Compressed with Snappy, because that is what the script's reader has built
 * in; in parts, because some hosts limit the size of a file.
 * @module
 */
import { RowAppender } from "../../duckdb/appender.ts";
import { type Database, quoteName, quoteText } from "../../duckdb/database.ts";
import { labelsOf } from "../../web/labels.ts";
import { CodeColumn, ListColumn, NO_CODE } from "../columns.ts";
import { type List, LISTS } from "../lists.ts";
import { type PageKind, PUBLISHED_LISTS, type SitePages } from "./pages_of_site.ts";
import type { SiteFiles } from "./site_files.ts";

/** Rows in one file: well under 20 MB with the widest rows. */
const ROWS_PER_FILE = 150_000;
/** Smaller lists are also published as CSV. */
export const MOST_CSV_ROWS = 20_000;
/** Between the values of a column with several. */
export const SEPARATOR = "\u001f";

/** A column as the script shows it. */
interface PublishedColumn {
  name: string;
  head: string;
  type: "text" | "number" | "label" | "labels" | "entry" | "link" | "code" | "time";
  /** Of an entry: its kind, and the column with its text. */
  kind?: PageKind;
  label?: string;
  /** Of a link: the column with its address. */
  address?: string;
  /** Shown below the value. */
  below?: string;
  labels?: Record<string, string>;
}

const number = (name: string, head: string): PublishedColumn => ({ name, head, type: "number" });
const label = (name: string, head: string): PublishedColumn => ({
  name,
  head,
  type: "label",
  labels: labelsOf(name),
});
const entry = (
  kind: PageKind,
  name: string,
  text: string,
  head: string,
  below?: string,
): PublishedColumn => ({ name, head, type: "entry", kind, label: text, below });

const COLUMNS: Record<string, PublishedColumn[]> = {
  datasets: [
    entry("dataset", "dataset_id", "title", "Dataset", "organization"),
    number("repositories", "Repositories"),
    number("exact_repositories", "Exact"),
    number("normalized_repositories", "Normalized"),
    number("identifier_repositories", "Identifier"),
    number("landing_page_repositories", "Landing page"),
    number("resources", "Resources"),
    { name: "licence", head: "Licence", type: "text" },
  ],
  organizations: [
    entry("organization", "organization_id", "title", "Organization"),
    number("datasets", "Datasets"),
    number("mentioned_datasets", "Mentioned"),
    number("repositories", "Repositories"),
  ],
  repositories: [
    entry("repository", "repository", "repository", "Repository"),
    { name: "language", head: "Language", type: "text" },
    number("stars", "Stars"),
    number("datasets", "Datasets"),
    number("mentions", "Mentions"),
    label("counted_as", "Counted as"),
  ],
  topics: [
    entry("topic", "topic_id", "topic", "Topic"),
    label("topic_kind", "Kind"),
    number("datasets", "Datasets"),
    number("mentioned_datasets", "Mentioned"),
    number("repositories", "Repositories"),
  ],
  mentions: [
    entry("repository", "repository", "repository", "Repository"),
    { name: "path", head: "Place in the code", type: "link", address: "url", below: "text" },
    entry("dataset", "dataset_id", "dataset", "Dataset"),
    label("match_kind", "Match kind"),
    label("kind_of_use", "Kind of use"),
  ],
  packages: [
    { name: "name", head: "Package", type: "link", address: "registry_url", below: "description" },
    { name: "ecosystem", head: "Ecosystem", type: "text" },
    number("dependent_packages_count", "Dependent packages"),
    number("repositories", "Repositories"),
    number("datasets", "Datasets"),
    label("counted_as", "Counted as"),
  ],
  dead_references: [
    { name: "url_in_code", head: "URL in the code", type: "code" },
    entry("repository", "repository", "repository", "Repository"),
    { name: "path", head: "Place in the code", type: "link", address: "url" },
    label("names", "What is missing"),
    { name: "last_in_catalogue_at", head: "In the catalogue until", type: "time" },
  ],
  changes: [
    { name: "dataset_title", head: "Dataset", type: "text", below: "resource_name" },
    label("thing", "What changed"),
    label("change", "Change"),
    { name: "old_value", head: "Before", type: "code" },
    { name: "new_value", head: "After", type: "code" },
    number("repositories", "Repositories"),
  ],
};

/** Columns of the snapshot beyond those that pages show; the largest columns are left out. */
const SNAPSHOT_COLUMNS: Record<string, string> = {
  mentions: "item.path, item.line_number, left(item.text, 120) as text, item.url",
  organizations: "item.organization_id, item.title, item.datasets, item.mentioned_datasets, " +
    "item.resources, item.repositories",
  topics: "item.topic, item.datasets, item.mentioned_datasets, item.repositories",
  packages: "item.name, item.registry_url, left(item.description, 200) as description, " +
    "item.dependent_packages_count, item.dependent_repos_count, item.repositories, item.datasets",
  dead_references: "left(item.url_in_code, 400) as url_in_code, item.path, item.line_number, " +
    "item.url, item.missing, item.dataset_title, item.last_in_catalogue_at",
  changes: "item.dataset_id as changed_dataset_id, item.resource_id, item.dataset_title, " +
    "item.resource_name, item.field, left(item.old_value, 400) as old_value, " +
    "left(item.new_value, 400) as new_value, item.repositories",
  repositories: "item.stars",
};

/** Writes every list; gives the size of each. */
export async function writeTables(
  db: Database,
  pages: SitePages,
  files: SiteFiles,
  csvLists: Set<string>,
): Promise<void> {
  await db.run("attach ':memory:' as published");
  for (const name of PUBLISHED_LISTS) {
    await writeTable(db, pages, LISTS.get(name)!, files, csvLists.has(name));
  }
  await db.run("detach published");
}

async function writeTable(
  db: Database,
  pages: SitePages,
  list: List,
  files: SiteFiles,
  hasCsv: boolean,
): Promise<void> {
  const { data } = pages;
  const table = list.table(data.tables);
  const columns = COLUMNS[list.name]!;
  const filled = inMemory(pages, list);
  await db.run(
    `create or replace table published.rows (position uinteger, item_row bigint, ${
      filled.map(({ name, type }) => `${quoteName(name)} ${type}`).join(", ")
    })`,
  );
  const appender = await RowAppender.open(db, { catalog: "published", name: "rows" });
  for (let row = 0; row < table.size; row += 1) {
    appender.add(row, BigInt(table.itemRow[row]!), ...filled.map(({ value }) => value(row)));
  }
  appender.close();
  const more = SNAPSHOT_COLUMNS[list.name];
  const select = [
    ...filled.map(({ name }) => `rows.${quoteName(name)}`),
    ...(more === undefined ? [] : [more]),
  ].join(", ");
  const rows = `select ${select} from published.rows as rows ${
    more === undefined
      ? ""
      : `inner join final.${list.source} as item on rows.item_row = item.rowid`
  }`;
  const parts = [];
  const count = Math.max(1, Math.ceil(table.size / ROWS_PER_FILE));
  for (let part = 0; part < count; part += 1) {
    // one part keeps the plain name, so that its address never changes
    const path = part === 0 ? `data/${list.name}.parquet` : `data/${list.name}.${part + 1}.parquet`;
    const file = await files.claim(path);
    const [first, end] = [part * ROWS_PER_FILE, (part + 1) * ROWS_PER_FILE];
    await db.run(
      `copy (${rows} where rows.position >= ${first} and rows.position < ${end}
       order by rows.position)
       to ${quoteText(file)} (format parquet, compression snappy, row_group_size 50000)`,
    );
    parts.push({ file: path, bytes: await files.measure(path) });
  }
  if (hasCsv) {
    const path = `data/${list.name}.csv`;
    const file = await files.claim(path);
    await db.run(
      `copy (select ${safeForSpreadsheets(await columnTypes(db, rows))}
       from (${rows} order by rows.position) as rows)
       to ${quoteText(file)} (format csv, header)`,
    );
    await files.measure(path);
  }
  await files.write(
    `data/${list.name}.json`,
    JSON.stringify({
      list: list.name,
      heading: list.heading,
      rows: table.size,
      parts,
      separator: SEPARATOR,
      detailsFiles: pages.detailsFiles,
      columns,
      facets: Object.entries(list.facets).map(([name, head]) => ({
        name,
        head,
        labels: labelsOf(name),
      })),
      labels: labelsOfEntries(pages, list),
    }),
  );
}

interface FilledColumn {
  name: string;
  type: string;
  value: (row: number) => string | number | null;
}

/** Columns that come from memory: filters, what pages show, and whether entries have a page. */
function inMemory(pages: SitePages, list: List): FilledColumn[] {
  const { tables } = pages.data;
  const table = list.table(tables);
  const filters = Object.entries(table.columns).map(([name, column]): FilledColumn => {
    if (column instanceof ListColumn) {
      return {
        name,
        type: "varchar",
        value: (row) =>
          Array.from(column.at(row), (code) => column.dictionary.valueOf(code)).join(SEPARATOR),
      };
    }
    if (!(column instanceof CodeColumn)) throw new Error(`unknown kind of column "${name}"`);
    return {
      name,
      type: "varchar",
      value: (row) => {
        const code = column.codes[row]!;
        return code === NO_CODE ? null : column.dictionary.valueOf(code);
      },
    };
  });
  const sample = table.size === 0 ? {} : list.memoryColumns?.(tables, 0) ?? {};
  const known = new Set(filters.map(({ name }) => name));
  let at = -1;
  let shown: Record<string, unknown> = {};
  const others = Object.entries(sample).filter(([name]) => !known.has(name)).map(
    ([name, value]): FilledColumn => ({
      name,
      type: typeof value === "number"
        ? "uinteger"
        : typeof value === "boolean"
        ? "boolean"
        : "varchar",
      value: (row) => {
        if (row !== at) [at, shown] = [row, list.memoryColumns!(tables, row)];
        return shown[name] as string | number | null;
      },
    }),
  );
  const topic: FilledColumn[] = list.name !== "topics" ? [] : [{
    name: "topic_id",
    type: "varchar",
    value: (row) => tables.topics.entities.valueOf(row),
  }];
  const kinds = COLUMNS[list.name]!.flatMap((column) =>
    column.type === "entry" ? [{ kind: column.kind!, name: column.name }] : []
  );
  const states = kinds.map(({ kind, name }): FilledColumn => ({
    name: `${name}_page`,
    type: "utinyint",
    value: stateOf(
      pages,
      list,
      kind,
      [...filters, ...others, ...topic].find((it) => it.name === name),
    ),
  }));
  return [...filters, ...others, ...topic, ...states];
}

function stateOf(
  pages: SitePages,
  list: List,
  kind: PageKind,
  id: FilledColumn | undefined,
): (row: number) => number {
  // organizations are read from the snapshot, in the order of their table in memory
  const { organizations } = pages.data.tables;
  const idOf = id?.value ??
    (list.name === "organizations"
      ? (row: number) => organizations.entities.valueOf(row)
      : undefined);
  if (idOf === undefined) throw new Error(`no id of a ${kind} in ${list.name}`);
  return (row) => {
    const value = idOf(row);
    return value === null ? 0 : pages.state(kind, String(value));
  };
}

/** Titles of the values of facets that are ids. */
function labelsOfEntries(pages: SitePages, list: List): Record<string, Record<string, string>> {
  const { organizations } = pages.data.tables;
  if (!Object.hasOwn(list.facets, "organization_id")) return {};
  return {
    organization_id: Object.fromEntries(Array.from({ length: organizations.size }, (_, row) => [
      organizations.entities.valueOf(row),
      organizations.entities.labelOf(row),
    ])),
  };
}

async function columnTypes(
  db: Database,
  select: string,
): Promise<{ column_name: string; column_type: string }[]> {
  return await db.rows(`describe ${select}`);
}

/** Text that a spreadsheet would take for a formula gets an apostrophe (OWASP, "CSV injection"). */
function safeForSpreadsheets(columns: { column_name: string; column_type: string }[]): string {
  return columns.map(({ column_name, column_type }) => {
    const column = quoteName(column_name);
    if (column_type !== "VARCHAR") return column;
    const text = `replace(${column}, chr(31), ', ')`;
    return `case when regexp_matches(${column}, '^[-=+@\\t\\r]') then '''' || ${text} ` +
      `else ${text} end as ${column}`;
  }).join(", ");
}
