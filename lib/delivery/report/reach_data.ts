import type { Database } from "../../duckdb/database.ts";

/** How far the data reaches through packages, as the report shows it. */

/** What all rows of reach share. */
export interface Reach {
  repositories: number;
  stars: number | null;
  packages: number;
  /** `npm: name`; null where there is no package. */
  largest_package: string | null;
  /** Of one package; null where the index does not tell. */
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
  /** Whether the package index was asked at all. */
  wasAsked: boolean;
  datasets: DatasetReachRow[];
  organizations: OrganizationReachRow[];
  kinds: KindReachRow[];
  packages: PackageRow[];
}

/** Reads the reach from the catalog in use. */
export async function readReach(db: Database): Promise<ReachData> {
  const { asked } = await db.one<{ asked: number }>(
    "select count(*) as asked from final_snapshots where database = 'reverse_dependencies'",
  );
  return {
    wasAsked: asked > 0,
    datasets: await db.rows(await readQuery("reach_of_datasets")),
    organizations: await db.rows(await readQuery("reach_of_organizations")),
    kinds: await db.rows(await readQuery("reach_by_kind")),
    packages: await db.rows(await readQuery("packages_most_depended_on")),
  };
}

function readQuery(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../../sql/final/queries/${name}.sql`, import.meta.url));
}
