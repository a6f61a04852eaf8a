/**
 * Measures the explorer under load: opening a large site, and pages for many readers at once.
 *
 * @module
 */
import { sitePaths } from "../../lib/storage/paths.ts";
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { finalOfLargeSite, SITE, sizesOf } from "./delivery_data.ts";
import { explorerAddresses, keystrokes } from "./explorer_addresses.ts";
import { printTable } from "./measure.ts";
import { type Server, startServer } from "./server.ts";

/** Readers at once; each asks for the next page as soon as one has come. */
const READERS = 20;
const PAGES_OF_A_KIND = 60;
const KEYSTROKES = 1000;

/** The explorer under load over a large portal: time a page, processor time, memory of the server. */
export async function benchExplorer(scratch: string, sizes: number[]): Promise<void> {
  for (const datasets of sizes) {
    const root = await finalOfLargeSite(scratch, datasets);
    const { file } = (await newestSnapshot(sitePaths(root, SITE), "final"))!;
    const pages = await explorerAddresses(file, SITE, PAGES_OF_A_KIND);
    const typed = await keystrokes(file, SITE, KEYSTROKES);
    const started = performance.now();
    const server = await startServer(root);
    const opened = (performance.now() - started) / 1000;
    try {
      // the first pages of a process wait for its code to be compiled
      await visit(server, { "": [`/${SITE}`, `/${SITE}/datasets`, typed[0]!] });
      const before = await server.measure();
      const first = await visit(server, pages);
      const after = await server.measure();
      const again = await visit(server, pages);
      const search = await visit(server, { "search, a keystroke": typed });
      const { peakBytes, bytes } = await server.measure();
      const all = Object.values(first).flat();
      const { resources, mentions } = sizesOf(datasets);
      printTable(
        `The explorer of ${formatCount(datasets)} datasets, ${formatCount(resources)} resources, ` +
          `${formatCount(mentions)} mentions: ${READERS} readers, milliseconds`,
        ["page, never shown before", "pages", "median", "95 %", "longest"],
        [
          ...Object.entries(first).map(([kind, times]) => row(kind, times)),
          row("all", all),
          row("all, shown before", Object.values(again).flat()),
          row("search, a keystroke", Object.values(search).flat()),
        ],
      );
      printTable("Its server", ["", "figure"], [
        ["opened in", formatSeconds(opened)],
        [
          "processor time a page",
          `${(1000 * (after.seconds - before.seconds) / all.length).toFixed(1)} ms`,
        ],
        ["memory at the end", formatBytes(bytes)],
        ["memory at most, while it opened included", formatBytes(peakBytes)],
      ]);
    } finally {
      await server.stop();
    }
  }
}

/** Every page once, kinds mixed, by all readers together; gives milliseconds by kind. */
async function visit(
  { origin }: Server,
  pages: Record<string, string[]>,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = Object.fromEntries(
    Object.keys(pages).map((kind) => [kind, []]),
  );
  const queue = mixed(pages);
  await Promise.all(Array.from({ length: READERS }, async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [kind, path] = next;
      const started = performance.now();
      const response = await fetch(origin + path);
      await response.arrayBuffer();
      // a figure of a failed page says nothing
      if (!response.ok) throw new Error(`"${path}" was answered with ${response.status}`);
      times[kind]!.push(performance.now() - started);
    }
  }));
  return times;
}

/** One of each kind in turn. */
function mixed(pages: Record<string, string[]>): [kind: string, path: string][] {
  const most = Math.max(...Object.values(pages).map((paths) => paths.length));
  return Array.from({ length: most }, (_, at) => at).flatMap((at) =>
    Object.entries(pages).flatMap(([kind, paths]): [string, string][] =>
      paths[at] === undefined ? [] : [[kind, paths[at]]]
    )
  );
}

function row(name: string, times: number[]): string[] {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return [
    name,
    formatCount(times.length),
    ...[at(0.5), at(0.95), sorted.at(-1)].map((time) => (time ?? 0).toFixed(0)),
  ];
}
