import { readCatalogue } from "../../lib/code_search/catalogue.ts";
import {
  buildCatalogueIndex,
  type CatalogueIndex,
} from "../../lib/code_search/match/catalogue_index.ts";
import { compareLine } from "../../lib/code_search/match/mentions.ts";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot, type Snapshot } from "../../lib/storage/snapshots.ts";

/** Snapshots of a small catalogue and a small code search, written by hand, hostile metadata in them. */

/** A config for the small site. */
export const CONFIG_TEXT = `[site]
short_name = "small"
title = "Data of <Small> & Co."
package_search_endpoint_url = "https://ckan.small.example/api/3/action/package_search"

[code_search]
backend = "local"
endpoint_url = "nowhere"
`;

/** A title that wants to harm whoever shows it. */
export const HOSTILE_TITLES = {
  script: `<script>alert("x")</script>`,
  image: `"><img src=x onerror=alert(1)>`,
  override: "Budget \u202Etxt.exe\u202C of 2024",
  long: "Very long title ".repeat(640),
  formula: `=HYPERLINK("http://evil.example","click")`,
};

/** The tables of `clean_ckan_api`, with the columns that later stages read. */
export const CLEAN_TABLES = `
create table ckan_clean_all_resources (
    id varchar, package_id varchar, name varchar, url varchar, format varchar, size bigint
);
create table ckan_clean_datasets (
    id varchar, name varchar, title varchar, owner_org varchar, notes varchar, url varchar,
    license_id varchar, license_title varchar, metadata_modified timestamp
);
create table ckan_clean_organizations (
    id varchar, name varchar, title varchar, image_url varchar
);
create table cleaning_report (
    table_name varchar, column_name varchar, reason varchar, rows bigint
);
`;

const CATALOGUE = `${CLEAN_TABLES}
insert into ckan_clean_organizations values
    ('o1', 'statistics', 'Statistical Office', 'https://small.example/o1.png'),
    ('o2', 'parks', 'Parks <b>and</b> Gardens', 'javascript:alert(1)');
insert into cleaning_report values ('ckan_clean_all_resources', 'size', 'no whole number', 3);
`;

const SEARCHES = `
create table searches (
    query_id varchar, query varchar, status varchar, reason varchar, started_at timestamp,
    finished_at timestamp, attempts bigint, matches bigint, bytes bigint
);
create table search_results (
    repository varchar, path varchar, repo_stars bigint, repo_last_fetched timestamp,
    language varchar
);
create table line_matches (repository varchar, path varchar, line_number bigint, line varchar);
create table unmatched_urls (
    repository varchar, path varchar, line_number bigint, text varchar, host varchar,
    url_path varchar, url_query varchar, names varchar, reference varchar, url varchar
);
create table url_mentions (
    repository varchar, path varchar, line_number bigint, text varchar, match_kind varchar,
    dataset_id varchar, resource_id varchar, shared_by bigint, is_generic boolean,
    is_fork boolean, is_catalogue_mirror boolean, kind_of_use varchar, url varchar,
    query_id varchar, is_duplicate boolean
);
`;

/** A mention with what most of them have in common. */
export interface SmallMention {
  repository?: string;
  path?: string;
  line_number?: number;
  text?: string;
  match_kind?: string;
  dataset_id: string;
  resource_id?: string | null;
  is_generic?: boolean;
  is_duplicate?: boolean;
  /** Null where the search does not say. */
  is_fork?: boolean | null;
  is_catalogue_mirror?: boolean;
  kind_of_use?: string;
  url?: string;
  /** The line of code, where it is more than a call with the text. */
  line?: string;
}

/** Where the small site's artifacts lie, and its config. */
export function smallSite(root: string, config = CONFIG_TEXT) {
  return {
    paths: sitePaths(root, "small"),
    config: parseConfig(config, "small.toml"),
    now: () => new Date("2026-11-24T03:41:49Z"),
    force: false,
  };
}

/** Publishes `clean_ckan_api`: datasets d1 to d7, resources r1, r1b, r2 … r7. */
export async function publishCatalogue(
  site: ReturnType<typeof smallSite>,
  reasons: string[] = [],
): Promise<Snapshot> {
  const titles = [
    "Population by district",
    HOSTILE_TITLES.script,
    HOSTILE_TITLES.image,
    HOSTILE_TITLES.override,
    HOSTILE_TITLES.long,
    HOSTILE_TITLES.formula,
    "Trees no one mentions",
  ];
  const { snapshot } = await publishSnapshot(site, {
    database: "clean_ckan_api",
    stage: "03_clean_datasets",
    parents: [],
    complete: reasons.length === 0,
    reasons,
    settings: reasons,
  }, async (db) => {
    await db.run(CATALOGUE);
    for (const [index, title] of titles.entries()) {
      const number = index + 1;
      const owner = number % 2 === 1 ? "o1" : "o2";
      await db.run(
        "insert into ckan_clean_datasets values ($1, $2, $3, $4, $5, null, $6, null, null)",
        [`d${number}`, `dataset-${number}`, title, owner, "-1+1|calc", number > 3 ? "cc-by" : ""],
      );
      await addResource(db, `r${number}`, `d${number}`, index % 2 === 0 ? "CSV" : " csv ");
    }
    await addResource(db, "r1b", "d1", "<b>JSON</b>");
  });
  return snapshot;
}

