import type { MiddlewareHandler } from "hono";

/** Pages by snapshot and address, as they were sent: what a snapshot says never changes. */

/** Characters that are kept; the page asked for longest ago goes first. */
const MOST_CHARACTERS = 16_000_000;

/**
 * Answers from memory what was asked before.
 * @param snapshotOf from which snapshot a path is answered; what comes from none is not remembered
 */
export function pageCache(snapshotOf: (path: string) => string | undefined): MiddlewareHandler {
  const pages = new Map<string, string>();
  let characters = 0;
  return async (context, next) => {
    const { pathname, search } = new URL(context.req.url);
    const snapshot = snapshotOf(pathname);
    if (snapshot === undefined) return await next();
    const key = `${snapshot} ${pathname}${search}`;
    const known = pages.get(key);
    if (known !== undefined) {
      pages.delete(key);
      pages.set(key, known);
      return context.html(known);
    }
    await next();
    const type = context.res.headers.get("content-type") ?? "";
    if (context.res.status !== 200 || !type.startsWith("text/html")) return;
    const text = await context.res.clone().text();
    // another reader may have asked for the same in the meantime
    characters += text.length - (pages.get(key)?.length ?? 0);
    pages.set(key, text);
    for (const [oldest, page] of pages) {
      if (characters <= MOST_CHARACTERS) break;
      pages.delete(oldest);
      characters -= page.length;
    }
  };
}
