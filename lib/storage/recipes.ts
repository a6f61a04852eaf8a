/**
 * What decides the rows of a snapshot beside its parents: the recipe. A stage whose newest snapshot
 * has the same parents and the same recipe has nothing to do.
 *
 * A recipe is all SQL that the database uses, the settings of its stage, and the version of the
 * TypeScript that makes rows. Nothing can see that TypeScript makes other rows than before, so
 * whoever changes that raises the number here; `tests/pipeline/row_versions_test.ts` fails where
 * rows of a fixed input change and the number does not.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { hashOfSql, listDatabases } from "../duckdb/models.ts";

/** By folder of `sql/`. */
const ROWS: Record<string, { version: number; alsoUses?: string[] }> = {
  ckan_api: { version: 2 },
  clean_ckan_api: { version: 2 },
  code_search: { version: 7 },
  reverse_dependencies: { version: 2 },
  final: { version: 4, alsoUses: ["changes"] },
};

/** How the rows of a database are made now. */
export interface RowMaker {
  /** Version of the TypeScript. */
  version: number;
  /** Folder under `sql/`, and the hash of everything in it that makes rows. */
  sql: { folder: string; sha256: string };
}

/**
 * How the rows of a database are made now.
 * @param folder under `sql/`
 */
export async function rowMakerOf(folder: string): Promise<RowMaker> {
  const rows = ROWS[folder];
  if (rows === undefined && (await listDatabases()).includes(folder)) {
    throw new Error(`"${folder}" has no version in lib/storage/recipes.ts: add it there`);
  }
  const { version = 0, alsoUses = [] } = rows ?? {};
  return { version, sql: { folder, sha256: await hashOfSql(folder, ...alsoUses) } };
}

/** The hash that a manifest keeps as its `recipe`. */
export function hashOfRecipe({ version, sql }: RowMaker, settings: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([version, sql.sha256, settings ?? null]))
    .digest("hex");
}
