/** What users and other programs rely on: names of tables and columns, and a manifest's keys. */

const RESOURCE_COLUMNS =
  "cache_last_updated, cache_url, created, description, format, hash, id, last_modified, " +
  "metadata_modified, mimetype, mimetype_inner, name, package_id, position, resource_type, size, " +
  "state, url, url_type";
const DATASET_COLUMNS = "author, author_email, creator_user_id, id, isopen, license_id, " +
  "license_title, license_url, maintainer, maintainer_email, metadata_created, " +
  "metadata_modified, name, notes, num_resources, num_tags, owner_org, private, state, title, " +
  "type, url, version";
const ORGANIZATION_COLUMNS = "approval_status, created, description, id, image_url, " +
  "is_organization, name, state, title, type";

/** Database → table → columns that are there at least. */
export const COLUMNS: Record<string, Record<string, string>> = {
  ckan_api: {
    ckan_datasets: `${DATASET_COLUMNS}, raw_json`,
    ckan_resources: RESOURCE_COLUMNS,
    ckan_organizations: ORGANIZATION_COLUMNS,
    ckan_groups: "dataset_id",
    ckan_tags: "dataset_id",
    ckan_extras: "dataset_id",
    ckan_relationships: "dataset_id",
  },
  clean_ckan_api: {
    ckan_clean_all_resources: RESOURCE_COLUMNS,
    ckan_clean_json_resources: RESOURCE_COLUMNS,
    ckan_clean_datasets: DATASET_COLUMNS,
    ckan_clean_organizations: ORGANIZATION_COLUMNS,
    cleaning_report: "table_name, column_name, reason, rows",
  },
  sourcegraph_api: {
    searches: "query, status, reason, started_at, finished_at, attempts, matches, bytes",
    search_results: "repository, path",
    line_matches: "repository, path, line_number",
    url_mentions: "repository, path, line_number, text, match_kind, dataset_id, resource_id, " +
      "shared_by, is_generic, is_fork, is_catalogue_mirror",
  },
  reverse_dependencies: {
    repositories: "repository, state, current_name",
    manifests: "repository",
    packages: "ecosystem, name, dependent_packages_count, dependent_repos_count, downloads",
    repository_packages: "repository, ecosystem, name, is_declared, is_confirmed",
  },
  final: {
    final_clean_all_resources: `${RESOURCE_COLUMNS}, dataset_id, organization_id`,
    final_clean_datasets: DATASET_COLUMNS,
    final_clean_organizations: ORGANIZATION_COLUMNS,
    final_clean_datasets_with_resource_count: `${DATASET_COLUMNS}, resources_count`,
    final_clean_organizations_with_resource_count: `${ORGANIZATION_COLUMNS}, resources_count`,
    final_sourcegraph_search_results: "repository, resource_url, repoStars, repoLastFetched, path",
    final_resource_repository_mappings: "resource_id, repository, dataset_id, organization_id",
    final_dataset_repository_mappings:
      "dataset_id, repository, organization_id, match_kind, mentions",
    final_repositories: "repository",
    final_packages: "ecosystem, name, dependent_packages_count, dependent_repos_count",
    final_dataset_usage: "dataset_id",
    final_organization_usage: "organization_id",
    final_dead_references: "repository, path, line_number, url_in_code",
  },
};

/** Columns that hold times, not text. */
export const TIMES: Record<string, string[]> = {
  clean_ckan_api: [
    "ckan_clean_all_resources.created",
    "ckan_clean_all_resources.last_modified",
    "ckan_clean_all_resources.metadata_modified",
    "ckan_clean_datasets.metadata_created",
    "ckan_clean_datasets.metadata_modified",
    "ckan_clean_organizations.created",
  ],
};

/** Keys that every manifest has. */
export const MANIFEST_KEYS = [
  "database",
  "site",
  "stage",
  "created_at",
  "bytes",
  "sha256",
  "crc32c",
  "storage_version",
  "tables",
  "parents",
  "complete",
  "reasons",
  "config",
];

/** What the web application of the Python original asks of `final`. */
export const WEB_APPLICATION = [
  "select id, title, image_url from final_clean_organizations",
  "select id, title, owner_org from final_clean_datasets",
  "select id, name, url, format, package_id, dataset_id, organization_id from final_clean_all_resources",
  "select resource_id, repository, dataset_id, organization_id from final_resource_repository_mappings",
  "select repository, repoStars, repoLastFetched, resource_url from final_sourcegraph_search_results",
];