async function addResource(db: Database, id: string, dataset: string, format: string) {
  await db.run(
    "insert into ckan_clean_all_resources values ($1, $2, $3, $4, $5, 12)",
    [id, dataset, "@SUM(A1)", `https://data.small.example/${id}.csv`, format],
  );
}

/** The newest catalogue, as stage 05 compares lines with it. */
async function catalogueOf(site: ReturnType<typeof smallSite>): Promise<CatalogueIndex> {
  const clean = await newestSnapshot(site.paths, "clean_ckan_api");
  if (clean === undefined) return buildCatalogueIndex([], [], { portalHosts: [] });
  return await readCatalogue(clean, {
    scratch: site.paths.scratch,
    portalHosts: site.config.site.portal_hosts,
    hostAliases: {},
    formats: [],
  });
}

/** Publishes `<backend>_api` with these mentions; repositories get stars by their name's length. */
export async function publishSearch(
  site: ReturnType<typeof smallSite>,
  mentions: SmallMention[],
  backend = "local",
): Promise<Snapshot> {
  const { snapshot } = await publishSnapshot(site, {
    database: `${backend}_api`,
    stage: "05_insert_search_results",
    parents: [],
    complete: true,
    reasons: [],
    settings: mentions,
  }, async (db) => {
    await db.run(SEARCHES);
    await db.run(
      "insert into searches values ('q1', 'data.small.example', 'complete', null, " +
        "'2026-11-24 03:00:00', '2026-11-24 03:00:05', 1, 9, 1000)",
    );
    const index = await catalogueOf(site);
    const files = new Set<string>();
    for (const mention of mentions) {
      const repository = mention.repository ?? "github.com/anna/maps";
      const path = mention.path ?? "src/load.py";
      const line = mention.line_number ?? 3;
      const resource = mention.resource_id ?? null;
      const text = mention.text ?? `https://data.small.example/${resource}.csv`;
      await db.run(
        "insert into url_mentions values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $12, 'q1', $13)",
        [
          repository,
          path,
          line,
          text,
          mention.match_kind ?? "exact",
          mention.dataset_id,
          resource,
          mention.is_generic ?? false,
          mention.is_fork === undefined ? false : mention.is_fork,
          mention.is_catalogue_mirror ?? false,
          mention.kind_of_use ?? "code",
          mention.url ?? `https://${repository}/blob/abc/${path}#L${line}`,
          mention.is_duplicate ?? false,
        ],
      );
      await db.run("insert into line_matches values ($1, $2, $3, $4)", [
        repository,
        path,
        line,
        mention.line ?? `load("${text}")`,
      ]);
      const url = mention.url ?? `https://${repository}/blob/abc/${path}#L${line}`;
      const { unmatched } = compareLine(mention.line ?? "", index);
      for (const one of unmatched) {
        await db.run(
          "insert into unmatched_urls values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
          [
            ...[repository, path, line, one.text, one.host, one.path, one.query],
            ...[one.names, one.reference, url],
          ],
        );
      }
      if (files.has(`${repository}/${path}`)) continue;
      files.add(`${repository}/${path}`);
      await db.run(
        "insert into search_results values ($1, $2, $3, '2026-11-01 00:00:00', 'Python')",
        [repository, path, repository.length],
      );
    }
  });
  return snapshot;
}

/** Mentions of every kind: original, fork, mirror, generic; a line that names two resources. */
export const SMALL_MENTIONS: SmallMention[] = [
  { dataset_id: "d1", resource_id: "r1" },
  { dataset_id: "d1", resource_id: "r1b", text: "https://data.small.example/shared.csv" },
  { dataset_id: "d1", resource_id: "r1", text: "https://data.small.example/shared.csv" },
  { dataset_id: "d1", resource_id: "r1", repository: "github.com/ben/atlas", line_number: 8 },
  {
    dataset_id: "d2",
    resource_id: "r2",
    match_kind: "normalized",
    path: `notes/<b>"'.md`,
    kind_of_use: "documentation",
  },
  {
    dataset_id: "d3",
    match_kind: "template",
    text: "https://data.small.example/{year}/x.csv",
    repository: "gitlab.com/city/lab",
    url: "javascript:alert(1)",
    kind_of_use: "notebook",
    path: "a.ipynb",
  },
  { dataset_id: "d4", match_kind: "landing_page", text: "https://small.example/dataset/dataset-4" },
  { dataset_id: "d5", resource_id: "r5", match_kind: "query_variant", path: "=cmd.csv" },
  {
    dataset_id: "d6",
    resource_id: "r6",
    match_kind: "identifier",
    path: "docs/links.md",
    line: "see https://small.example/dataset/old-trees",
  },
  { dataset_id: "d1", resource_id: "r1", repository: "github.com/eve/maps", is_fork: true },
  {
    dataset_id: "d7",
    resource_id: "r7",
    repository: "github.com/mir/ror",
    is_catalogue_mirror: true,
  },
  {
    dataset_id: "d7",
    resource_id: "r7",
    repository: "github.com/gen/eric",
    is_generic: true,
    text: "https://data.small.example",
  },
  { dataset_id: "gone", resource_id: "gone" },
];

/** Rows of the site's newest `final`. */
export async function finalRows(
  site: ReturnType<typeof smallSite>,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const snapshot = await newestSnapshot(site.paths, "final");
  const db = await Database.open(site.paths.scratch);
  try {
    await db.attach(snapshot!.file, "final");
    await db.run(`use "final"`);
    return await db.rows(sql);
  } finally {
    db.close();
  }
}
