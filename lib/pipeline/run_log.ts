import { dirname } from "node:path";
import type { SitePaths } from "../storage/paths.ts";
import type { RunRecord } from "./stage.ts";

/** Every stage run of a site, oldest first; none where nothing ran. A line cut by a crash is left out. */
export async function readRuns(paths: SitePaths): Promise<RunRecord[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(paths.runs);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as RunRecord];
    } catch {
      return [];
    }
  });
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
