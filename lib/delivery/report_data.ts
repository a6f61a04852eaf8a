import type { Database } from "../duckdb.ts";
import type { Manifest, Snapshot } from "../snapshots.ts";

/** What the report shows, read from the final tables; every number of it stands in the exports too. */

/** How often something is mentioned, in the columns that all usage tables share. */
export interface Usage {
  repositories: number;
  exact_repositories: number;
  normalized_repositories: number;
  query_variant_repositories: number;
  identifier_repositories: number;
  template_repositories: number;
  landing_page_repositories: number;
}

export interface DatasetRow extends Usage {
  dataset_id: string;
  name: string | null;
  title: string | null;
  organization: string | null;
  resources: number;
  evidence: Evidence[];
}

export interface Evidence {
  dataset_id: string;
  repository: string;
  path: string;
  line_number: number | null;
  url: string | null;
}

export interface OrganizationRow extends Usage {
  organization_id: string;
  title: string | null;
  name: string | null;
  datasets: number;
  mentioned_datasets: number;
}

export interface RepositoryRow {
  repository: string;
  counted_as: string;
  language: string | null;
  stars: number | null;
  datasets: number;
  mentions: number;
  match_kinds: string;
  kinds_of_use: string;
  example_path: string | null;
  example_url: string | null;
}

export interface MatchKindRow {
  match_kind: string;
  explanation: string;
  repositories: number;
  mentions: number;
  datasets: number;
  fork_mentions: number;
  mirror_mentions: number;
  generic_mentions: number;
  example_repository: string | null;
  example_path: string | null;
  example_line_number: number | null;
  example_text: string | null;
  example_url: string | null;
}

export interface BreakdownRow {
  value: string;
  datasets: number | null;
  mentioned_datasets: number;
  repositories: number | null;
}

export interface TopicRow {
  topic: string;
  topic_kind: string;
  datasets: number;
  mentioned_datasets: number;
  repositories: number;
}

export interface UnusedOrganization {
  organization: string | null;
  unused: number;
  datasets: number;
}

export interface UnusedDataset {
  name: string | null;
  title: string | null;
  organization: string | null;
  resources: number;
}

export interface PairRow {
  title: string | null;
  name: string | null;
  other_title: string | null;
  other_name: string | null;
  repositories: number;
  example_repository: string;
}

export interface SearchRow {
  backend: string;
  status: string | null;
  reason: string | null;
  queries: number;
  first_started_at: Date | null;
  last_finished_at: Date | null;
}

export interface SnapshotRow {
  file: string;
  database: string;
  sha256: string;
  created_at: Date;
  is_newest: boolean;
  is_complete: boolean;
  reason: string | null;
}

/** Everything that the report shows. */
export interface ReportData {
  manifest: Manifest;
  snapshotName: string;
  figures: Record<string, number>;
  datasets: DatasetRow[];
  organizations: OrganizationRow[];
  repositories: RepositoryRow[];
  apart: RepositoryRow[];
  matchKinds: MatchKindRow[];
  breakdowns: Record<string, BreakdownRow[]>;
  topics: TopicRow[];
  unusedByOrganization: UnusedOrganization[];
  unused: UnusedDataset[];
  pairs: PairRow[];
  trend: Record<string, number>;
  searches: SearchRow[];
  snapshots: SnapshotRow[];
}

/** Breakdowns that the report draws, each cut to its most mentioned values. */
export const BREAKDOWNS = [
  "kind_of_use",
  "language",
  "format",
  "licence",
  "repositories_per_dataset",
] as const;

