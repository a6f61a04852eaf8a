import { Database, type Values } from "../duckdb.ts";
import { StageError } from "../errors.ts";
import { buildModels } from "../models.ts";
import type { Log } from "../progress.ts";
import type { SitePaths } from "../artifacts.ts";
import type { Snapshot } from "../snapshots.ts";

/** One site's newest final tables, open for reading, with the keys and search texts held in memory. */

/** Connections that pages share; a page waits for a free one. */
const CONNECTIONS = 4;
/** Downloads have a connection each, so that a slow reader holds up no page. */
const DOWNLOADS = 8;
/** Keys and titles of a million datasets fit in; pages of the file itself are read again when out. */
const MEMORY_LIMIT = "700MB";

/** What pages read from. */
export class SiteData {
  /** Titles, facets and totals by statement and values: a snapshot never changes. */
  readonly #remembered = new Map<string, Promise<Record<string, unknown>[]>>();
  readonly #waiting: ((db: Database) => void)[] = [];
  #downloads = 0;

  private constructor(
    readonly name: string,
    readonly title: string,
    readonly snapshot: Snapshot,
    readonly paths: SitePaths,
    private readonly first: Database,
    private readonly free: Database[],
  ) {}

  /**
   * Opens a snapshot of `final` read-only and builds the tables of sql/explorer/ in memory.
   * @throws {StageError} where the snapshot lacks a table, being of an older version.
   */
  static async open(paths: SitePaths, snapshot: Snapshot, log: Log): Promise<SiteData> {
    const { site } = snapshot.manifest.config;
    const db = await Database.open(undefined, MEMORY_LIMIT);
    try {
      await db.attach(snapshot.file, "final");
      await db.run("attach ':memory:' as explorer (compress)");
      await db.run("use explorer");
      await buildModels(db, "explorer", log);
      // packs the tables: a server of 1.0 GB became one of 0.66 GB, and no slower
      await db.run("checkpoint explorer");
      // many readers at once are served best by one thread each
      await db.run("set threads = 1");
      // from here on no statement can reach another file, and none can take this back
      await db.run("set enable_external_access = false");
    } catch (error) {
      db.close();
      if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
      throw new StageError(
        `"${snapshot.file}" lacks a table that this version reads ` +
          `(${error.message.split("\n")[0]}): run "deno task 09_build_final" again`,
      );
    }
    const free: Database[] = [];
    for (let count = 0; count < CONNECTIONS; count += 1) free.push(await connectTo(db));
    return new SiteData(site.short_name, site.title ?? site.short_name, snapshot, paths, db, free);
  }

  /** All rows of a select. */
  async rows<Row = Record<string, unknown>>(sql: string, values?: Values): Promise<Row[]> {
    const db = this.free.pop() ??
      await new Promise<Database>((resolve) => this.#waiting.push(resolve));
    try {
      return await db.rows<Row>(sql, values);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(db);
      else this.free.push(db);
    }
  }

  /** As `rows`, remembered: for what many pages ask again (totals, facets, short lists). */
  async known<Row>(sql: string, values: Record<string, string | number> = {}): Promise<Row[]> {
    const key = JSON.stringify([sql, values]);
    const known = this.#remembered.get(key);
    if (known) return await known as Row[];
    // the oldest go first, so that no crawler fills the memory
    if (this.#remembered.size >= 2000) {
      this.#remembered.delete(this.#remembered.keys().next().value!);
    }
    const rows = this.rows(sql, values);
    this.#remembered.set(key, rows);
    rows.catch(() => this.#remembered.delete(key));
    return await rows as Row[];
  }

  /** The rows of a select in chunks, on a connection of their own; undefined where all are taken. */
  stream(
    sql: string,
    values: Values,
  ): AsyncGenerator<Record<string, unknown>[]> | undefined {
    if (this.#downloads >= DOWNLOADS) return undefined;
    this.#downloads += 1;
    return this.#stream(sql, values);
  }

  async *#stream(sql: string, values: Values) {
    const db = await connectTo(this.first);
    try {
      yield* db.stream(sql, values);
    } finally {
      this.#downloads -= 1;
      db.disconnect();
    }
  }

  /** Closes the file. */
  close(): void {
    for (const db of this.free) db.disconnect();
    this.first.close();
  }
}

async function connectTo(db: Database): Promise<Database> {
  const connection = await db.connect();
  await connection.run("use explorer");
  return connection;
}
