/**
 * Brings downloaded answers into tables that SQL works on: the database `staging`, in memory. The
 * records of hosts and of the package index stay JSON; the models take their fields out.
 * @module
 */

import { RowAppender } from "../duckdb/appender.ts";
import type { Database } from "../duckdb/database.ts";
import { readManifest } from "./manifests.ts";
import type { PackageRecord } from "./package_index.ts";
import { packageKey } from "./package_names.ts";
import type { RepositoryAnswer } from "./repository_answers.ts";

const STAGING = new URL("../../sql/reverse_dependencies/inputs/staging.sql", import.meta.url);

/** Members of the index's records that no table has, and that are most of their bytes. */
const UNUSED = new Set(["metadata", "repo_metadata", "advisories", "maintainers", "versions"]);

/** Loads the tables of sql/reverse_dependencies/inputs/staging.sql. */
export async function loadStaging(db: Database, from: {
  repositories: AsyncIterable<RepositoryAnswer>;
  packages: AsyncIterable<PackageRecord>;
  unanswered: { repository: string; reason: string }[];
}): Promise<void> {
  await db.run(await Deno.readTextFile(STAGING));
  const open = (name: string) => RowAppender.open(db, { catalog: "staging", name });
  const repositories = await open("repository_answers");
  const manifests = await open("manifest_files");
  for await (const { files, ...answer } of from.repositories) {
    repositories.add(
      answer.repository,
      answer.repository.toLowerCase(),
      (answer.current_name ?? answer.repository).toLowerCase(),
      answer.service,
      answer.state,
      answer.blocked_reason,
      answer.current_name,
      answer.is_empty,
      answer.record === null ? null : cleanJson(answer.record),
      answer.answered_at,
    );
    for (const file of files) {
      const { ecosystem, name, uuid, reason } = readManifest(file);
      manifests.add(
        answer.repository,
        file.path,
        ecosystem,
        name,
        name === null ? null : packageKey(ecosystem, name),
        uuid,
        reason,
        file.bytes === null ? null : BigInt(file.bytes),
        file.isBinary,
        file.isTruncated,
      );
    }
  }
  repositories.close();
  manifests.close();

  const packages = await open("package_records");
  for await (const { ecosystem, name, package_key, repository_key, record } of from.packages) {
    packages.add(ecosystem, name, package_key, repository_key, cleanJson(record));
  }
  packages.close();

  const unanswered = await open("unanswered");
  for (const { repository, reason } of from.unanswered) unanswered.add(repository, reason);
  unanswered.close();
}

/** JSON that DuckDB can read: without NUL and halves of characters, which JavaScript lets pass. */
export function cleanJson(record: unknown): string {
  return JSON.stringify(record, (name, value) => {
    if (UNUSED.has(name)) return undefined;
    if (typeof value === "string") return cleanText(value);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([member, inner]) => [cleanText(member), inner]),
    );
  });
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}
