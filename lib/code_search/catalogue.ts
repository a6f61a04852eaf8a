/**
 * The catalogue of a snapshot, as lines of code are compared with it.
 * @module
 */

import { Database } from "../duckdb/database.ts";
import type { Snapshot } from "../storage/snapshots.ts";
import {
  buildCatalogueIndex,
  type CatalogueDataset,
  type CatalogueIndex,
  type CatalogueResource,
} from "./match/catalogue_index.ts";

const INPUTS = new URL("../../sql/code_search/inputs/", import.meta.url);

/** The catalogue of a snapshot `clean_ckan_api`, as lines of code are compared with it. */
export async function readCatalogue(
  snapshot: Snapshot,
  options: {
    scratch: string;
    portalHosts: string[];
    hostAliases: Record<string, string>;
    formats: string[];
  },
): Promise<CatalogueIndex> {
  const db = await Database.open(options.scratch);
  try {
    await db.attach(snapshot.file, "clean_ckan_api");
    await db.run(await Deno.readTextFile(new URL("searched_resources.sql", INPUTS)));
    for (const format of options.formats) {
      await db.run("insert into wanted_formats values (lower(trim($1)))", [format]);
    }
    const resources: CatalogueResource[] = [];
    for await (const rows of db.stream<CatalogueResource>("from searched_resources")) {
      for (const row of rows) resources.push(row);
    }
    const datasets: CatalogueDataset[] = [];
    for await (const rows of db.stream<CatalogueDataset>("from searched_datasets")) {
      for (const row of rows) datasets.push(row);
    }
    return buildCatalogueIndex(resources, datasets, options);
  } finally {
    db.close();
  }
}
