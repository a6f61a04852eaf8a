/**
 * A large portal as a static site: time, memory, files and sizes, and what a search loads.
 * @module
 */
import { join } from "node:path";
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { finalOfLargeSite, sizesOf } from "./delivery_data.ts";
import { measureScript, printTable } from "./measure.ts";

const CONFIG_TEXT = `[site]
short_name = "bench"
title = "An invented country"
package_search_endpoint_url = "https://ckan.country.example/api/3/action/package_search"
`;

/** Publishes the portal in a process of its own and measures it. */
export async function benchPublish(scratch: string, sizes: number[]): Promise<void> {
  for (const datasets of sizes) {
    const root = await finalOfLargeSite(scratch, datasets);
    const config = join(scratch, "publish.toml");
    await Deno.writeTextFile(config, CONFIG_TEXT);
    const out = join(scratch, "site");
    const measured = await measureScript("tasks/publish_site.ts", [
      "--config-file",
      config,
      "--artifacts-dir",
      root,
      "--out",
      out,
      "--base-url",
      "https://data.example/usage/",
    ]);
    const { files, bytes, largest, index, words } = await sizesBelow(out);
    const { mentions } = sizesOf(datasets);
    printTable(
      `A static site of ${formatCount(datasets)} datasets, ${formatCount(mentions)} mentions`,
      ["", "figure"],
      [
        ["written in", formatSeconds(measured.seconds)],
        ["memory at most", formatBytes(measured.peakBytes)],
        ["files", formatCount(files)],
        ["size", formatBytes(bytes)],
        ["largest file", `${largest.path}, ${formatBytes(largest.bytes)}`],
        ["search index: description", formatBytes(index)],
        ["search index: largest file of words", formatBytes(words)],
        ["first view", formatBytes(await firstView(out))],
      ],
    );
    await Deno.remove(out, { recursive: true });
  }
}

async function sizesBelow(folder: string) {
  const sizes = { files: 0, bytes: 0, largest: { path: "", bytes: 0 }, index: 0, words: 0 };
  const visit = async (prefix: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(folder, prefix))) {
      const path = join(prefix, entry.name);
      if (entry.isDirectory) {
        await visit(path);
        continue;
      }
      const { size } = await Deno.stat(join(folder, path));
      sizes.files += 1;
      sizes.bytes += size;
      if (size > sizes.largest.bytes) sizes.largest = { path, bytes: size };
      if (path === join("search", "index.json.gz")) sizes.index = size;
      if (path.startsWith(join("search", "words"))) sizes.words = Math.max(sizes.words, size);
    }
  };
  await visit("");
  return sizes;
}

/** The home page and what it loads. */
async function firstView(folder: string): Promise<number> {
  let bytes = 0;
  for (const path of ["index.html", "assets/style.css", "assets/site.js", "assets/icon.svg"]) {
    bytes += (await Deno.stat(join(folder, path))).size;
  }
  return bytes;
}
