/** A site whose code search found given repositories, and the stages 06 to 08 run on it. */

import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { runHere } from "./run_here.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

export interface Services {
  github_api_url: string;
  gitlab_api_url: string;
  bitbucket_api_url: string;
}

/** How a stage ended. */
export interface Ended {
  exit: number;
  errors: string;
}

export class Site {
  private constructor(readonly folder: string, readonly env: Record<string, string>) {}

  /** A site in a new folder, whose search found something in each of these repositories. */
  static async make(
    found: readonly { name: string; stars?: number }[],
    services: { hosts: Services; packages_api_url: string },
    env: Record<string, string> = {},
  ): Promise<Site> {
    const folder = await Deno.makeTempDir({ prefix: "dependents_" });
    const { hosts, packages_api_url } = services;
    const toml = [
      "[site]",
      'short_name = "town"',
      'package_search_endpoint_url = "http://127.0.0.1:1/api/3/action/package_search"',
      "[repositories]",
      ...Object.entries(hosts).map(([key, value]) => `${key} = "${value}"`),
      "[dependents]",
      `packages_api_url = "${packages_api_url}"`,
    ].join("\n");
    await Deno.writeTextFile(join(folder, "town.toml"), toml);
    const paths = sitePaths(join(folder, "artifacts"), "town");
    const site = {
      paths,
      config: parseConfig(toml, "town.toml"),
      now: () => new Date(),
      force: true,
    };
    const plan = {
      database: "sourcegraph_api",
      stage: "05_insert_search_results",
      parents: [],
      complete: true,
      reasons: [],
    };
    await publishSnapshot(site, plan, async (db) => {
      await db.run("create table url_mentions (repository varchar, path varchar)");
      await db.run("create table search_results (repository varchar, repo_stars bigint)");
      const rows = JSON.stringify(found.map(({ name, stars }) => ({ name, stars: stars ?? null })));
      await db.run(
        `create temp table given as
        select unnest(from_json($1::json, '[{"name": "varchar", "stars": "bigint"}]'), recursive := true)`,
        [rows],
      );
      await db.run("insert into url_mentions select name, unnest(['a.py', 'b.py']) from given");
      await db.run("insert into search_results select name, stars from given");
    });
    return new Site(folder, env);
  }

  get artifacts(): string {
    return join(this.folder, "artifacts");
  }

  start(task: string, ...flags: string[]): Deno.ChildProcess {
    const { tasks, permissions } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json")));
    // the very permissions of the task, but for the network, and without a shell between
    const command: string[] = tasks[task].command.split(" ").slice(1).flatMap((word: string) =>
      word.startsWith("-P=") ? onThisMachine(permissions[word.slice(3)]) : word
    );
    return new Deno.Command(Deno.execPath(), {
      args: [
        ...command,
        ...this.#flags,
        ...flags,
      ],
      cwd: ROOT,
      env: { GITHUB_TOKEN: "", CONTACT_EMAIL: "", ...this.env },
      stderr: "piped",
      stdout: "null",
    }).spawn();
  }

  /** Runs a stage to its end, in this process. */
  async run(task: string, ...flags: string[]): Promise<Ended> {
    const { code, stderr } = await runHere(this.env, task, ...this.#flags, ...flags);
    return { exit: code, errors: stderr };
  }

  get #flags(): string[] {
    return [
      ...["--config-file", join(this.folder, "town.toml")],
      ...["--artifacts-dir", this.artifacts],
    ];
  }

  /** Rows of a select over the newest snapshot, attached as `dependents`. */
  async rows<Row>(sql: string): Promise<Row[]> {
    const paths = sitePaths(this.artifacts, "town");
    const snapshot = await newestSnapshot(paths, "reverse_dependencies");
    const db = await Database.open(paths.scratch);
    try {
      await db.attach(snapshot!.file, "dependents");
      await db.run("use dependents");
      return await db.rows<Row>(sql);
    } finally {
      db.close();
    }
  }

  /** The seal of the newest run of a kind. */
  async seal(kind: string): Promise<{
    complete: boolean;
    reasons: string[];
    counts: Record<string, number>;
    details: Record<string, { repository: string; reason: string }[]>;
  }> {
    const folder = sitePaths(this.artifacts, "town").downloads(kind);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    return JSON.parse(await Deno.readTextFile(join(folder, names.at(-1)!, "manifest.json")));
  }

  /** The journal lines of the newest run of a kind. */
  async journal(kind: string): Promise<Record<string, unknown>[]> {
    const folder = sitePaths(this.artifacts, "town").downloads(kind);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const text = await Deno.readTextFile(join(folder, names.at(-1)!, "journal.ndjson"));
    return text.trim().split("\n").map((line) => JSON.parse(line));
  }

  async remove(): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** A set of permissions as flags, with the network of this machine only. */
function onThisMachine(set: Record<string, true | string[]>): string[] {
  return Object.entries(set).map(([name, value]) =>
    name === "net"
      ? "--allow-net=127.0.0.1"
      : `--allow-${name}${value === true ? "" : `=${value.join(",")}`}`
  );
}
