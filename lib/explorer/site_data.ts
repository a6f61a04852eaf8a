import { Database, type Values } from "../duckdb/database.ts";
import { StageError } from "../cli/errors.ts";
import { collectGarbage } from "../cli/gc.ts";
import { buildModels } from "../duckdb/models.ts";
import type { Log } from "../cli/progress.ts";
import type { SitePaths } from "../storage/paths.ts";
import type { Snapshot } from "../storage/snapshots.ts";
import { readThings, type Things } from "./things.ts";

/** One site's newest final tables, open for reading, with what every page asks held in memory. */

/** Connections that pages share; a page waits for a free one. */
const CONNECTIONS = 4;
/** Downloads have a connection each, so that a slow reader holds up no page. */
const DOWNLOADS = 8;
/** The tables of sql/explorer/ of a million datasets fit in while they are built. */
const MEMORY_LIMIT = "700MB";
/** Blocks of the snapshot that stay in memory between pages. */
const SERVING_LIMIT = "160MB";
/** Answers that are remembered. */
const MOST_REMEMBERED = 500;

/** What pages read from. */
export class SiteData {
  /** Totals, facets and short lists by what was asked: a snapshot never changes. */
  readonly #remembered = new Map<string, unknown>();
  readonly #waiting: ((db: Database) => void)[] = [];
  #downloads = 0;
  #readers = 0;
  #isRetired = false;
  #isClosed = false;

  private constructor(
    readonly name: string,
    readonly title: string,
    readonly snapshot: Snapshot,
    readonly paths: SitePaths,
    /** What is held in memory. */
    readonly things: Things,
    private readonly first: Database,
    private readonly free: Database[],
  ) {}

  /**
   * Opens a snapshot of `final` read-only, builds the tables of sql/explorer/ and reads them into
   * memory.
   * @throws {StageError} where the snapshot lacks a table or column, being of an older version.
   */
  static async open(paths: SitePaths, snapshot: Snapshot, log: Log): Promise<SiteData> {
    const { site } = snapshot.manifest.config;
    const db = await Database.open(undefined, MEMORY_LIMIT);
    try {
      await db.attach(snapshot.file, "final");
      await db.run("attach ':memory:' as explorer (compress)");
      await db.run("use explorer");
      // packs each table before the next: they take a sixth of the memory
      await buildModels(db, "explorer", log, () => db.run("checkpoint explorer"));
      const things = await readThings(db);
      await db.run("use final");
      await db.run("detach explorer");
      // what was read passed through a million texts
      collectGarbage();
      // many readers at once are served best by one thread each
      await db.run("set threads = 1");
      // pages read little at a time: what the build needed is given back
      await db.run(`set memory_limit = '${SERVING_LIMIT}'`);
      // from here on no statement can reach another file, and none can take this back
      await db.run("set enable_external_access = false");
      const free: Database[] = [];
      for (let count = 0; count < CONNECTIONS; count += 1) free.push(await connectTo(db));
      const title = site.title ?? site.short_name;
      return new SiteData(site.short_name, title, snapshot, paths, things, db, free);
    } catch (error) {
      db.close();
      if (!(error instanceof Error) || !/does not exist|not found in FROM/.test(error.message)) {
        throw error;
      }
      throw new StageError(
        `"${snapshot.file}" lacks what this version reads ` +
          `(${error.message.split("\n")[0]}): run "deno task 09_build_final" again`,
      );
    }
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

  /** As `rows`, remembered: for what many pages ask again. */
  async known<Row>(sql: string, values: Record<string, string | number> = {}): Promise<Row[]> {
    const key = JSON.stringify([sql, values]);
    const rows = this.remember(key, () => this.rows<Row>(sql, values));
    rows.catch(() => this.#remembered.delete(key));
    return await rows;
  }

  /** What was made for a key before, or is made now. */
  remember<Made>(key: string, make: () => Made): Made {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known as Made;
    // the oldest go first, so that no crawler fills the memory
    if (this.#remembered.size >= MOST_REMEMBERED) {
      this.#remembered.delete(this.#remembered.keys().next().value!);
    }
    const made = make();
    this.#remembered.set(key, made);
    return made;
  }

  /** Rows in chunks, read on a connection of their own; undefined where all are taken. */
  download(
    chunks: (read: SiteData["rows"]) => AsyncGenerator<Record<string, unknown>[]>,
  ): AsyncGenerator<Record<string, unknown>[]> | undefined {
    if (this.#downloads >= DOWNLOADS) return undefined;
    return this.#download(chunks);
  }

  async *#download(chunks: (read: SiteData["rows"]) => AsyncGenerator<Record<string, unknown>[]>) {
    // not before somebody reads: of a HEAD request nobody does
    this.#downloads += 1;
    const db = await connectTo(this.first);
    try {
      yield* chunks((sql, values) => db.rows(sql, values));
    } finally {
      db.disconnect();
      this.#downloads -= 1;
      this.#closeIfDone();
    }
  }

  /** Keeps the file open while somebody is answered from it. */
  async use<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    this.#readers += 1;
    try {
      return await answer();
    } finally {
      this.#readers -= 1;
      this.#closeIfDone();
    }
  }

  /** Closes the file as soon as nobody is answered from it. */
  close(): void {
    this.#isRetired = true;
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (!this.#isRetired || this.#isClosed || this.#readers > 0 || this.#downloads > 0) return;
    this.#isClosed = true;
    for (const db of this.free) db.disconnect();
    this.first.close();
  }
}

async function connectTo(db: Database): Promise<Database> {
  const connection = await db.connect();
  await connection.run("use final");
  return connection;
}
