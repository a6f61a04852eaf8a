/**
 * What the report shows, read from the final tables. Every number of it is in the exports too.
 * @module
 */
import type { ComparedSite } from "../../web/comparison.ts";
import type { Database } from "../../duckdb/database.ts";
import type { Manifest, Snapshot } from "../../storage/snapshots.ts";
import type { SummaryRow } from "../../web/changes.ts";

/**
 * Reads what the report shows from a `final` that is attached by that name.
 * @param previous the snapshot before, attached as `previous`
 */
export async function readReportData(
  db: Database,
  snapshot: Snapshot,
  portals: ComparedSite[],
  previous?: Snapshot,
): Promise<ReportData> {
  const query = async <Row>(name: string, values?: string[]): Promise<Row[]> =>
    await db.rows<Row>(await readQuery(name), values);
  const figures = await query<{ figure: string; value: number }>("key_figures");
  const trend = await query<{ state: string; pairs: number }>("report_trend");
  const datasets = await query<DatasetRow>("report_datasets");
  const evidence = await query<Evidence>("report_evidence", [
    JSON.stringify(datasets.map((row) => row.dataset_id)),
  ]);
  for (const row of datasets) {
    row.evidence = evidence.filter((place) => place.dataset_id === row.dataset_id);
  }
  const snapshots = await query<SnapshotRow>("report_snapshots");
  const [compared] = await query<{ created_at: Date }>("report_compared_catalogue");
  return {
    manifest: snapshot.manifest,
    snapshotName: snapshot.name,
    figures: Object.fromEntries(figures.map((row) => [row.figure, row.value])),
    datasets,
    organizations: await query("report_organizations"),
    repositories: await query("report_repositories"),
    countedApart: await query("report_repositories_counted_apart"),
    matchKinds: await query("report_match_kinds"),
    breakdowns: await query("report_breakdowns"),
    topics: await query("report_topics"),
    unmentionedByOrganization: await query("report_unmentioned_by_organization"),
    unmentioned: await query("report_unmentioned_datasets"),
    pairs: await query("report_dataset_pairs"),
    brokenLinks: await query("report_broken_links"),
    changes: {
      since: compared?.created_at,
      summary: await query("report_changes_summary"),
      rows: await query("report_changes"),
    },
    reach: {
      isKnown: snapshots.some(({ database }) => database === "reverse_dependencies"),
      datasets: await query("reach_of_datasets"),
      organizations: await query("reach_of_organizations"),
      kinds: await query("reach_by_kind"),
      packages: await query("packages_most_depended_on"),
    },
    portals,
    trend: Object.fromEntries(trend.map((row) => [row.state, row.pairs])),
    coverage: await query("report_coverage"),
    overlap: await query("report_overlap"),
    searches: await query("report_searches"),
    snapshots,
    newMentions: previous && {
      since: previous.manifest.created_at,
      rows: await query("report_new_mentions"),
    },
  };
}

function readQuery(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../../sql/final/queries/${name}.sql`, import.meta.url));
}

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

/** What a source of code holds and leaves out. */
export interface CoverageRow {
  source: string;
  title: string;
  repositories: number | null;
  files: number | null;
  as_of: Date | null;
  leaves_out: string | null;
  is_complete: boolean;
  reason: string | null;
}

/** Which repositories two sources found. */
export interface OverlapRow {
  title: string;
  other_title: string;
  repositories: number;
  other_repositories: number;
  in_both: number;
  in_either: number;
  estimated_repositories: number | null;
  estimated_low: number | null;
  estimated_high: number | null;
  unseen: number | null;
  unseen_low: number | null;
  unseen_high: number | null;
  warning: string | null;
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
  /** Lines, with commas between them; null where the line writes what it mentions. */
  made_from: string | null;
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
  breakdown: string;
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

export interface UnmentionedOrganization {
  organization: string | null;
  unmentioned: number;
  datasets: number;
}

export interface UnmentionedDataset {
  name: string | null;
  title: string | null;
  organization: string | null;
  resources: number;
}

export interface BrokenLink {
  missing: string;
  names: string;
  dataset_title: string | null;
  last_in_catalogue_at: Date | null;
  url_in_code: string;
  repositories: number;
  repository: string;
  path: string;
  line_number: number;
  url: string | null;
}

export interface ChangeRow {
  thing: SummaryRow["thing"];
  change: string;
  field: string | null;
  dataset_name: string | null;
  dataset_title: string | null;
  resource_name: string | null;
  old_value: string | null;
  new_value: string | null;
  url: string | null;
  organization_title: string | null;
  repositories: number;
}

/** What changed since an earlier catalogue. */
export interface ChangesData {
  /** When the earlier one was made; undefined where there is none. */
  since?: Date;
  summary: SummaryRow[];
  rows: ChangeRow[];
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

/** A mention that the snapshot before did not have. */
export interface NewMention {
  repository: string;
  path: string;
  line_number: number | null;
  url: string | null;
  match_kind: string;
  kind_of_use: string;
  name: string | null;
  title: string | null;
  /** Number of new mentions; the same in every row. */
  total: number;
}

/** Everything that the report shows. */
export interface ReportData {
  manifest: Manifest;
  snapshotName: string;
  figures: Record<string, number>;
  datasets: DatasetRow[];
  organizations: OrganizationRow[];
  repositories: RepositoryRow[];
  countedApart: RepositoryRow[];
  matchKinds: MatchKindRow[];
  breakdowns: BreakdownRow[];
  topics: TopicRow[];
  unmentionedByOrganization: UnmentionedOrganization[];
  unmentioned: UnmentionedDataset[];
  pairs: PairRow[];
  brokenLinks: BrokenLink[];
  changes: ChangesData;
  reach: ReachData;
  trend: Record<string, number>;
  /** This portal and the others in the same artifacts directory. */
  portals: ComparedSite[];
  coverage: CoverageRow[];
  overlap: OverlapRow[];
  searches: SearchRow[];
  snapshots: SnapshotRow[];
  /** What is new since the snapshot before; undefined where there is none. */
  newMentions?: { since: string; rows: NewMention[] };
}

/** The columns that all rows about reach share. */
export interface Reach {
  repositories: number;
  stars: number | null;
  packages: number;
  /** `npm: name`; null where there is not a package. */
  largest_package: string | null;
  /** Of one package; null where the index does not say. */
  dependent_packages_largest: number | null;
  /** Over distinct packages: what depends on two of them is in it twice. */
  dependent_packages_sum: number | null;
}

export interface DatasetReachRow extends Reach {
  name: string | null;
  title: string | null;
}

export interface OrganizationReachRow extends Reach {
  title: string;
}

export interface KindReachRow {
  match_kind: string;
  counted_as: string;
  datasets: number;
  datasets_with_packages: number;
  dependent_packages_largest: number | null;
}

export interface PackageRow {
  ecosystem: string;
  name: string;
  registry_url: string | null;
  repositories: number;
  datasets: number;
  dependent_packages_count: number | null;
}

export interface ReachData {
  /** Whether stages 06 to 08 ran. */
  isKnown: boolean;
  datasets: DatasetReachRow[];
  organizations: OrganizationReachRow[];
  kinds: KindReachRow[];
  packages: PackageRow[];
}
