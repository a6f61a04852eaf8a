/**
 * The list of runs of a site, `runs.ndjson`: one line per stage run, with times, status, counts,
 * inputs and outputs. Lines are only ever added. A line that a crash cut, or that something else
 * wrote, is left out and counted.
 *
 * @module
 */
import { dirname } from "node:path";
import { z } from "zod";
import type { SitePaths } from "../storage/paths.ts";

/** How a stage ended, when it did not throw. */
export interface Outcome {
  /** The last line, for the person who waits: what was made and where it lies. */
  summary: string;
  /** Why the result is not complete; with any the exit status is 3. */
  reasons: string[];
  counts: Record<string, number>;
  /** Files it was made from and files it made, under the artifacts directory. */
  inputs: string[];
  outputs: string[];
  /** Nothing was to be done. */
  upToDate?: boolean;
}

/** One line of `runs.ndjson`. */
export interface RunRecord extends Partial<Outcome> {
  stage: string;
  /** "3/8" where it was a part only. */
  shard?: string;
  started_at: string;
  finished_at: string;
  seconds: number;
  status: "complete" | "incomplete" | "up_to_date" | "failed" | "interrupted";
  exit: number;
  error?: string;
}

const STATUSES = ["complete", "incomplete", "up_to_date", "failed", "interrupted"] as const;

const RUN = z.looseObject({
  stage: z.string(),
  shard: z.string().optional(),
  started_at: z.string(),
  finished_at: z.string(),
  seconds: z.number(),
  status: z.enum(STATUSES),
  exit: z.number(),
  error: z.string().optional(),
  summary: z.string().optional(),
  reasons: z.array(z.string()).optional(),
  counts: z.record(z.string(), z.number()).optional(),
  inputs: z.array(z.string()).optional(),
  outputs: z.array(z.string()).optional(),
});

/**
 * The stage runs of a site, oldest first, and how many lines could not be read.
 * @param mostBytes reads only the end of a long list
 */
export async function readRuns(
  paths: SitePaths,
  mostBytes = Infinity,
): Promise<{ runs: RunRecord[]; broken: number }> {
  const runs: RunRecord[] = [];
  let broken = 0;
  for (const line of (await readTail(paths.runs, mostBytes)).split("\n")) {
    if (line === "") continue;
    const run = parsed(line);
    if (run === undefined) broken += 1;
    else runs.push(run);
  }
  return { runs, broken };
}

function parsed(line: string): RunRecord | undefined {
  try {
    return RUN.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The end of a file from the first whole line on; empty where there is not a file. */
async function readTail(file: string, mostBytes: number): Promise<string> {
  let handle: Deno.FsFile;
  try {
    handle = await Deno.open(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
  const { size } = await handle.stat();
  const isCut = size > mostBytes;
  if (isCut) await handle.seek(-mostBytes, Deno.SeekMode.End);
  const text = await new Response(handle.readable).text();
  return isCut ? text.slice(text.indexOf("\n") + 1) : text;
}

/** Adds a line to the list of runs. Synchronous, so that it also works in the last moment of a process. */
export function appendRun(paths: SitePaths, run: RunRecord): void {
  Deno.mkdirSync(dirname(paths.runs), { recursive: true });
  using file = Deno.openSync(paths.runs, { read: true, append: true, create: true });
  // a line that a full disk or a kill cut must not spoil this one
  const last = new Uint8Array([10]);
  if (file.statSync().size > 0) {
    file.seekSync(-1, Deno.SeekMode.End);
    file.readSync(last);
  }
  const line = new TextEncoder().encode(`${last[0] === 10 ? "" : "\n"}${JSON.stringify(run)}\n`);
  for (let at = 0; at < line.length;) at += file.writeSync(line.subarray(at));
}
