/**
 * The catalog of a DuckLake: how it is attached, and how its errors are shown without passwords.
 *
 * @module
 */
import { resolve } from "node:path";
import { type Database, quoteText } from "../duckdb/database.ts";
import type { Environment } from "../cli/environment.ts";
import { messageOf, StageError, UsageError } from "../cli/errors.ts";
import { type Extension, loadExtensions } from "./extensions.ts";

/** A DuckLake: its catalogue in PostgreSQL or in a file, its Parquet in a folder or a bucket. */
export interface Lake {
  /** What DuckDB attaches; may hold a password. */
  catalog: string;
  /** How people may see it: without the connection string. */
  title: string;
  /** Where the Parquet goes; what the catalogue knows already where it is not given. */
  dataPath?: string;
  extensions: Extension[];
  /** Takes passwords out of an error's text. */
  scrub(text: string): string;
}

const POSTGRES = /^postgres(ql)?:/;

/**
 * The lake that `LAKE_CATALOG` and `LAKE_DATA_PATH` name. A data path in a folder becomes absolute,
 * because the catalogue keeps it for readers elsewhere.
 * @throws {UsageError} where it cannot be reported which is meant.
 */
export function lakeOf(env: Environment): Lake {
  const given = env("LAKE_CATALOG");
  if (given === undefined) {
    throw new UsageError(
      `LAKE_CATALOG is not set: expected e.g. "postgres:host=db.example dbname=lake" or a file`,
    );
  }
  const isPostgres = POSTGRES.test(given);
  if (!isPostgres && /^\w{2,}:/.test(given)) {
    throw new UsageError(
      `LAKE_CATALOG is of the kind "${given.split(":")[0]}": expected "postgres:…" or a file`,
    );
  }
  const path = env("LAKE_DATA_PATH");
  const isRemote = path !== undefined && /^\w+:\/\//.test(path);
  return {
    // libpq takes an address as it is
    catalog: isPostgres
      ? `postgres:${/^\w+:\/\//.test(given) ? given : given.replace(POSTGRES, "")}`
      : resolve(given),
    title: isPostgres ? "the lake in PostgreSQL" : `the lake "${given}"`,
    dataPath: path === undefined || isRemote ? path : resolve(path),
    extensions: [
      "ducklake",
      ...(isPostgres ? ["postgres_scanner" as const] : []),
      ...(isRemote ? ["httpfs" as const] : []),
    ],
    scrub: scrubber(given),
  };
}

/** Attaches the lake as `lake`; a new one is made where there is none. */
export async function attachLake(db: Database, lake: Lake, env: Environment): Promise<void> {
  await loadExtensions(db, lake.extensions, env);
  const options = [
    // all rows in Parquet, which others than DuckDB can read too
    "data_inlining_row_limit 0",
    ...(lake.dataPath === undefined ? [] : [`data_path ${quoteText(lake.dataPath)}`]),
  ];
  const sql = `attach ${quoteText(`ducklake:${lake.catalog}`)} as lake (${options.join(", ")})`;
  try {
    await db.run(sql);
  } catch (error) {
    const message = messageOf(error);
    // the catalogue alone knows that the Parquet lies in a bucket
    if (!/requires the extension httpfs/.test(message)) throw new StageError(attachFault(message));
    await loadExtensions(db, ["httpfs"], env);
    await db.run(sql);
  }
}

/** DuckLake's word for options of its own, said in the variables of this command. */
function attachFault(message: string): string {
  if (/data_path is not set/.test(message)) {
    return `the lake is new, and nothing says where its Parquet goes: set LAKE_DATA_PATH`;
  }
  const paths = /DATA_PATH parameter ("[^"]*") does not match .* catalog ("[^"]*")/.exec(message);
  if (paths === null) return message;
  return `LAKE_DATA_PATH is ${paths[1]}, but the lake has its Parquet in ${paths[2]}: unset it`;
}

/** An error of the lake as one line without secrets. */
export function lakeError(lake: Lake, error: unknown): Error {
  return new StageError(lake.scrub(messageOf(error)));
}

/** Takes out the connection string, and the password also where it is alone. */
function scrubber(given: string): (text: string) => string {
  const string = given.replace(POSTGRES, "");
  const passwords = [
    ...string.matchAll(/\bpassword\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s&]+))/gi),
    ...string.matchAll(/\/\/[^:@/]*:()([^@/]+)@/g),
  ].flatMap(([, quoted, bare]) => [quoted, bare]);
  const secrets = [given, string, ...passwords, ...passwords.map(decoded)]
    .filter((secret): secret is string => Boolean(secret))
    .sort((one, other) => other.length - one.length);
  if (!POSTGRES.test(given)) return (text) => text;
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What DuckDB and PostgreSQL say of a writer who was faster: two transactions on the same tables,
 * two that make the same lake, the lock on a catalogue in a file.
 */
const PASSING =
  /conflict|duplicate key value|already exists|could not serialize|deadlock detected|set lock on file/i;

/** Whether an error of the lake is that another writer was there: it may be tried again. */
export function isPassing(error: unknown): boolean {
  return PASSING.test(messageOf(error));
}
