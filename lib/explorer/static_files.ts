/**
 * What pages load: the style sheet, our scripts, and packages for the browser as they come from npm.
 * @module
 */
import { SHARED_STYLE } from "../web/style.ts";
import { EXPLORER_STYLE } from "./style.ts";

/** A file as it is sent. */
export interface StaticFile {
  type: string;
  read: () => Promise<string>;
}

const JAVASCRIPT = "text/javascript; charset=utf-8";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#0d5c66"/>
<path d="M3 5h6M3 8h10M3 11h4" stroke="#fff" stroke-width="1.6"/></svg>`;

/** The files by name. */
export const STATIC_FILES: ReadonlyMap<string, StaticFile> = new Map(Object.entries({
  "style.css": {
    type: "text/css; charset=utf-8",
    read: () => Promise.resolve(SHARED_STYLE + EXPLORER_STYLE),
  },
  "icon.svg": { type: "image/svg+xml", read: () => Promise.resolve(ICON) },
  "explorer.js": { type: JAVASCRIPT, read: () => own("explorer.js") },
  "site.js": { type: JAVASCRIPT, read: () => own("site.js") },
  "shared.js": { type: JAVASCRIPT, read: () => own("shared.js") },
  "table.js": { type: JAVASCRIPT, read: () => own("table.js") },
  "entry.js": { type: JAVASCRIPT, read: () => own("entry.js") },
  "graph.js": { type: JAVASCRIPT, read: () => own("graph.js") },
  "graphology.js": {
    type: JAVASCRIPT,
    read: () => packaged(import.meta.resolve("graphology"), "graphology.umd.min.js"),
  },
  "sigma.js": {
    type: JAVASCRIPT,
    read: () => packaged(import.meta.resolve("sigma"), "sigma.min.js"),
  },
}));

/**
 * Packages that only the browser runs. Deno downloads what a module imports, so they are imported
 * here; nothing calls this.
 */
export const BROWSER_PACKAGES = [
  () => import("graphology"),
  () => import("sigma"),
  () => import("hyparquet"),
];

/** The modules that reading Parquet needs, by file name: `read.js` and what it imports. */
export async function hyparquetFiles(): Promise<Map<string, string>> {
  const folder = new URL(".", import.meta.resolve("hyparquet"));
  const files = new Map<string, string>();
  const waiting = ["read.js"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (files.has(name)) continue;
    const text = await Deno.readTextFile(new URL(name, folder));
    files.set(name, text);
    for (const [, other] of text.matchAll(/from '\.\/([\w.]+\.js)'/g)) waiting.push(other!);
  }
  return new Map([...files].sort());
}

function own(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`static/${name}`, import.meta.url));
}

/** A file in the folder of the package's entry. */
async function packaged(entry: string, name: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(name, entry));
  // the source map is not served, so the browser should not ask for it
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, "");
}
