/**
 * What the final tables are made from, laid out so that their SQL need not know which backends and
 * optional stages there are: views with the expected columns, in in-memory databases
 * `code_search`, `catalogue`, `reverse_dependencies` and `snapshots`; and what changed in the
 * catalogue, in `changes`.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listNames, type SitePaths } from "../storage/paths.ts";
import { SEARCH_BACKENDS } from "../pipeline/config.ts";
import { RowAppender } from "../duckdb/appender.ts";
import { type Database, quoteName, quoteText } from "../duckdb/database.ts";
import type { Log } from "../cli/progress.ts";
import { buildChanges, CATALOGUE, catalogueBefore } from "./changes.ts";
import { listSnapshots, newestSnapshot, type Snapshot } from "../storage/snapshots.ts";

/** The snapshots that the final tables are made from. */
export interface FinalInputs {
  clean: Snapshot;
  /** The raw catalogue that `clean` was made from, where it is still there. */
  raw?: Snapshot;
  /** The clean catalogues before it that are still there, oldest first. */
  past: Snapshot[];
  /** The one of these that `clean` is compared with to say what changed. */
  before?: Snapshot;
  /** The newest snapshot of each backend. */
  searches: { backend: string; snapshot: Snapshot }[];
  /** Older snapshots of the same backends, oldest first. */
  earlier: { backend: string; snapshot: Snapshot }[];
  dependents?: Snapshot;
}

const URLS_TO_READ = new URL("../../sql/final/queries/urls_to_read.sql", import.meta.url);
const SHAPES = fileURLToPath(new URL("../../sql/final/inputs/", import.meta.url));

/** The SQL that says which columns are expected. */
async function expectedShapes(): Promise<Record<string, string>> {
  const shapes: Record<string, string> = {};
  const files = await listNames(
    SHAPES,
    (entry) => entry.name.endsWith(".sql") && entry.name !== "judgements.sql",
  );
  for (const file of files) {
    shapes[file.replace(/\.sql$/, "")] = await Deno.readTextFile(join(SHAPES, file));
  }
  return shapes;
}

/** Finds what belongs to a clean catalogue: its raw tables, every backend's searches, dependents. */
export async function findInputs(
  paths: SitePaths,
  clean: Snapshot,
  given?: Snapshot,
): Promise<FinalInputs> {
  const past = (await listSnapshots(paths, CATALOGUE)).filter(({ name }) => name < clean.name);
  const before = catalogueBefore(past, clean);
  const inputs: FinalInputs = { clean, past, before, searches: [], earlier: [] };
  const parents = new Set(clean.manifest.parents.map((parent) => parent.sha256));
  inputs.raw = (await listSnapshots(paths, "ckan_api"))
    .find((snapshot) => parents.has(snapshot.manifest.sha256));
  for (const backend of SEARCH_BACKENDS) {
    const all = await listSnapshots(paths, `${backend}_api`);
    const isGiven = given?.manifest.database === `${backend}_api`;
    const newest = isGiven ? given : all.at(-1);
    if (newest === undefined) continue;
    inputs.searches.push({ backend, snapshot: newest });
    for (const snapshot of all) {
      if (snapshot.name < newest.name) inputs.earlier.push({ backend, snapshot });
    }
  }
  inputs.dependents = given?.manifest.database === "reverse_dependencies"
    ? given
    : await newestSnapshot(paths, "reverse_dependencies");
  return inputs;
}

/** Every snapshot of the inputs, each once. */
export function allSnapshots(inputs: FinalInputs): Snapshot[] {
  return [
    inputs.clean,
    ...inputs.past,
    ...(inputs.raw ? [inputs.raw] : []),
    ...inputs.searches.map((search) => search.snapshot),
    ...inputs.earlier.map((search) => search.snapshot),
    ...(inputs.dependents ? [inputs.dependents] : []),
  ];
}

