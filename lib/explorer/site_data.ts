/**
 * One site's newest final tables, open for reading, with what every page needs in memory.
 * @module
 */
import { Database, type Values } from "../duckdb/database.ts";
import { messageOf, StageError } from "../cli/errors.ts";
import { collectGarbage } from "../cli/gc.ts";
import { buildModels } from "../duckdb/models.ts";
import type { Log } from "../cli/progress.ts";
import type { SitePaths } from "../storage/paths.ts";
import { listSnapshots, type Snapshot } from "../storage/snapshots.ts";
import { readSiteTables, type SiteTables } from "./site_tables.ts";

/** Connections that pages share; a page waits for a free one. */
const CONNECTIONS = 4;
/** Downloads have a connection each, so that a slow reader does not hold up pages. */
const DOWNLOADS = 8;
/** A download of which nothing is read for so long gives its place to others. */
const IDLE_MS = 30_000;
/** The tables of sql/explorer/ of a million datasets fit in while they are built. */
const MEMORY_LIMIT = "700MB";
/** Blocks of the snapshot that stay in memory between pages. */
const SERVING_LIMIT = "160MB";
/** Results that are remembered. */
const MOST_REMEMBERED = 500;

/** What pages read from. */
export class SiteData {
  /** Totals, facets and short lists by their query: a snapshot never changes. */
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
    /** What is in memory. */
    readonly tables: SiteTables,
    /** The snapshot that new mentions are compared with. */
    readonly previous: { name: string; createdAt: string } | undefined,
    private readonly first: Database,
    private readonly free: Database[],
    private readonly idleMs: number,
  ) {}

  /**
   * Opens a snapshot of `final` read-only, builds the tables of sql/explorer/ and reads them into
   * memory.
   * @throws {StageError} where the snapshot lacks a table or column because an older version wrote it.
   */
  static async open(
    paths: SitePaths,
    snapshot: Snapshot,
    log: Log,
    { idleMs = IDLE_MS } = {},
  ): Promise<SiteData> {
    const { site } = snapshot.manifest.config;
    const db = await Database.open(undefined, MEMORY_LIMIT);
    try {
      await db.attach(snapshot.file, "final");
      const previous = await readPrevious(db, paths, snapshot, log);
      await db.run("attach ':memory:' as explorer (compress)");
      await db.run("use explorer");
      // packs each table before the next: they take a sixth of the memory
      await buildModels(db, "explorer", log, () => db.run("checkpoint explorer"));
      const tables = await readSiteTables(db);
      await db.run("use final");
      await db.run("detach explorer");
      await db.run("detach earlier");
      // reading made a million strings that nothing needs any longer
      collectGarbage();
      // many readers at once are served best by one thread each
      await db.run("set threads = 1");
      // pages read little at a time: the memory of the build is given back
      await db.run(`set memory_limit = '${SERVING_LIMIT}'`);
      // from here on no statement can open another file, and none can undo this
      await db.run("set enable_external_access = false");
      const free: Database[] = [];
      for (let count = 0; count < CONNECTIONS; count += 1) free.push(await connectTo(db));
      const title = site.title ?? site.short_name;
      const name = site.short_name;
      return new SiteData(name, title, snapshot, paths, tables, previous, db, free, idleMs);
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

  /** As `rows`, but remembered: for what many pages need. */
  async known<Row>(sql: string, values: Record<string, string | number> = {}): Promise<Row[]> {
    const key = JSON.stringify([sql, values]);
    const rows = this.remember(key, () => this.rows<Row>(sql, values));
    rows.catch(() => this.#remembered.delete(key));
    return await rows;
  }

  /** The result for a key, made once. */
  remember<Made>(key: string, make: () => Made): Made {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known as Made;
    // the oldest go first, so that a crawler cannot fill the memory
    if (this.#remembered.size >= MOST_REMEMBERED) {
      this.#remembered.delete(this.#remembered.keys().next().value!);
    }
    const made = make();
    this.#remembered.set(key, made);
    return made;
  }

  /** Rows in chunks, read on a connection of their own; undefined where all are in use. */
  download(
    chunks: (read: SiteData["rows"]) => AsyncGenerator<Record<string, unknown>[]>,
  ): AsyncGenerator<Record<string, unknown>[]> | undefined {
    if (this.#downloads >= DOWNLOADS) return undefined;
    return this.#download(chunks);
  }

  async *#download(chunks: (read: SiteData["rows"]) => AsyncGenerator<Record<string, unknown>[]>) {
    // not before the first read: the body of a HEAD request is never read
    this.#downloads += 1;
    const db = await connectTo(this.first);
    let isOpen = true;
    const release = () => {
      if (!isOpen) return;
      isOpen = false;
      db.disconnect();
      this.#downloads -= 1;
      this.#closeIfDone();
    };
    try {
      for await (const rows of chunks((sql, values) => db.rows(sql, values))) {
        const timer = setTimeout(release, this.idleMs);
        yield rows;
        clearTimeout(timer);
        if (!isOpen) throw new Error(`the download was idle for ${this.idleMs / 1000} s`);
      }
    } finally {
      release();
    }
  }

  /** Keeps the file open while a request is answered from it. */
  async use<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    this.#readers += 1;
    try {
      return await answer();
    } finally {
      this.#readers -= 1;
      this.#closeIfDone();
    }
  }

  /** Closes the file as soon as no request is answered from it. */
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

/** Makes `earlier.mentions` from the snapshot before, and says which one that is. */
async function readPrevious(
  db: Database,
  paths: SitePaths,
  snapshot: Snapshot,
  log: Log,
): Promise<{ name: string; createdAt: string } | undefined> {
  await db.run("attach ':memory:' as earlier");
  const previous = (await listSnapshots(paths, "final"))
    .findLast(({ name }) => name < snapshot.name);
  let found = false;
  if (previous !== undefined) {
    const query = await Deno.readTextFile(
      new URL("../../sql/explorer/queries/previous_mentions.sql", import.meta.url),
    );
    try {
      await db.attach(previous.file, "previous");
      await db.run(`create table earlier.mentions as ${query}`);
      await db.run("detach previous");
      found = true;
    } catch (error) {
      log.warn(
        `New mentions are not known: "${previous.name}": ${messageOf(error).split("\n")[0]}`,
      );
    }
  }
  await db.run("create table if not exists earlier.mentions (mention_key ubigint)");
  await db.run(`create table earlier.state as select ${found} as has_previous`);
  return found ? { name: previous!.name, createdAt: previous!.manifest.created_at } : undefined;
}
