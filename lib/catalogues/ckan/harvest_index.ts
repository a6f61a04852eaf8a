/**
 * Which copy of each dataset a harvest consists of: its time, and the page that it is on, in this run
 * or in one before it. A later harvest compares the portal with it; 02 reads by it.
 *
 * @module
 */

import { join } from "node:path";
import { StageError } from "../../cli/errors.ts";
import { type DownloadRun, isSameIdentity } from "../../storage/download_run.ts";
import type { SitePaths } from "../../storage/paths.ts";
import {
  type Entry,
  readAnswer,
  readSealedRun,
  runNames,
  type Seal,
  sealedEntries,
  type SealedRun,
} from "../../storage/sealed_run.ts";
import { isRunOf } from "../../storage/shards.ts";
import { KIND } from "../catalogue.ts";
import type { PageReader } from "./page_reader.ts";
import type { Paging } from "./portal.ts";
import { instantOf } from "./solr.ts";

/** The newest copy of a dataset. */
export interface IndexEntry {
  /** `metadata_modified`, as `instantOf` gives it. */
  modified: string | null;
  /** Organization and groups, as one text; null where it has none, undefined where it is not known. */
  membership?: string | null;
  /** Run and file that it is in: `20261124T034149Z/000001.gz`. */
  file: string;
}

/** By dataset id. */
export type HarvestIndex = Map<string, IndexEntry>;

/** The journal's entry; its file has the names of the files first, then one line per dataset. */
const KEY = "index";
const LINES_A_PIECE = 10_000;

/** Entries that are made one by one, as often as they are needed. */
export interface IndexEntries extends Iterable<[id: string, entry: IndexEntry]> {
  readonly size: number;
}

/** The entries of what was received so far. */
export function entriesOf({ run, seen }: PageReader): IndexEntries {
  return {
    size: seen.size,
    *[Symbol.iterator]() {
      for (const [id, { modified, membership = null, page }] of seen) {
        const file = `${run.name}/${run.get(page)!.file}`;
        yield [id, { modified: instantOf(modified), membership, file }];
      }
    },
  };
}

/** Keeps the index in its run, before the seal. */
export async function keepIndex(run: DownloadRun, index: IndexEntries, now: Date): Promise<void> {
  const numbers = new Map<string, number>();
  for (const [, { file }] of index) if (!numbers.has(file)) numbers.set(file, numbers.size);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let lines = [JSON.stringify([...numbers.keys()])];
  const flush = () => {
    pieces.push(new TextEncoder().encode(lines.join("\n") + "\n"));
    lines = [];
  };
  for (const [id, { modified, membership, file }] of index) {
    lines.push(JSON.stringify([id, modified, numbers.get(file), membership]));
    if (lines.length === LINES_A_PIECE) flush();
  }
  flush();
  const body = new Uint8Array(await new Blob(pieces).arrayBuffer());
  await run.append(KEY, body, { datasets: index.size }, now);
}

/** The index of a sealed run; undefined where it has none. */
export async function readIndex(run: SealedRun): Promise<HarvestIndex | undefined> {
  const entry = (await sealedEntries(run)).find(({ key }) => key === KEY);
  if (entry === undefined) return undefined;
  const text = new TextDecoder().decode(await readAnswer(run.folder, entry));
  const [first = "[]", ...lines] = text.split("\n");
  const files = JSON.parse(first) as string[];
  const index: HarvestIndex = new Map();
  for (const line of lines) {
    if (line === "") continue;
    const [id, modified, number, membership] = JSON.parse(line) as [
      string,
      string | null,
      number,
      (string | null)?,
    ];
    index.set(id, { modified, membership, file: files[number]! });
  }
  return index;
}

/** The names of the runs that copies are in, oldest first. */
export function runsOf(index: HarvestIndex): string[] {
  return [...new Set([...index.values()].map(({ file }) => file.split("/")[0]!))].sort();
}

/** The pages of one run that hold datasets of the harvest. */
export interface Part {
  run: SealedRun;
  entries: Entry[];
  /** Whether the copy of a dataset on this page is the one that counts. */
  isCurrent(entry: Entry): (id: string) => boolean;
}

/** Whether a harvest needs others to be read. */
export function hasParent(run: SealedRun): boolean {
  return typeof run.seal.details.parent === "string";
}

/**
 * The runs that the datasets of a harvest are in, oldest first.
 * @throws {StageError} that names a run which is missing
 */
export async function partsOf(paths: SitePaths, harvest: SealedRun): Promise<Part[]> {
  const index: HarvestIndex = await readIndex(harvest) ?? new Map();
  const files = new Set([...index.values()].map(({ file }) => file));
  const folder = paths.downloads(KIND);
  const parts: Part[] = [];
  for (const name of runsOf(index)) {
    const run = await readSealedRun(paths, join(folder, name));
    if (run === undefined) {
      throw new StageError(
        `the harvest "${harvest.name}" builds on "${name}", which is not in ${folder}: restore it, or ` +
          'run "deno task 01_download_datasets --full" for a new one that needs no other',
      );
    }
    const fileOf = (entry: Entry) => `${name}/${entry.file}`;
    parts.push({
      run,
      entries: (await sealedEntries(run)).filter((entry) => files.has(fileOf(entry))),
      isCurrent: (entry) => (id) => index.get(id)?.file === fileOf(entry),
    });
  }
  return parts;
}

/** The harvest that an incremental one builds on. */
export interface Parent {
  run: SealedRun;
  /** Whether no other harvest was sealed after it: 02 reads the newest. */
  isNewest: boolean;
  index: HarvestIndex;
  paging: Paging;
  /** When the last full harvest below it was sealed. */
  fullAt: string;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * The newest harvest of the same portal, by one process, that was read to its end, with all runs
 * that its datasets are in. One that has fewer datasets than the portal counts is as good: what it
 * lacks is requested like what is new. One that was interrupted is not: it is resumed itself.
 */
export async function findParent(
  paths: SitePaths,
  identity: Record<string, unknown>,
): Promise<Parent | undefined> {
  const names = await runNames(paths.downloads(KIND));
  let newest: string | undefined;
  for (const name of names.toReversed()) {
    const run = await readSealedRun(paths, join(paths.downloads(KIND), name));
    if (run !== undefined) newest ??= name;
    if (run === undefined || !isRunOf(undefined)(run.seal.identity)) continue;
    const { parent: _, ...requested } = run.seal.identity;
    if (!isSameIdentity(requested, identity)) continue;
    const { is_whole, paging } = run.seal.details as { is_whole?: boolean; paging?: Paging };
    if (is_whole !== true || paging?.hasFields !== true) continue;
    const index = await readIndex(run);
    if (index === undefined || !runsOf(index).every((needed) => names.includes(needed))) continue;
    return { run, isNewest: name === newest, index, paging, fullAt: fullAt(run.seal) };
  }
  return undefined;
}

/** Whether a full harvest is due. */
export function isDue(fullAt: string, now: Date, days: number): boolean {
  return now.getTime() - Date.parse(fullAt) >= days * DAY_MS;
}

/** When the last full harvest of a run or its parents was sealed. */
export function fullAt({ details, sealed_at }: Seal): string {
  return typeof details.full_at === "string" ? details.full_at : sealed_at;
}
