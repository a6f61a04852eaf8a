import type { Context } from "hono";
import { bodyOf, csvOf, jsonOf } from "../web/csv.ts";
import { NotFound } from "./failures.ts";

/** Answers that are files: the rows of a list as CSV or JSON. */

/** `name.csv` or `name.json` of an address. */
export function fileOf(context: Context): { name: string; type: "csv" | "json" } {
  const match = /^([a-z0-9_]+)\.(csv|json)$/.exec(context.req.param("file") ?? "");
  if (match === null) throw new NotFound();
  return { name: match[1]!, type: match[2] as "csv" | "json" };
}

/** Rows as a file of that type. */
export function file(
  context: Context,
  name: string,
  type: "csv" | "json",
  about: Record<string, unknown>,
  chunks: AsyncIterable<Record<string, unknown>[]>,
): Response {
  const pieces = type === "csv" ? csvOf(chunks) : jsonOf(about, chunks);
  return context.body(
    bodyOf(pieces),
    200,
    type === "csv"
      ? {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}.csv"`,
      }
      : { "content-type": "application/json; charset=utf-8" },
  );
}

/** Rows that are there already, as the chunks that `file` reads. */
export async function* chunksOf(rows: Record<string, unknown>[]) {
  yield await Promise.resolve(rows);
}
