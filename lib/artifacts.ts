import { join } from "node:path";

/** The only file that knows the names of folders and files under the artifacts directory. */

/** `20261124T034149Z`: UTC, sorts as text, stands in a file name on every system. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
}

/** Where one site's things stand. */
export interface SitePaths {
  /** The artifacts directory itself. */
  root: string;
  /** Snapshots and their manifests. */
  snapshots: string;
  /** Report and exports. */
  delivery: string;
  /** One line a stage run. */
  runs: string;
  /** Lock files, one a stage. */
  locks: string;
  /** Scratch space of a running stage; may be deleted whenever nothing runs. */
  scratch: string;
  /** The download runs of one kind (`datasets`, `search_results`, `repositories`, `dependents`). */
  downloads(kind: string): string;
}

/** The paths of one site under an artifacts directory. */
export function sitePaths(root: string, site: string): SitePaths {
  return {
    root,
    snapshots: join(root, "read_only", site),
    delivery: join(root, site, "delivery"),
    runs: join(root, site, "runs.ndjson"),
    locks: join(root, site, "locks"),
    scratch: join(root, site, "scratch"),
    downloads: (kind) => join(root, site, "downloads", kind),
  };
}

/** The sites that have anything under an artifacts directory, sorted. */
export async function listSites(root: string): Promise<string[]> {
  const sites = new Set<string>();
  for (const folder of [root, join(root, "read_only")]) {
    for (const name of await listNames(folder, (entry) => entry.isDirectory)) {
      if (/^[a-z0-9_]+$/.test(name) && name !== "read_only") sites.add(name);
    }
  }
  return [...sites].sort();
}

/** The sorted names in a folder that pass; none where the folder is absent. */
export async function listNames(
  folder: string,
  passes: (entry: Deno.DirEntry) => boolean,
): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (passes(entry)) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/** Writes a file so that it is there whole or not at all. */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${file}.part`;
  const handle = await Deno.open(temporary, { write: true, create: true, truncate: true });
  try {
    const data = typeof content === "string" ? new TextEncoder().encode(content) : content;
    for (let at = 0; at < data.length;) at += await handle.write(data.subarray(at));
    await handle.syncData();
  } finally {
    handle.close();
  }
  await Deno.rename(temporary, file);
}
