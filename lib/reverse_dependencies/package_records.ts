import { type Entry, readAnswer } from "../storage/sealed_run.ts";
import { packageKey } from "./package_names.ts";
import { repositoryKey } from "./repository_ref.ts";
import { decimal, member, parseJson, text, texts, truth, whole } from "./json_values.ts";

/** Reading the package index's answers back: one record a registry and package. */

/** What the index says of a package in one registry; null is what it does not say. */
export interface PackageRecord {
  ecosystem: string;
  name: string;
  /** Under which two names are the same package. */
  package_key: string;
  registry: string | null;
  is_default_registry: boolean;
  purl: string | null;
  description: string | null;
  homepage: string | null;
  licenses: string | null;
  keywords: string[];
  repository_url: string | null;
  /** `host/owner/name` in small letters of `repository_url`. */
  repository_key: string | null;
  registry_url: string | null;
  status: string | null;
  latest_release_number: string | null;
  versions_count: number | null;
  first_release_published_at: string | null;
  latest_release_published_at: string | null;
  last_synced_at: string | null;
  dependent_packages_count: number | null;
  dependent_repos_count: number | null;
  downloads: number | null;
  downloads_period: string | null;
  docker_dependents_count: number | null;
  docker_downloads_count: number | null;
  /** Percent from the top, lower is better. */
  average_ranking: number | null;
}

/** Every record in the answers of a run; the same record may come more than once. */
export async function* packageRecords(
  folder: string,
  entries: Entry[],
): AsyncGenerator<PackageRecord> {
  for (const entry of entries) {
    const rows = parseJson(new TextDecoder().decode(await readAnswer(folder, entry)));
    if (!Array.isArray(rows)) continue;
    for (const row of rows) {
      const record = readPackageRecord(row);
      if (record !== null) yield record;
    }
  }
}

/** One record; null for what names no package. */
export function readPackageRecord(row: unknown): PackageRecord | null {
  const ecosystem = text(member(row, "ecosystem")) ?? text(member(row, "registry", "ecosystem"));
  const name = text(member(row, "name"));
  if (ecosystem === null || name === null) return null;
  const repositoryUrl = text(member(row, "repository_url"));
  return {
    ecosystem,
    name,
    package_key: packageKey(ecosystem, name),
    registry: text(member(row, "registry", "name")),
    is_default_registry: truth(member(row, "registry", "default")) ?? false,
    purl: text(member(row, "purl")),
    description: text(member(row, "description")),
    homepage: text(member(row, "homepage")),
    licenses: text(member(row, "licenses")),
    keywords: texts(member(row, "keywords_array")),
    repository_url: repositoryUrl,
    repository_key: repositoryKey(repositoryUrl),
    registry_url: text(member(row, "registry_url")),
    status: text(member(row, "status")),
    latest_release_number: text(member(row, "latest_release_number")),
    versions_count: whole(member(row, "versions_count")),
    first_release_published_at: text(member(row, "first_release_published_at")),
    latest_release_published_at: text(member(row, "latest_release_published_at")),
    last_synced_at: text(member(row, "last_synced_at")),
    dependent_packages_count: whole(member(row, "dependent_packages_count")),
    dependent_repos_count: whole(member(row, "dependent_repos_count")),
    downloads: whole(member(row, "downloads")),
    downloads_period: text(member(row, "downloads_period")),
    docker_dependents_count: whole(member(row, "docker_dependents_count")),
    docker_downloads_count: whole(member(row, "docker_downloads_count")),
    average_ranking: decimal(member(row, "rankings", "average")),
  };
}
