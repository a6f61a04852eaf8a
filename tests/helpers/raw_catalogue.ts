import { quoteName } from "../../lib/duckdb/database.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { type Snapshot } from "../../lib/storage/snapshots.ts";
import type { smallSite } from "./small_snapshots.ts";

/** A raw catalogue written by hand: the columns of the contract, and which record came when. */

type RawRow = Record<string, string | number | null>;

/** Rows with the columns that matter; every other column is NULL. */
export interface RawRows {
  datasets?: RawRow[];
  resources?: RawRow[];
  organizations?: RawRow[];
}

const COLUMNS: Record<keyof RawRows, string> = {
  datasets: `author, author_email, creator_user_id, id, isopen, license_id, license_title,
    license_url, maintainer, maintainer_email, metadata_created, metadata_modified, name, notes,
    num_resources, num_tags, owner_org, private, state, title, type, url, version, raw_json`,
  resources:
    `dataset_id, cache_last_updated, cache_url, created, description, format, hash, id, last_modified,
    metadata_modified, mimetype, mimetype_inner, name, package_id, position, resource_type, size,
    state, url, url_type`,
  organizations: `approval_status, created, description, id, image_url, is_organization, name,
    state, title, type`,
};

/** Publishes `ckan_api` with these rows. */
export async function publishRaw(
  site: ReturnType<typeof smallSite>,
  rows: RawRows,
  reasons: string[] = [],
): Promise<Snapshot> {
  const { snapshot } = await publishSnapshot(site, {
    database: "ckan_api",
    stage: "02_insert_datasets",
    parents: [],
    complete: reasons.length === 0,
    reasons,
    settings: rows,
  }, async (db) => {
    await db.run(
      "create table ckan_record_faults (dataset_id varchar, fault varchar, places bigint, is_unread boolean)",
    );
    for (const [table, columns] of Object.entries(COLUMNS)) {
      const name = quoteName(`ckan_${table}`);
      const declared = columns.split(",").map((column) => `${column.trim()} varchar`).join(", ");
      await db.run(`create table ${name} (record_number bigint, ${declared})`);
      for (const given of rows[table as keyof RawRows] ?? []) {
        // a resource is listed by the dataset that it names, unless said otherwise
        const listed: RawRow = table === "resources"
          ? { dataset_id: given.package_id ?? null }
          : {};
        const row: RawRow = { ...listed, ...given };
        const places = Object.keys(row).map((_, at) => `$${at + 1}`).join(", ");
        await db.run(
          `insert into ${name} (${Object.keys(row).map(quoteName).join(", ")}) values (${places})`,
          Object.values(row),
        );
      }
    }
  });
  return snapshot;
}
