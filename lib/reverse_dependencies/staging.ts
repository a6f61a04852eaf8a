import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import type { Database } from "../duckdb/database.ts";
import type { Facts } from "./repository_metadata.ts";
import { readManifest } from "./manifests.ts";
import { normalPypiName, packageKey } from "./package_names.ts";
import type { PackageRecord } from "./package_records.ts";
import type { RepositoryAnswer } from "./repository_answers.ts";

/**
 * Brings what was downloaded into tables that SQL works on: the database `staging`, in memory,
 * filled from files with one JSON object a line.
 */

type Columns<Row> = Record<keyof Row & string, string>;

/** A row of `staging.repository_answers`. */
type RepositoryRow = Omit<RepositoryAnswer, "facts" | "files"> & Facts & {
  repository_key: string;
  current_key: string;
};

const REPOSITORIES: Columns<RepositoryRow> = {
  repository: "varchar",
  repository_key: "varchar",
  current_key: "varchar",
  service: "varchar",
  state: "varchar",
  blocked_reason: "varchar",
  answered_at: "varchar",
  current_name: "varchar",
  database_id: "bigint",
  url: "varchar",
  description: "varchar",
  homepage: "varchar",
  stars: "bigint",
  forks: "bigint",
  licence: "varchar",
  language: "varchar",
  topics: "varchar[]",
  default_branch: "varchar",
  is_archived: "boolean",
  is_fork: "boolean",
  is_template: "boolean",
  is_mirror: "boolean",
  is_empty: "boolean",
  fork_of: "varchar",
  created_at: "varchar",
  pushed_at: "varchar",
};

const MANIFESTS = {
  repository: "varchar",
  path: "varchar",
  ecosystem: "varchar",
  name: "varchar",
  package_key: "varchar",
  uuid: "varchar",
  reason: "varchar",
  bytes: "bigint",
  is_binary: "boolean",
  is_truncated: "boolean",
};

const PACKAGES: Columns<PackageRecord> = {
  ecosystem: "varchar",
  name: "varchar",
  package_key: "varchar",
  registry: "varchar",
  is_default_registry: "boolean",
  purl: "varchar",
  description: "varchar",
  homepage: "varchar",
  licenses: "varchar",
  keywords: "varchar[]",
  repository_url: "varchar",
  repository_key: "varchar",
  registry_url: "varchar",
  status: "varchar",
  latest_release_number: "varchar",
  versions_count: "bigint",
  first_release_published_at: "varchar",
  latest_release_published_at: "varchar",
  last_synced_at: "varchar",
  dependent_packages_count: "bigint",
  dependent_repos_count: "bigint",
  downloads: "bigint",
  downloads_period: "varchar",
  docker_dependents_count: "bigint",
  docker_downloads_count: "bigint",
  average_ranking: "double",
};

const UNANSWERED = { repository: "varchar", reason: "varchar" };

/** Loads `staging.repository_answers`, `manifest_files`, `package_records` and `unanswered`. */
export async function loadStaging(db: Database, scratch: string, from: {
  repositories: AsyncIterable<RepositoryAnswer>;
  packages: AsyncIterable<PackageRecord>;
  unanswered: { repository: string; reason: string }[];
}): Promise<void> {
  await db.run("attach ':memory:' as staging");
  await ensureDir(scratch);
  const folder = await Deno.makeTempDir({ dir: scratch, prefix: "staging_" });
  const open = (table: string, columns: Record<string, string>) =>
    new LineFile(table, columns, join(folder, `${table}.ndjson`));
  const repositories = open("repository_answers", REPOSITORIES);
  const manifests = open("manifest_files", MANIFESTS);
  const packages = open("package_records", PACKAGES);
  const unanswered = open("unanswered", UNANSWERED);
  try {
    for await (const { facts, files, ...answer } of from.repositories) {
      const current = facts?.current_name ?? answer.repository;
      repositories.add({
        ...answer,
        ...facts,
        repository_key: answer.repository.toLowerCase(),
        current_key: current.toLowerCase(),
      });
      for (const file of files) {
        const { ecosystem, name, uuid, reason } = readManifest(file);
        manifests.add({
          repository: answer.repository,
          path: file.path,
          ecosystem,
          name: ecosystem === "pypi" && name !== null ? normalPypiName(name) : name,
          package_key: name === null ? null : packageKey(ecosystem, name),
          uuid,
          reason,
          bytes: file.bytes,
          is_binary: file.isBinary,
          is_truncated: file.isTruncated,
        });
      }
    }
    for await (const record of from.packages) packages.add(record);
    for (const row of from.unanswered) unanswered.add(row);
    for (const file of [repositories, manifests, packages, unanswered]) await file.load(db);
  } finally {
    for (const file of [repositories, manifests, packages, unanswered]) file.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Rows on their way into a table, written a megabyte at a time. */
class LineFile {
  #handle: Deno.FsFile | undefined;
  #lines: string[] = [];
  #length = 0;

  constructor(
    readonly table: string,
    readonly columns: Record<string, string>,
    readonly path: string,
  ) {
    this.#handle = Deno.openSync(path, { write: true, createNew: true });
  }

  add(row: object): void {
    const line = JSON.stringify(row);
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length > 1_000_000) this.#flush();
  }

  async load(db: Database): Promise<void> {
    this.#flush();
    const columns = Object.entries(this.columns);
    const declared = columns.map(([name, type]) => `${name} ${type}`).join(", ");
    await db.run(`create table staging.${this.table} (${declared})`);
    const types = columns.map(([name, type]) => `${name}: '${type}'`).join(", ");
    await db.run(
      `insert into staging.${this.table}
      from read_json($1, format = 'newline_delimited', maximum_object_size = 100000000,
          columns = {${types}})`,
      [this.path],
    );
  }

  close(): void {
    this.#handle?.close();
    this.#handle = undefined;
  }

  #flush(): void {
    const data = new TextEncoder().encode(this.#lines.map((line) => `${line}\n`).join(""));
    for (let at = 0; at < data.length;) at += this.#handle!.writeSync(data.subarray(at));
    this.#lines = [];
    this.#length = 0;
  }
}
