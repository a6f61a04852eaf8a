/**
 * Extensions of DuckDB that its package does not carry: found in a folder, or fetched by DuckDB.
 *
 * @module
 */
import { join } from "node:path";
import { type Database, quoteText } from "../duckdb/database.ts";
import type { Environment } from "../cli/environment.ts";
import { messageOf, StageError } from "../cli/errors.ts";

/** Names as their files have them. */
export type Extension = "ducklake" | "postgres_scanner" | "httpfs";

/**
 * Loads extensions: from `DUCKDB_EXTENSION_DIRECTORY` where it is set, and then the network is not
 * asked; else DuckDB installs what its own folder does not have.
 * @throws {StageError} that names all that are missing, and how to get them.
 */
export async function loadExtensions(
  db: Database,
  names: Extension[],
  env: Environment,
): Promise<void> {
  const folder = env("DUCKDB_EXTENSION_DIRECTORY");
  const { version } = await db.one<{ version: string }>("select version() as version");
  if (folder === undefined) return await installExtensions(db, names, version);
  const { platform } = await db.one<{ platform: string }>("pragma platform");
  const missing: Extension[] = [];
  for (const name of names) {
    const file = await findExtension(folder, name, version, platform);
    if (file === undefined) missing.push(name);
    else await load(db, file);
  }
  if (missing.length === 0) return;
  throw new StageError(
    `${extensionsOf(missing)} of DuckDB ${version} ${missing.length > 1 ? "are" : "is"} not in ` +
      `DUCKDB_EXTENSION_DIRECTORY (${folder}): run "pip install --no-deps --target ${folder} ` +
      `${packagesOf(missing, version)}"`,
  );
}

/** A file of an extension: as DuckDB lays them out, as Python's packages do, or the file alone. */
async function findExtension(
  folder: string,
  name: Extension,
  version: string,
  platform: string,
): Promise<string | undefined> {
  const file = `${name}.duckdb_extension`;
  const places = [
    join(folder, version, platform, file),
    join(folder, `duckdb_extension_${name}`, "extensions", version, file),
    join(folder, file),
  ];
  for (const place of places) {
    if ((await Deno.stat(place).catch(() => undefined))?.isFile) return place;
  }
}

async function load(db: Database, file: string): Promise<void> {
  try {
    await db.run(`load ${quoteText(file)}`);
  } catch (error) {
    throw new StageError(`"${file}" cannot be loaded: ${messageOf(error)}`);
  }
}

async function installExtensions(db: Database, names: Extension[], version: string) {
  for (const name of names) {
    try {
      await db.run(`install ${name}; load ${name}`);
    } catch (error) {
      const message = messageOf(error);
      const why = /\(ERROR (.*)\)/.exec(message)?.[1] ?? message;
      throw new StageError(
        `${extensionsOf([name])} could not be installed: ${why}: without network, run ` +
          `"pip install --no-deps --target DIR ${packagesOf(names, version)}" and set ` +
          `DUCKDB_EXTENSION_DIRECTORY to DIR`,
      );
    }
  }
}

function extensionsOf(names: Extension[]): string {
  return `${names.length > 1 ? "extensions" : "extension"} ${
    names.map((name) => `"${name}"`).join(", ")
  }`;
}

function packagesOf(names: Extension[], version: string): string {
  return names
    .map((name) => `duckdb-extension-${name.replace("_", "-")}==${version.replace(/^v/, "")}`)
    .join(" ");
}
