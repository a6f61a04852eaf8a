/**
 * What the explorer answers besides pages: files of rows, and the two errors that are the reader's.
 * @module
 */
import type { Context } from "hono";
import { toCsv, toJson, toStream } from "../web/csv.ts";
import { acceptsGzip } from "./page_cache.ts";
import { singleLine } from "../web/html.ts";

/** There is no such page: status 404. */
export class NotFound extends Error {
  constructor() {
    super("there is no such page");
  }
}

/** The address is invalid: status 400, with the reason. */
export class BadRequest extends Error {}

/** A value of the address as it is shown in an error: quoted, on one line, and short. */
export function quoted(value: string): string {
  const line = singleLine(value);
  return JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}…` : line);
}

/**
 * Refuses parameters that the page does not have, so that no address has endless variants.
 * @throws {BadRequest}
 */
export function onlyParameters(query: URLSearchParams, ...names: string[]): void {
  for (const name of query.keys()) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? "this page has none" : `expected one of ${names.join(", ")}`;
    throw new BadRequest(`unknown parameter ${quoted(name)}: ${known}`);
  }
}

/** `name.csv` or `name.json` of an address. */
export function readFileName(context: Context): { name: string; type: "csv" | "json" } {
  const match = /^([a-z0-9_]+)\.(csv|json)$/.exec(context.req.param("file") ?? "");
  if (match === null) throw new NotFound();
  return { name: match[1]!, type: match[2] as "csv" | "json" };
}

/** Rows as a file of that type. */
export function rowsResponse(
  context: Context,
  name: string,
  type: "csv" | "json",
  about: Record<string, unknown>,
  chunks: AsyncIterable<Record<string, unknown>[]>,
): Response {
  const pieces = type === "csv" ? toCsv(chunks) : toJson(about, chunks);
  // the body of an answer to HEAD is never read, so nothing may begin to compress it
  const isGzipped = acceptsGzip(context) && context.req.raw.method === "GET";
  if (isGzipped) context.header("content-encoding", "gzip");
  context.header("vary", "accept-encoding");
  const body = toStream(pieces) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return context.body(
    isGzipped ? body.pipeThrough(new CompressionStream("gzip")) : body,
    200,
    type === "csv"
      ? {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}.csv"`,
      }
      : { "content-type": "application/json; charset=utf-8" },
  );
}

/** Rows that are there already, as the chunks that `rowsResponse` reads. */
export async function* chunksOf(rows: Record<string, unknown>[]) {
  yield await Promise.resolve(rows);
}
