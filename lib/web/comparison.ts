/**
 * The figures that portals are compared by, in the report and in the explorer.
 * @module
 */
import type { Snapshot } from "../storage/snapshots.ts";

/** One portal, as its newest final tables have it. */
export interface ComparedSite {
  site: string;
  title: string;
  /** The file of the final tables. */
  snapshot: string;
  datasets: number;
  mentioned_datasets: number;
  /** 0 to 1; null where there are no datasets. */
  mentioned_share: number | null;
  repositories: number;
  /** Null where stages 06 to 08 did not run. */
  packages: number | null;
  largest_package_dependents: number | null;
  catalogued_at: Date | null;
  searched_at: Date | null;
  datasets_with_time: number;
  modified_in_last_year: number;
  /** 0 to 1, of the datasets that say when they were modified; null where none does. */
  modified_share: number | null;
  queries: number;
  complete_queries: number;
  is_complete: boolean;
  /** Why not; empty where it is. */
  reasons: string;
}

/** The figures of a portal, as the query gives them. */
export type ComparedFigures = Omit<
  ComparedSite,
  "site" | "title" | "snapshot" | "is_complete" | "reasons"
>;

/** The query over a `final` that is attached by that name; it gives one row. */
export function comparisonQuery(): Promise<string> {
  return Deno.readTextFile(new URL("../../sql/final/queries/comparison.sql", import.meta.url));
}

/** A portal with what its manifest says of it. */
export function comparedSite(snapshot: Snapshot, figures: ComparedFigures): ComparedSite {
  const { config: { site }, complete, reasons } = snapshot.manifest;
  return {
    site: site.short_name,
    title: site.title ?? site.short_name,
    snapshot: snapshot.name,
    ...figures,
    is_complete: complete,
    reasons: reasons.join("; "),
  };
}
