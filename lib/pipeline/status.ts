/**
 * What a site has, what is stale against what, and what a pipeline would do about it.
 *
 * @module
 */
import { StageError } from "../cli/errors.ts";
import type { SitePaths } from "../storage/paths.ts";
import { rowMakerOf } from "../storage/recipes.ts";
import {
  listSnapshotDatabases,
  type Manifest,
  newestSnapshot,
  presentParents,
  type Snapshot,
} from "../storage/snapshots.ts";
import { describeLack, newestDownload } from "../storage/merged_downloads.ts";

/** The newest output of one stage. */
export interface Output {
  stage: string;
  /** File of the snapshot, or folder of the download run. */
  name: string;
  kind: "snapshot" | "download";
  bytes: number;
  rows: number;
  complete: boolean;
  reasons: string[];
  /** Why it is not what the stage would make now; empty when it is. */
  stale: string[];
}

/** Which stage writes which kind of download. */
const DOWNLOADS: [kind: string, stage: string][] = [
  ["datasets", "01_download_datasets"],
  ["search_results", "04_download_search_results"],
  ["repositories", "06_download_repositories"],
  ["dependents", "07_download_dependents"],
];

/** Which stage writes a snapshot whose manifest cannot be read; the others are search backends'. */
const STAGE_OF: Record<string, string> = {
  ckan_api: "02_insert_datasets",
  clean_ckan_api: "03_clean_datasets",
  reverse_dependencies: "08_insert_dependents",
  final: "09_build_final",
};

/** The newest outputs of a site in the order of their stages. */
export async function readOutputs(paths: SitePaths): Promise<Output[]> {
  const found = [...await downloads(paths), ...await snapshots(paths)];
  // an output is current when it is the newest of its kind; what was made from any other is stale
  const current = new Set(found.flatMap(({ hashes }) => hashes));
  return found.map(({ parents, hashes: _, ...output }) => ({
    ...output,
    stale: [
      ...output.stale,
      ...parents.filter((parent) => !current.has(parent.sha256)).map(({ file }) =>
        `made from ${file}, of which there is a newer one`
      ),
    ],
  })).sort((one, other) => one.stage < other.stage ? -1 : 1);
}

/** What a pipeline would do at a stage, and why; undefined where it would find all up to date. */
export function whatPipelineWouldDo(stages: string[], outputs: Output[]): Map<string, string> {
  const reasons = new Map<string, string>();
  let before: string | undefined;
  for (const stage of stages) {
    const own = outputs.filter((output) => output.stage === stage);
    const stale = own.flatMap((output) => output.stale);
    const partial = own.find((output) => output.kind === "download" && !output.complete);
    // the delivery is no snapshot: it is written again each time, in seconds
    if (own.length === 0 && stage !== "10_deliver") reasons.set(stage, "no output yet");
    else if (stale.length > 0) reasons.set(stage, stale.join("; "));
    else if (partial) reasons.set(stage, `${partial.name} is incomplete and will be continued`);
    else if (before) reasons.set(stage, `${before} comes before it`);
    if (reasons.has(stage)) before ??= stage;
  }
  return reasons;
}

/** With its hash, or those of its shards. */
type Found = Output & { hashes: string[]; parents: { file: string; sha256: string }[] };

async function downloads(paths: SitePaths): Promise<Found[]> {
  const found: Found[] = [];
  for (const [kind, stage] of DOWNLOADS) {
    const download = await newestDownload(paths, kind);
    if (download === undefined) continue;
    const isWhole = !("lacking" in download);
    const { name, runs } = download;
    const lack = isWhole ? [] : [describeLack(download)];
    found.push({
      stage,
      name: `downloads/${kind}/${name}`,
      kind: "download",
      bytes: 0,
      rows: runs.reduce((sum, { seal }) => sum + seal.entries, 0),
      complete: isWhole && download.complete,
      reasons: isWhole ? download.reasons : lack,
      stale: lack,
      hashes: runs.map(({ parent }) => parent.sha256),
      // shards of one download were made from the same
      parents: hashesIn(runs[0]!.seal.identity),
    });
  }
  return found;
}

async function snapshots(paths: SitePaths): Promise<Found[]> {
  const found: Found[] = [];
  for (const database of await listSnapshotDatabases(paths)) {
    let newest: Snapshot;
    try {
      newest = (await newestSnapshot(paths, database))!;
    } catch (error) {
      // a damaged one is said, and the others are shown
      if (!(error instanceof StageError)) throw error;
      found.push(damaged(database, error.message));
      continue;
    }
    const { manifest, name } = newest;
    found.push({
      stage: manifest.stage,
      name,
      kind: "snapshot",
      bytes: manifest.bytes,
      rows: Object.values(manifest.tables).reduce((sum, count) => sum + count, 0),
      complete: manifest.complete,
      reasons: manifest.reasons,
      stale: await changesOfMaker(manifest),
      hashes: [manifest.sha256],
      parents: presentParents(manifest),
    });
  }
  return found;
}

function damaged(database: string, reason: string): Found {
  return {
    stage: STAGE_OF[database] ?? "05_insert_search_results",
    name: database,
    kind: "snapshot",
    bytes: 0,
    rows: 0,
    complete: false,
    reasons: [reason],
    stale: [reason],
    hashes: [],
    parents: [],
  };
}

/** Why the rows would be made otherwise now. */
async function changesOfMaker({ sql, version }: Manifest): Promise<string[]> {
  const now = await rowMakerOf(sql.folder);
  const changes = [];
  if (now.sql.sha256 !== sql.sha256) changes.push(`sql/${sql.folder}/ has changed since`);
  if (now.version !== version) changes.push("the code that makes its rows has changed since");
  return changes;
}

/** What a download was planned from: its identity names snapshots and runs by their hash. */
function hashesIn(value: unknown, key = ""): { file: string; sha256: string }[] {
  if (typeof value === "string") {
    return /^[0-9a-f]{64}$/.test(value) ? [{ file: `another "${key}"`, sha256: value }] : [];
  }
  if (value === null || typeof value !== "object") return [];
  const { file, sha256 } = value as Record<string, unknown>;
  if (typeof file === "string" && typeof sha256 === "string") return [{ file, sha256 }];
  return Object.entries(value).flatMap(([name, part]) => hashesIn(part, name));
}
