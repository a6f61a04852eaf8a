import { join } from "node:path";
import { publishSite } from "../../lib/explorer/publish/publish.ts";
import { SiteData } from "../../lib/explorer/site_data.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { QUIET } from "./explorer_site.ts";

/** The small site as files, and a static server that knows nothing but files. */

/** Where the tests say that the site will be. */
export const BASE_URL = "https://data.small.example/usage/";

/** Publishes the newest `final` of the small site into a folder; with an empty base without one. */
export async function publishSmall(
  root: string,
  folder: string,
  baseUrl = BASE_URL,
): Promise<void> {
  const paths = sitePaths(root, "small");
  const data = await SiteData.open(paths, (await newestSnapshot(paths, "final"))!, QUIET);
  try {
    await Deno.mkdir(folder, { recursive: true });
    await publishSite(data, folder, baseUrl === "" ? undefined : baseUrl, QUIET);
  } finally {
    data.close();
  }
}

/** Every file below a folder by its path in it. */
export async function filesBelow(
  folder: string,
  prefix = "",
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const entry of Deno.readDir(join(folder, prefix))) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory) {
      for (const [name, bytes] of await filesBelow(folder, path)) files.set(name, bytes);
    } else files.set(path, await Deno.readFile(join(folder, path)));
  }
  return files;
}

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
  svg: "image/svg+xml",
  xml: "application/xml",
};

/** Serves a folder below `/some/path/`: no ranges, no compression, no default pages but index.html. */
export function serveFiles(folder: string): { origin: string; stop(): Promise<void> } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (it) => {
    const { pathname } = new URL(it.url);
    const path = decodeURIComponent(pathname).replace(/^\/some\/path\//, "");
    try {
      const file = join(folder, path === "" ? "index.html" : path);
      const type = TYPES[file.split(".").pop()!] ?? "application/octet-stream";
      return new Response(await Deno.readFile(file), { headers: { "content-type": type } });
    } catch {
      return new Response("not found", { status: 404 });
    }
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}/some/path`,
    stop: () => server.shutdown(),
  };
}
