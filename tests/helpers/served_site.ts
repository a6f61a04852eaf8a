import { assertEquals } from "@std/assert";
import { basename, join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { type SitePaths, sitePaths } from "../../lib/storage/paths.ts";
import { demoCode } from "../../lib/demo/code/repositories.ts";
import { type CodeSearchOptions, startCodeSearch } from "../../lib/demo/services/code_search.ts";
import type { Service } from "../../lib/demo/services/service.ts";
import {
  type DemoPortal,
  type PortalOptions,
  startPortal,
} from "../../lib/demo/services/portal.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { listSnapshots, newestSnapshot } from "../../lib/storage/snapshots.ts";
import type { RunRecord } from "../../lib/pipeline/run_log.ts";
import { runHere } from "./run_here.ts";
import type { Ran } from "./run_task.ts";

/** The stages of the pipeline as processes, against the demo's portal and code search. */

const NAME = "served";

export interface ServedOptions {
  datasets: number;
  repositories: number;
  pageSize: number;
  portal?: Partial<PortalOptions>;
  search?: Partial<CodeSearchOptions>;
}

/** How a process ended. */
export interface End {
  code: number;
  signal: Deno.Signal | null;
  stderr: string;
}

/** A portal and a code search with one config; each run says in which folder it keeps its things. */
export class ServedSite {
  private constructor(
    readonly root: string,
    readonly portal: DemoPortal,
    readonly search: Service,
    readonly pageSize: number,
  ) {}

  /** Starts both services; `use` gets them, then all is gone. */
  static async with(
    options: ServedOptions,
    use: (site: ServedSite) => Promise<void>,
  ): Promise<void> {
    const { datasets, repositories } = options;
    const root = await Deno.makeTempDir();
    const portal = startPortal({ datasets, ...options.portal });
    const search = startCodeSearch({
      repositories: demoCode({ datasets, repositories }).repositories,
      ...options.search,
    });
    try {
      const site = new ServedSite(root, portal, search, options.pageSize);
      await site.configure();
      await use(site);
    } finally {
      await portal.close();
      await search.close();
      await Deno.remove(root, { recursive: true });
    }
  }

  get config(): string {
    return join(this.root, "served.toml");
  }

  /** Writes the config. @param more lines for the tables of both services */
  async configure(more = ""): Promise<void> {
    await Deno.writeTextFile(this.config, configText(this, more));
  }

  paths(folder: string): SitePaths {
    return sitePaths(join(this.root, folder), NAME);
  }

  /** Starts a task with the permissions of deno.json, as one process, so that it can be killed. */
  async start(
    folder: string,
    task: string,
    ...args: string[]
  ): Promise<{ kill: () => void; end: Promise<End> }> {
    const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
    const [, ...command] = (tasks[task].command as string).split(" ");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...command,
        ...this.#flags(folder),
        ...args,
      ],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const end = child.output().then(({ code, signal, stderr }) => ({
      code,
      signal,
      stderr: new TextDecoder().decode(stderr),
    }));
    return { kill: () => child.kill("SIGKILL"), end };
  }

  /** Runs a stage or the pipeline to its end, in this process. */
  run(folder: string, task: string, ...args: string[]): Promise<Ran> {
    return runHere({}, task, ...this.#flags(folder), ...args);
  }

  #flags(folder: string): string[] {
    return ["--config-file", this.config, "--artifacts-dir", join(this.root, folder)];
  }

  /** Gives a folder the snapshots of a database that is in another one. */
  async copySnapshots(from: string, to: string, database: string): Promise<void> {
    await ensureDir(this.paths(to).snapshots);
    for (const { file } of await listSnapshots(this.paths(from), database)) {
      for (const path of [file, file.replace(/\.db$/, ".json")]) {
        await Deno.copyFile(path, join(this.paths(to).snapshots, basename(path)));
      }
    }
  }

  /** What the runs in a folder left in `runs.ndjson`, oldest first. */
  async records(folder: string): Promise<RunRecord[]> {
    const text = await Deno.readTextFile(this.paths(folder).runs);
    return text.trimEnd().split("\n").map((line) => JSON.parse(line));
  }

  /** Rows of the newest snapshot of a database. */
  async rows<Row>(folder: string, database: string, sql: string): Promise<Row[]> {
    return await this.#attached([[folder, "it"]], database, async (db) => {
      await db.run("use it");
      return await db.rows<Row>(sql);
    });
  }

  /**
   * Compares every table of the newest snapshots of a database in two folders, rows in any order.
   * @param only.tables these alone, instead of all
   * @param only.without columns that may differ, such as times of the runs
   */
  async assertSameTables(
    folder: string,
    wanted: string,
    database: string,
    only: { tables?: string[]; without?: string[] } = {},
  ): Promise<void> {
    await this.#attached([[folder, "ours"], [wanted, "wanted"]], database, async (db) => {
      const tables = async (name: string) =>
        (await db.rows<{ name: string }>(
          "select table_name as name from duckdb_tables() where database_name = $1 order by all",
          [name],
        )).map((row) => row.name);
      const names = await tables("wanted");
      assertEquals(await tables("ours"), names);
      const columns = `columns(name -> not list_contains($1, name))`;
      for (const name of only.tables ?? names) {
        const differing = await db.rows(
          `(select 'too much' as what, * from (
              select ${columns} from ours.${name} except all select ${columns} from wanted.${name}
              limit 3
           )) union all (select 'missing' as what, * from (
              select ${columns} from wanted.${name} except all select ${columns} from ours.${name}
              limit 3
           ))`.replaceAll(
            "$1",
            `[${(only.without ?? []).map((column) => `'${column}'`).join(", ")}]::varchar[]`,
          ),
        );
        const shown = differing.map((row) => Deno.inspect(row, { strAbbreviateSize: 200 }));
        assertEquals(shown, [], `${database}.${name} is not what it is in an undisturbed run`);
      }
    });
  }

  async #attached<Result>(
    folders: [folder: string, name: string][],
    database: string,
    use: (db: Database) => Promise<Result>,
  ): Promise<Result> {
    const db = await Database.open(join(this.root, "scratch"));
    try {
      for (const [folder, name] of folders) {
        const snapshot = await newestSnapshot(this.paths(folder), database);
        if (snapshot === undefined) throw new Error(`no snapshot of ${database} in ${folder}`);
        await db.attach(snapshot.file, name);
      }
      return await use(db);
    } finally {
      db.close();
    }
  }
}

function configText(site: ServedSite, more: string): string {
  return `[site]
short_name = "${NAME}"
title = "Port Aurelia"
package_search_endpoint_url = "${site.portal.endpointUrl}"
portal_hosts = ["data.port-aurelia.example"]

[download]
page_size = ${site.pageSize}
concurrency = 4
requests_per_second = 1000
${more}
[code_search]
backend = "sourcegraph"
endpoint_url = "${site.search.url}"
concurrency = 4
requests_per_second = 1000
${more}`;
}
