import type { ComparedSite } from "../../web/comparison.ts";
import type { Database } from "../../duckdb/database.ts";
import type { Snapshot } from "../../storage/snapshots.ts";
import type { SummaryRow } from "../../web/changes_text.ts";
import { readReach } from "./reach_data.ts";
import type {
  BreakdownRow,
  ChangeRow,
  ChangesData,
  DatasetRow,
  DeadReference,
  Evidence,
  MatchKindRow,
  OrganizationRow,
  PairRow,
  ReportData,
  RepositoryRow,
  SearchRow,
  SnapshotRow,
  TopicRow,
  UnusedDataset,
  UnusedOrganization,
} from "./rows.ts";

/** What the report shows, read from the final tables; every number of it stands in the exports too. */

/** Breakdowns that the report draws, each cut to its most mentioned values. */
export const BREAKDOWNS = [
  "kind_of_use",
  "language",
  "format",
  "licence",
  "year_of_last_push",
  "repositories_per_dataset",
] as const;

/** Reads what the report shows from the catalog in use. */
export async function readReportData(
  db: Database,
  snapshot: Snapshot,
  portals: ComparedSite[],
): Promise<ReportData> {
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
        "order by repositories desc, mentioned_datasets desc, organization_id limit 15",
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
    deadReferences: await readDeadReferences(db),
    changes: await readChanges(db),
    reach: await readReach(db),
    portals,
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
      "order by usage.repositories desc, usage.mentioned_resources desc, usage.dataset_id limit 20",
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

/** The missing things that most repositories still ask for, each with one place. */
function readDeadReferences(db: Database): Promise<DeadReference[]> {
  return db.rows<DeadReference>(
    "select missing, names, count(distinct repository) as repositories, " +
      "max(dataset_title) as dataset_title, max(last_in_catalogue_at) as last_in_catalogue_at, " +
      "unnest(min_by(struct_pack(url_in_code := url_in_code, repository := repository, path := path, " +
      "line_number := line_number, url := url), " +
      "(repository, path, line_number, url_in_code))) " +
      "from final_dead_references where not is_fork and not is_catalogue_mirror " +
      "group by missing, names order by repositories desc, missing limit 30",
  );
}

/** How much changed since the catalogue before, first what is gone or moved and code mentions. */
async function readChanges(db: Database): Promise<ChangesData> {
  const [compared] = await db.rows<{ created_at: Date }>(
    "select created_at from final_snapshots where is_compared",
  );
  return {
    since: compared?.created_at,
    summary: await db.rows<SummaryRow>(
      "select thing, change, count(*) as changes, " +
        "count(*) filter (where is_with_dataset) as with_dataset " +
        "from final_changes group by thing, change",
    ),
    rows: await db.rows<ChangeRow>(
      "select * from final_changes where not is_with_dataset and change <> 'id_changed' " +
        "order by change in ('gone', 'url_moved') and repositories > 0 desc, repositories desc, " +
        "change <> 'gone', change <> 'url_moved', thing, " +
        "dataset_title, dataset_id, resource_name, resource_id, field limit 30",
    ),
  };
}
