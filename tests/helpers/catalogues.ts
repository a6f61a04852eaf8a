import { parseConfig } from "../../lib/pipeline/config.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { type Snapshot } from "../../lib/storage/snapshots.ts";
import { CLEAN_TABLES, CONFIG_TEXT } from "./small_snapshots.ts";

/** States of a catalogue, each published as a snapshot `clean_ckan_api` of its own time. */

export interface CatalogueDataset {
  id: string;
  name?: string | null;
  title?: string | null;
  url?: string | null;
  license_id?: string | null;
  license_title?: string | null;
  metadata_modified?: string | null;
  resources: CatalogueResource[];
}

export interface CatalogueOrganization {
  id: string;
  name: string;
  title: string | null;
}

export interface CatalogueResource {
  id: string;
  name?: string | null;
  url: string;
  format?: string | null;
}

/** Publishes a state as `03_clean_datasets` would. @param at ISO time @param reasons why it is incomplete */
export async function publishState(
  root: string,
  at: string,
  datasets: CatalogueDataset[],
  {
    reasons = [] as string[],
    config = CONFIG_TEXT,
    parents = [{ file: at, sha256: at }],
    organizations = [] as CatalogueOrganization[],
  } = {},
): Promise<Snapshot> {
  const parsed = parseConfig(config, "small.toml");
  const site = {
    paths: sitePaths(root, parsed.site.short_name),
    config: parsed,
    now: () => new Date(at),
    force: true,
  };
  const { snapshot } = await publishSnapshot(site, {
    database: "clean_ckan_api",
    stage: "03_clean_datasets",
    parents,
    complete: reasons.length === 0,
    reasons,
  }, async (db) => {
    await db.run(CLEAN_TABLES);
    for (const { id, name, title } of organizations) {
      await db.run("insert into ckan_clean_organizations values ($1, $2, $3, null)", [
        id,
        name,
        title,
      ]);
    }
    for (const it of datasets) {
      const { name = it.id, title = null, url = null, resources } = it;
      const { license_id = null, license_title = null, metadata_modified = null } = it;
      await db.run(
        "insert into ckan_clean_datasets values ($1, $2, $3, null, null, $4, $5, $6, $7)",
        [it.id, name, title, url, license_id, license_title, metadata_modified],
      );
      for (const { id, name = null, url, format = null } of resources) {
        await db.run("insert into ckan_clean_all_resources values ($1, $2, $3, $4, $5, 1)", [
          id,
          it.id,
          name,
          url,
          format,
        ]);
      }
    }
  });
  return snapshot;
}