/** Reads what the report shows from the catalog in use. */
export async function readReportData(db: Database, snapshot: Snapshot): Promise<ReportData> {
  const figures = await db.rows<{ figure: string; value: number }>(
    "select figure, value from final_key_figures",
  );
  const trend = await db.rows<{ state: string; pairs: number }>(
    "select state, count(*) as pairs from final_trend group by state",
  );
  const breakdowns: Record<string, BreakdownRow[]> = {};
  for (const name of BREAKDOWNS) {
    breakdowns[name] = await db.rows<BreakdownRow>(
      "select value, datasets, mentioned_datasets, repositories from final_breakdowns " +
        "where breakdown = $1 order by repositories desc nulls last, datasets desc, value limit 12",
      [name],
    );
  }
  return {
    manifest: snapshot.manifest,
    snapshotName: snapshot.name,
    figures: Object.fromEntries(figures.map((row) => [row.figure, row.value])),
    datasets: await readDatasets(db),
    organizations: await db.rows<OrganizationRow>(
      "select * from final_organization_usage where repositories > 0 " +
        "order by repositories desc, mentioned_datasets desc, organization_id limit 20",
    ),
    repositories: await readRepositories(db, "counted_as = 'original'", 25),
    apart: await readRepositories(db, "counted_as <> 'original'", 15),
    matchKinds: await db.rows<MatchKindRow>("select * from final_match_kinds order by strength"),
    breakdowns,
    topics: await db.rows<TopicRow>(
      "select topic, topic_kind, datasets, mentioned_datasets, repositories " +
        "from final_topic_usage where repositories > 0 " +
        "order by repositories desc, mentioned_datasets desc, topic, topic_kind limit 12",
    ),
    unusedByOrganization: await db.rows<UnusedOrganization>(
      "select coalesce(title, name) as organization, datasets - mentioned_datasets as unused, " +
        "datasets from final_organization_usage where datasets > mentioned_datasets " +
        "order by unused desc, organization_id limit 12",
    ),
    unused: await readUnused(db),
    pairs: await readPairs(db),
    trend: Object.fromEntries(trend.map((row) => [row.state, row.pairs])),
    searches: await db.rows<SearchRow>(
      "select * from final_searches order by backend, queries desc, status, reason limit 40",
    ),
    snapshots: await db.rows<SnapshotRow>(
      "select * from final_snapshots where is_newest order by created_at, file",
    ),
  };
}

async function readDatasets(db: Database): Promise<DatasetRow[]> {
  const datasets = await db.rows<DatasetRow>(
    "select usage.*, coalesce(organizations.title, organizations.name) as organization " +
      "from final_dataset_usage as usage left join final_clean_organizations as organizations " +
      "on usage.organization_id = organizations.id where usage.repositories > 0 " +
      "order by usage.repositories desc, usage.mentioned_resources desc, usage.dataset_id limit 30",
  );
  const evidence = await db.rows<Evidence>(
    "select dataset_id, repository, path, line_number, url from final_evidence " +
      "where dataset_id in (select unnest(from_json($1, '[\"VARCHAR\"]'))) order by place_number",
    [JSON.stringify(datasets.map((row) => row.dataset_id))],
  );
  for (const row of datasets) {
    row.evidence = evidence.filter((place) => place.dataset_id === row.dataset_id);
  }
  return datasets;
}

function readRepositories(db: Database, where: string, most: number): Promise<RepositoryRow[]> {
  return db.rows<RepositoryRow>(
    `select * from final_repositories where ${where} ` +
      `order by datasets desc, stars desc nulls last, repository limit ${most}`,
  );
}

function readUnused(db: Database): Promise<UnusedDataset[]> {
  return db.rows<UnusedDataset>(
    "select unused.name, unused.title, unused.resources, " +
      "coalesce(organizations.title, organizations.name) as organization " +
      "from final_unused_datasets as unused left join final_clean_organizations as organizations " +
      "on unused.organization_id = organizations.id " +
      "order by unused.resources desc, unused.dataset_id limit 30",
  );
}

function readPairs(db: Database): Promise<PairRow[]> {
  return db.rows<PairRow>(
    "select one.name, one.title, other.name as other_name, other.title as other_title, " +
      "pairs.repositories, pairs.example_repository from final_used_together as pairs " +
      "inner join final_clean_datasets as one on pairs.dataset_id = one.id " +
      "inner join final_clean_datasets as other on pairs.other_dataset_id = other.id " +
      "order by pairs.repositories desc, pairs.dataset_id, pairs.other_dataset_id limit 15",
  );
}
