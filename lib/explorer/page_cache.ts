import type { MiddlewareHandler } from "hono";

/** Pages by snapshot and address, as they were sent: what a snapshot says never changes. */

/** What is kept; the page asked for longest ago goes first. */
const MOST_BYTES = 40_000_000;

/**
 * Answers from memory what was asked before.
 * @param snapshotOf from which snapshot a path is answered; what comes from none is not remembered
 */
export function pageCache(
  snapshotOf: (path: string) => string | undefined,
): MiddlewareHandler {
  const pages = new Map<string, Uint8Array<ArrayBuffer>>();
  let bytes = 0;
  return async (context, next) => {
    const { pathname, search } = new URL(context.req.url);
    const snapshot = snapshotOf(pathname);
    if (snapshot === undefined) return await next();
    const key = `${snapshot} ${pathname}${search}`;
    const known = pages.get(key);
    if (known !== undefined) {
      pages.delete(key);
      pages.set(key, known);
      return context.body(known, 200, { "content-type": "text/html; charset=UTF-8" });
    }
    await next();
    const type = context.res.headers.get("content-type") ?? "";
    if (context.res.status !== 200 || !type.startsWith("text/html")) return;
    const page = new Uint8Array(await context.res.clone().arrayBuffer());
    // another reader may have asked for the same in the meantime
    bytes += page.length - (pages.get(key)?.length ?? 0);
    pages.set(key, page);
    for (const [oldest, { length }] of pages) {
      if (bytes <= MOST_BYTES) break;
      pages.delete(oldest);
      bytes -= length;
    }
  };
}