/** Attaches the inputs and lays the views over them. The catalog in use stays as it was. */
export async function attachInputs(
  db: Database,
  inputs: FinalInputs,
  options: { portalHosts: string[]; readUrl: ReadUrl },
  log: Log,
): Promise<void> {
  const shapes = await expectedShapes();
  await db.attach(inputs.clean.file, "clean_ckan_api");
  const parts = async (snapshots: Snapshot[], prefix: string) => {
    for (const [index, snapshot] of snapshots.entries()) {
      await db.attach(snapshot.file, `${prefix}_${index}`);
    }
  };
  await parts(inputs.past, "past");
  await parts(inputs.raw ? [inputs.raw] : [], "raw");
  await parts(inputs.searches.map((search) => search.snapshot), "search");
  await parts(inputs.earlier.map((search) => search.snapshot), "earlier");
  await parts(inputs.dependents ? [inputs.dependents] : [], "dependents");

  const raw = inputs.raw ? [{ catalog: "raw_0" }] : [];
  const past = inputs.past.map((snapshot, index) => ({
    catalog: `past_${index}`,
    constants: `${timeOf(snapshot)} as catalogued_at, `,
  }));
  await layViews(
    db,
    "catalogue",
    shapes.catalogue!,
    (table) => table.startsWith("all_") ? past : raw,
  );
  const before = inputs.past.findIndex((snapshot) => snapshot.name === inputs.before?.name);
  await buildChanges(db, before < 0 ? undefined : `past_${before}`, "clean_ckan_api", log);
  const newest = inputs.searches.map(({ backend, snapshot }, index) => ({
    catalog: `search_${index}`,
    constants: searchConstants(backend, snapshot),
  }));
  const earlier = inputs.earlier.map(({ backend, snapshot }, index) => ({
    catalog: `earlier_${index}`,
    constants: searchConstants(backend, snapshot),
  }));
  await layViews(
    db,
    "code_search",
    shapes.code_search!,
    (table) => table === "all_url_mentions" ? [...earlier, ...newest] : newest,
  );
  const dependents = inputs.dependents ? [{ catalog: "dependents_0" }] : [];
  await layViews(db, "reverse_dependencies", shapes.reverse_dependencies!, () => dependents);
  await listThem(db, shapes.snapshots!, inputs);
  for (const host of options.portalHosts) {
    await db.run("insert into snapshots.main.portal_hosts values ($1)", [host]);
  }
  await readUrls(db, options.readUrl);
}

/** Takes a URL apart as lines of code are compared with it; null where it is not a URL. */
export type ReadUrl = (url: string) => { host: string; path: string; query: string } | null;

/** Writes the parts of the URLs that are compared with those in code: SQL takes none apart. */
async function readUrls(db: Database, readUrl: ReadUrl): Promise<void> {
  const urls: string[] = [];
  for await (const rows of db.stream<{ url: string }>(await Deno.readTextFile(URLS_TO_READ))) {
    for (const { url } of rows) urls.push(url);
  }
  const to = await RowAppender.open(db, { catalog: "snapshots", name: "url_parts" });
  for (const url of urls) {
    const parts = readUrl(url);
    if (parts !== null) to.add(url, parts.host, parts.path, parts.query);
  }
  to.close();
}

interface ViewSource {
  catalog: string;
  /** SQL of columns that are the same in every row of this source. */
  constants?: string;
}

function searchConstants(backend: string, snapshot: Snapshot): string {
  return `${quoteText(backend)} as backend, ${timeOf(snapshot)} as searched_at, `;
}

function timeOf({ manifest }: Snapshot): string {
  return `${quoteText(manifest.created_at)}::timestamptz::timestamp`;
}

/** One view a table of the shape: the shape's columns, then the rows of every source that has it. */
async function layViews(
  db: Database,
  name: string,
  shape: string,
  sourcesOf: (table: string) => ViewSource[],
): Promise<void> {
  const catalog = quoteName(name);
  await db.run(`attach ':memory:' as ${catalog}`);
  await db.run(`create schema ${catalog}.expected`);
  const { here } = await db.one<{ here: string }>("select current_database() as here");
  await db.run(`use ${catalog}`);
  await db.run(shape);
  const tables = await db.rows<{ table_name: string }>(
    "select table_name from duckdb_tables() where database_name = $1 and schema_name = 'expected'",
    [name],
  );
  for (const { table_name } of tables) {
    const table = quoteName(table_name);
    // of the newest snapshot and of the earlier ones the same table is read
    const origin = table_name.replace(/^all_/, "");
    const selects = [`select * from expected.${table}`];
    for (const { catalog, constants = "" } of sourcesOf(table_name)) {
      const { found } = await db.one<{ found: number }>(
        "select count(*) as found from duckdb_tables() where database_name = $1 and table_name = $2",
        [catalog, origin],
      );
      if (found > 0) {
        selects.push(`select ${constants}* from ${quoteName(catalog)}.main.${quoteName(origin)}`);
      }
    }
    await db.run(`create view main.${table} as ${selects.join(" union all by name ")}`);
  }
  await db.run(`use ${quoteName(here)}`);
}

async function listThem(db: Database, shape: string, inputs: FinalInputs): Promise<void> {
  await db.run("attach ':memory:' as snapshots");
  await db.run(shape);
  const newest = new Set(
    [inputs.raw, inputs.clean, ...inputs.searches.map((it) => it.snapshot), inputs.dependents],
  );
  for (const snapshot of allSnapshots(inputs)) {
    const { manifest, parent } = snapshot;
    await db.run(
      "insert into snapshots.main.snapshots values ($1, $2, $3, $4::timestamptz::timestamp, $5, $6, $7, $8)",
      [
        parent.file,
        manifest.database,
        manifest.sha256,
        manifest.created_at,
        newest.has(snapshot),
        snapshot === inputs.before,
        manifest.complete,
        manifest.reasons.length > 0 ? manifest.reasons.join("; ") : null,
      ],
    );
  }
}
