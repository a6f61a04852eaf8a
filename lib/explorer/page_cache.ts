/**
 * Pages in memory by snapshot and address, as they were sent: a snapshot never changes, so neither do
 * its pages.
 * @module
 */
import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";

/** Size of what is kept, keys included; the page requested longest ago goes first. */
const MOST_BYTES = 40_000_000;
/** Longer addresses are not remembered: nearly all of them are made up. */
const LONGEST_ADDRESS = 2000;
/** Smaller pages are not worth compressing. */
const LEAST_COMPRESSED = 1000;

interface CachedPage {
  body: Uint8Array<ArrayBuffer>;
  gzipped: Uint8Array<ArrayBuffer> | undefined;
  type: string;
  etag: string;
}

/**
 * Answers from memory what was answered before, compressed where the reader accepts it, and with 304
 * where the reader has it already.
 * @param snapshotOf the snapshot that a path is answered from; other paths are not remembered
 */
export function pageCache(snapshotOf: (path: string) => string | undefined): MiddlewareHandler {
  const pages = new Map<string, CachedPage>();
  let bytes = 0;
  return async (context, next) => {
    const { pathname, search } = new URL(context.req.url);
    const snapshot = snapshotOf(pathname);
    if (snapshot === undefined) return await next();
    const key = `${snapshot} ${pathname}${search}`;
    let page = pages.get(key);
    if (page !== undefined) {
      pages.delete(key);
      pages.set(key, page);
      return answer(context, page);
    }
    await next();
    const type = context.res.headers.get("content-type") ?? "";
    if (context.res.status !== 200 || !/^(text\/(html|css|javascript)|image\/svg)/.test(type)) {
      return;
    }
    const body = new Uint8Array(await context.res.arrayBuffer());
    page = { body, gzipped: await gzip(body), type, etag: etagOf(body) };
    if (key.length <= LONGEST_ADDRESS) {
      // another request may have made the same page in the meantime
      bytes += sizeOf(key, page) - (pages.has(key) ? sizeOf(key, pages.get(key)!) : 0);
      pages.set(key, page);
      for (const [oldest, old] of pages) {
        if (bytes <= MOST_BYTES) break;
        pages.delete(oldest);
        bytes -= sizeOf(oldest, old);
      }
    }
    context.res = undefined;
    context.res = answer(context, page);
  };
}

/** Whether the reader of the answer accepts gzip. */
export function acceptsGzip(context: Context): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0+)?\s*(,|$))/.test(context.req.header("accept-encoding") ?? "");
}

function answer(context: Context, { body, gzipped, type, etag }: CachedPage): Response {
  const headers = { "content-type": type, etag, vary: "accept-encoding" };
  const known = (context.req.header("if-none-match") ?? "").split(/,\s*/);
  if (known.some((it) => it.replace(/^W\//, "") === etag)) {
    return new Response(null, { status: 304, headers });
  }
  const isGzipped = acceptsGzip(context) && gzipped !== undefined;
  const content = isGzipped ? gzipped : body;
  return new Response(content, {
    headers: {
      ...headers,
      "content-length": String(content.length),
      ...(isGzipped ? { "content-encoding": "gzip" } : {}),
    },
  });
}

async function gzip(
  body: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body.length < LEAST_COMPRESSED) return undefined;
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function etagOf(body: Uint8Array): string {
  return `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
}

/** Bytes in memory: characters of a key take up to two. */
function sizeOf(key: string, { body, gzipped }: CachedPage): number {
  return 2 * key.length + body.length + (gzipped?.length ?? 0) + 200;
}
