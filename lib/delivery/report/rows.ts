import type { ComparedSite } from "../../web/comparison.ts";
import type { Manifest } from "../../storage/snapshots.ts";
import type { SummaryRow } from "../../web/changes_text.ts";
import type { ReachData } from "./reach_data.ts";

/** The rows that the report shows, as the final tables have them. */

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

export interface DeadReference {
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
  thing: "dataset" | "resource";
  change: string;
  field: string | null;
  dataset_name: string | null;
  dataset_title: string | null;
  resource_name: string | null;
  old_value: string | null;
  new_value: string | null;
  url: string | null;
  repositories: number;
}

/** What changed since an earlier catalogue. */
export interface ChangesData {
  /** When the earlier one was made; undefined where none stands. */
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
  deadReferences: DeadReference[];
  changes: ChangesData;
  reach: ReachData;
  trend: Record<string, number>;
  /** This portal, and the others that stand beside it. */
  portals: ComparedSite[];
  searches: SearchRow[];
  snapshots: SnapshotRow[];
}
