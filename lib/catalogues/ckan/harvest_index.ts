import type { DownloadRun } from "../../storage/download_run.ts";
import { readAnswer, sealedEntries, type SealedRun } from "../../storage/sealed_run.ts";
import type { Harvest } from "./harvest.ts";
import { instantOf } from "./times.ts";

/**
 * What a harvest holds: each dataset with its time and the page that its newest copy stands on, of
 * this run or of one before it. A later harvest compares the portal with it, 02 reads by it.
 */

/** The newest copy of a dataset. */
export interface Held {
  /** `metadata_modified`, as `instantOf` gives it. */
  modified: string | null;
  /** Run and file that it stands in: `20261124T034149Z/000001.gz`. */
  file: string;
}

/** By dataset id. */
export type Holdings = Map<string, Held>;

/** The journal's entry; its file has the names of the files first, then a line a dataset. */
const KEY = "index";
const LINES_A_PIECE = 10_000;

/** What can be gone through as often as is needed, without all of it being made at once. */
export interface Listed extends Iterable<[id: string, held: Held]> {
  readonly size: number;
}

/** What a reading has brought so far. */
export function broughtBy({ run, seen }: Harvest): Listed {
  return {
    size: seen.size,
    *[Symbol.iterator]() {
      for (const [id, { modified, page }] of seen) {
        const file = `${run.name}/${run.get(page)!.file}`;
        yield [id, { modified: instantOf(modified), file }];
      }
    },
  };
}

/** Keeps the index in its run, before the seal. */
export async function keepIndex(run: DownloadRun, held: Listed, now: Date): Promise<void> {
  const numbers = new Map<string, number>();
  for (const [, { file }] of held) if (!numbers.has(file)) numbers.set(file, numbers.size);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let lines = [JSON.stringify([...numbers.keys()])];
  const flush = () => {
    pieces.push(new TextEncoder().encode(lines.join("\n") + "\n"));
    lines = [];
  };
  for (const [id, { modified, file }] of held) {
    lines.push(JSON.stringify([id, modified, numbers.get(file)]));
    if (lines.length === LINES_A_PIECE) flush();
  }
  flush();
  const body = new Uint8Array(await new Blob(pieces).arrayBuffer());
  await run.append(KEY, body, { datasets: held.size }, now);
}

/** The index of a sealed run; undefined where it has none. */
export async function readIndex(run: SealedRun): Promise<Holdings | undefined> {
  const entry = (await sealedEntries(run)).find(({ key }) => key === KEY);
  if (entry === undefined) return undefined;
  const text = new TextDecoder().decode(await readAnswer(run.folder, entry));
  const [first = "[]", ...lines] = text.split("\n");
  const files = JSON.parse(first) as string[];
  const held: Holdings = new Map();
  for (const line of lines) {
    if (line === "") continue;
    const [id, modified, number] = JSON.parse(line) as [string, string | null, number];
    held.set(id, { modified, file: files[number]! });
  }
  return held;
}

/** The names of the runs that copies stand in, oldest first. */
export function runsOf(held: Holdings): string[] {
  return [...new Set([...held.values()].map(({ file }) => file.split("/")[0]!))].sort();
}
