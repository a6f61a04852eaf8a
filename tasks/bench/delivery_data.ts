/**
 * Snapshots of a large invented portal, made by DuckDB itself: the same rows on every run.
 *
 * @module
 */
import { join } from "node:path";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import type { Database } from "../../lib/duckdb/database.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot, type Snapshot } from "../../lib/storage/snapshots.ts";
import { measureScript } from "./measure.ts";

/** The config of the invented portal. */
const CONFIG_TEXT = `[site]
short_name = "bench"
title = "An invented country"
package_search_endpoint_url = "https://ckan.country.example/api/3/action/package_search"

[code_search]
backend = "local"
endpoint_url = "nowhere"
`;

/** Its short name. */
export const SITE = "bench";

const RESOURCES_EACH = 5;
/** A place of code in 10 belongs to the same repository, as in real searches. */
const MENTIONS_PER_REPOSITORY = 10;

/** How much of what there is. */
interface Sizes {
  datasets: number;
  resources: number;
  mentions: number;
  repositories: number;
}

/** The sizes of a portal with so many datasets: 300,000 have 500,000 mentions. */
export function sizesOf(datasets: number): Sizes {
  const mentions = Math.round(datasets * 5 / 3);
  return {
    datasets,
    resources: RESOURCES_EACH * datasets,
    mentions,
    repositories: Math.ceil(mentions / MENTIONS_PER_REPOSITORY),
  };
}

const RAW = `
create table ckan_datasets as select id, name from made_datasets;
create table ckan_resources as select id from made_resources;
create table ckan_tags as
    select
        made_datasets.id as dataset_id,
        'tag-' || (hash(made_datasets.number, tag) % 4000) as name,
        'Tag ' || (hash(made_datasets.number, tag) % 4000) as display_name
    from made_datasets, range(3) as tags(tag);
create table ckan_groups as
    select id as dataset_id, 'group-' || number % 15 as name, 'Group ' || number % 15 as title
    from made_datasets;
`;

const CLEAN = `
create table ckan_clean_datasets as
    select
        id, name, 'Register of ' || name || ' by district and year' as title,
        'o' || number % 2000 as owner_org, repeat('What is in it and how it was made. ', 12) as notes,
        null::varchar as url, 'cc-by' as license_id, 'Attribution ' || number % 12 as license_title,
        timestamp '2026-01-01' as metadata_modified
    from made_datasets;
create table ckan_clean_all_resources as
    select
        id, package_id, 'File ' || id as name, url,
        ['CSV', 'JSON', 'XLSX', 'WMS', 'GeoJSON'][1 + number % 5] as format,
        (hash(number) % 1000000)::bigint as size
    from made_resources;
create table ckan_clean_organizations as
    select
        'o' || number as id, 'office-' || number as name, 'Office no. ' || number as title,
        null::varchar as image_url
    from range(2000) as numbers(number);
create table cleaning_report (
    table_name varchar, column_name varchar, reason varchar, rows bigint
);
`;

/** Few datasets have most of the mentions, and one line in 30 has an address that is broken. */
const SEARCH = `
create table url_mentions as
    select
        'github.com/owner' || repository % 900 || '/project-' || repository as repository,
        'src/module_' || hash(place, 1) % 50 || '.py' as path,
        (1 + hash(place, 2) % 900)::bigint as line_number,
        made_resources.url as text,
        ['exact', 'exact', 'exact', 'normalized', 'query_variant', 'identifier', 'template',
            'landing_page'][1 + (hash(place, 3) % 8)::bigint] as match_kind,
        made_resources.package_id as dataset_id,
        if(hash(place, 3) % 8 < 6, made_resources.id, null) as resource_id,
        1::bigint as shared_by,
        hash(place, 4) % 100 = 0 as is_generic,
        repository % 20 = 0 as is_fork,
        repository % 500 = 1 as is_catalogue_mirror,
        ['code', 'notebook', 'documentation', 'data'][1 + (hash(place, 5) % 4)::bigint] as kind_of_use,
        'https://github.com/owner/project/blob/abc/file.py#L1' as url,
        'q1' as query_id,
        false as is_duplicate
    from (
        select
            place,
            hash(place, 6) % $repositories as repository,
            floor(pow((hash(place, 7) % 1000000) / 1e6, 3) * $resources)::bigint as resource
        from range($mentions) as places(place)
    )
    inner join made_resources on resource = made_resources.number;
create table line_matches as
    select
        repository, path, line_number,
        'load("' || text || '") # ' || repeat('as others do ', 5)
        || if(hash(text, line_number) % 30 = 0,
            'https://ckan.country.example/dataset/gone-' || hash(text) % 9000, '') as line
    from url_mentions;
create table search_results as
    select distinct on (repository, path)
        repository, path, (hash(repository) % 3000)::bigint as repo_stars,
        timestamp '2026-11-01' as repo_last_fetched,
        ['Python', 'R', 'JavaScript', 'Go'][1 + (hash(path) % 4)::bigint] as language
    from url_mentions;
create table searches as
    select
        'q1' as query_id, 'ckan.country.example' as query, 'complete' as status,
        null::varchar as reason, timestamp '2026-11-24' as started_at,
        timestamp '2026-11-24' as finished_at, 1::bigint as attempts, count(*) as matches,
        1::bigint as bytes
    from url_mentions;
`;

