import type { MiddlewareHandler } from "hono";

/** Pages by address, as they were sent: what a snapshot says never changes while it is open. */

/** Characters that are kept; the page asked for longest ago goes first. */
const MOST_CHARACTERS = 40_000_000;

/** Answers from memory what was asked before; `isKept` says of which paths. */
export function pageCache(isKept: (path: string) => boolean): MiddlewareHandler {
  const pages = new Map<string, string>();
  let characters = 0;
  return async (context, next) => {
    const { pathname, search } = new URL(context.req.url);
    if (!isKept(pathname)) return await next();
    const key = pathname + search;
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
