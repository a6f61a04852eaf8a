import { createHash } from "node:crypto";
import { join } from "node:path";
import { Database } from "../../lib/duckdb/database.ts";
import type { Manifest } from "../../lib/storage/snapshots.ts";

/** Looks at a folder of snapshots all the time: what can be seen there has to be whole. */
export class SnapshotWatch {
  /** Hash of every snapshot at the moment it appeared. */
  readonly seen = new Map<string, string>();
  readonly faults: string[] = [];
  #stopped = false;
  #watching: Promise<void>;

  /** @param scratch for DuckDB */
  constructor(readonly folder: string, readonly scratch: string) {
    this.#watching = this.#watch();
  }

  /** Looks once more; whoever has seen a snapshot must find it unchanged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watching;
    await this.#look();
    for (const [name, hash] of this.seen) {
      if (this.#hash(name) !== hash) this.faults.push(`${name} has changed since it appeared`);
    }
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      await this.#look();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async #look(): Promise<void> {
    let entries: Deno.DirEntry[] = [];
    try {
      entries = [...Deno.readDirSync(this.folder)];
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    for (const { name } of entries) {
      // as `*.db` in a shell: hidden files are none
      if (!/^[^.].*\.db$/.test(name) || this.seen.has(name)) continue;
      try {
        await this.#check(name);
      } catch (error) {
        this.faults.push(`${name}: ${error}`);
      }
    }
  }

  async #check(name: string): Promise<void> {
    // nothing may come between the name and these two looks, so they do not wait
    const hash = this.#hash(name);
    this.seen.set(name, hash);
    const manifest: Manifest = JSON.parse(
      Deno.readTextFileSync(join(this.folder, name.replace(/\.db$/, ".json"))),
    );
    if (hash !== manifest.sha256) this.faults.push(`${name} is not what its manifest says`);
    const mode = Deno.statSync(join(this.folder, name)).mode! & 0o777;
    if (mode !== 0o444) this.faults.push(`${name} has mode ${mode.toString(8)}`);
    const db = await Database.open(this.scratch);
    try {
      await db.attach(join(this.folder, name), "it");
      for (const [table, wanted] of Object.entries(manifest.tables)) {
        const { rows } = await db.one<{ rows: number }>(
          `select count(*) as rows from it."${table}"`,
        );
        if (rows !== wanted) this.faults.push(`${name}: ${rows} rows in ${table}, not ${wanted}`);
      }
    } finally {
      db.close();
    }
  }

  #hash(name: string): string {
    return createHash("sha256").update(Deno.readFileSync(join(this.folder, name))).digest("hex");
  }
}