const DEPENDENTS = `
create table repositories as
    select
        'github.com/owner' || number % 900 || '/project-' || number as repository,
        'found' as state, repository as current_name, 'What it does' as description,
        (hash(number) % 3000)::bigint as stars, 'MIT' as licence, false as is_archived,
        number % 20 = 0 as is_fork,
        timestamp '2015-01-01' + to_days((hash(number) % 4000)::integer) as pushed_at
    from range($repositories) as numbers(number);
create table repository_packages as
    select
        repository, ['npm', 'pypi', 'go'][1 + (hash(repository) % 3)::bigint] as ecosystem,
        'package-' || hash(repository) % 100000 as name, true as is_declared,
        hash(repository, 1) % 4 > 0 as is_confirmed
    from repositories
    where hash(repository, 2) % 3 = 0;
create table packages as
    select distinct
        ecosystem, name, 'a registry' as registry,
        floor(pow((hash(name) % 1000) / 1e3, 8) * 20000)::bigint as dependent_packages_count
    from repository_packages;
`;

/** Publishes all that 09 reads of a portal of that size, unless it exists; gives where it is. */
export async function largeSite(
  scratch: string,
  datasets: number,
): Promise<{ root: string; config: string }> {
  const root = join(scratch, String(datasets));
  const config = join(scratch, "bench.toml");
  await Deno.writeTextFile(config, CONFIG_TEXT);
  if (await newestSnapshot(sitePaths(root, SITE), "reverse_dependencies") === undefined) {
    await publishLargeSite(root, sizesOf(datasets));
  }
  return { root, config };
}

/** The same with its `final`, unless that exists; gives the artifacts directory. */
export async function finalOfLargeSite(scratch: string, datasets: number): Promise<string> {
  const { root, config } = await largeSite(scratch, datasets);
  if (await newestSnapshot(sitePaths(root, SITE), "final") === undefined) {
    const { exit, stderr } = await measureScript("tasks/09_build_final.ts", [
      "--config-file",
      config,
      "--artifacts-dir",
      root,
    ]);
    if (exit !== 0) throw new Error(`"09_build_final" ended with ${exit}: ${stderr.trim()}`);
  }
  return root;
}

async function publishLargeSite(root: string, sizes: Sizes): Promise<void> {
  const site = {
    paths: sitePaths(root, SITE),
    config: parseConfig(CONFIG_TEXT, "bench.toml"),
    now: () => new Date(),
    force: false,
  };
  const publish = async (
    database: string,
    stage: string,
    parents: Snapshot[],
    sql: string,
  ): Promise<Snapshot> => {
    const plan = {
      database,
      stage,
      parents: parents.map((snapshot) => snapshot.parent),
      complete: true,
      reasons: [],
    };
    const { snapshot } = await publishSnapshot(site, plan, async (db) => {
      await makeCatalogue(db, sizes);
      await db.run(
        sql
          .replaceAll("$repositories", String(sizes.repositories))
          .replaceAll("$resources", String(sizes.resources))
          .replaceAll("$mentions", String(sizes.mentions)),
      );
    });
    return snapshot;
  };
  const raw = await publish("ckan_api", "02_insert_datasets", [], RAW);
  const clean = await publish("clean_ckan_api", "03_clean_datasets", [raw], CLEAN);
  await publish("local_api", "05_insert_search_results", [clean], SEARCH);
  await publish("reverse_dependencies", "08_insert_dependents", [], DEPENDENTS);
}

async function makeCatalogue(db: Database, { datasets, resources }: Sizes): Promise<void> {
  await db.run(
    `create temp table made_datasets as
        select number, md5(number::varchar) as id, 'register-' || number as name
        from range(${datasets}) as numbers(number);
    create temp table made_resources as
        select
            number, md5('r' || number) as id, md5((number // ${RESOURCES_EACH})::varchar) as package_id,
            'https://data.country.example/files/' || number // ${RESOURCES_EACH} || '/' || number
            || '.csv' as url
        from range(${resources}) as numbers(number)`,
  );
}
