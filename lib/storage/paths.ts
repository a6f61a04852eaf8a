/**
 * The only file that knows the names of folders and files under the artifacts directory.
 *
 * @module
 */
import { join } from "node:path";

/** `20261124T034149Z`: UTC, sorts as text, is in a file name on every system. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
}

/** The folder of a download run; a shard's ("3/8") says so: `20261124T034149Z_shard_3_of_8`. */
export function runName(date: Date, shard?: string): string {
  return shard === undefined ? timestamp(date) : `${timestamp(date)}_${shardSuffix(shard)}`;
}

/** The name of a stage's lock; shards of one stage run side by side. */
export function lockName(stage: string, shard?: string): string {
  return shard === undefined ? stage : `${stage}_${shardSuffix(shard)}`;
}

function shardSuffix(shard: string): string {
  return `shard_${shard.replace("/", "_of_")}`;
}

/** Where one site's files are. */
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
  /** Checksums of files that no manifest knows, so that each is read once for the backup. */
  checksums: string;
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
    checksums: join(root, site, "checksums.json"),
    downloads: (kind) => join(root, site, "downloads", kind),
  };
}

/** The folder of the line stores, beside those of the sites. */
const CORPORA = "corpora";

/** Where the line store of one revision of a corpus is. */
export interface CorpusPaths {
  /** The line store itself: what `code_search.endpoint_url` names. */
  store: string;
  /** Lock files, one per shard. */
  locks: string;
  /** Parts that are being fetched and scanned; may be deleted whenever nothing runs. */
  scratch: string;
}

/** The paths of a corpus's revision under an artifacts directory. */
export function corpusPaths(root: string, corpus: string, revision: string): CorpusPaths {
  const store = join(root, CORPORA, corpus, revision);
  return { store, locks: join(store, "locks"), scratch: join(store, "scratch") };
}

/** What a path under the artifacts directory is, as far as a backup cares. */
export interface Artifact {
  site: string;
  /** `other` is whatever a person or a later stage laid there. */
  kind: "snapshot" | "snapshot_manifest" | "download" | "delivery" | "runs" | "other";
  /** Of snapshots and their manifests. */
  database?: string;
  /** Of snapshots, manifests and downloads: the datetime in the name of the file or of the run. */
  time?: string;
  /** Of downloads: the path of the run's folder, the file's path in it, and which shard it is. */
  run?: { folder: string; kind: string; file: string; shard?: string };
}

/**
 * What a path (with `/`, under the artifacts directory) is, or undefined where it is none: locks,
 * scratch space, half files, hidden files, and every name that could lead out of the directory.
 */
export function artifactOf(path: string): Artifact | undefined {
  const parts = path.split("/");
  // deno-lint-ignore no-control-regex
  if (parts.length < 2 || parts.some((part) => !part || /^\.|[\\\x00-\x1f]/.test(part))) {
    return undefined;
  }
  if (/\.(part|wal|tmp)$/.test(path)) return undefined;
  const [site, folder, ...rest] = parts[0] === "read_only"
    ? [parts[1]!, "read_only", ...parts.slice(2)]
    : parts as [string, ...string[]];
  if (!/^[a-z0-9_]+$/.test(site) || site === "read_only") return undefined;
  if (site === CORPORA) {
    // corpora/{corpus}/{revision}/…
    const isKept = rest.length > 1 && rest[1] !== "locks" && rest[1] !== "scratch";
    return isKept ? { site, kind: "other" } : undefined;
  }
  if (folder === "read_only") {
    if (rest.length === 0) return undefined;
    const match = /^([a-z0-9_]+)_(\d{8}T\d{6}Z)\.(db|json)$/.exec(rest.join("/"));
    if (match === null) return { site, kind: "other" };
    const kind = match[3] === "db" ? "snapshot" : "snapshot_manifest";
    return { site, kind, database: match[1]!, time: match[2]! };
  }
  if (folder === "locks" || folder === "scratch") return undefined;
  if (folder === "checksums.json" && rest.length === 0) return undefined;
  if (folder === "runs.ndjson" && rest.length === 0) return { site, kind: "runs" };
  if (folder === "delivery" && rest.length > 0) return { site, kind: "delivery" };
  const [, time, shard] = /^(\d{8}T\d{6}Z)(?:_(shard_\d+_of_\d+)$)?/.exec(rest[1] ?? "") ?? [];
  if (folder === "downloads" && rest.length > 2 && time !== undefined) {
    const run = {
      folder: parts.slice(0, 4).join("/"),
      kind: rest[0]!,
      file: rest.slice(2).join("/"),
      ...(shard === undefined ? {} : { shard }),
    };
    return { site, kind: "download", time, run };
  }
  return { site, kind: "other" };
}

/** The sites that have anything under an artifacts directory, sorted. */
export async function listSites(root: string): Promise<string[]> {
  const sites = new Set<string>();
  for (const folder of [root, join(root, "read_only")]) {
    for (const name of await listNames(folder, (entry) => entry.isDirectory)) {
      const isSite = /^[a-z0-9_]+$/.test(name) && name !== "read_only" && name !== CORPORA;
      if (isSite) sites.add(name);
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
  } catch (error) {
    // on a full disk every half file counts
    await Deno.remove(temporary).catch(() => {});
    throw error;
  } finally {
    handle.close();
  }
  await Deno.rename(temporary, file);
}
