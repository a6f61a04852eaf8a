import { join } from "node:path";
import type { SitePaths } from "../../storage/paths.ts";
import { StageError } from "../../cli/errors.ts";
import {
  type Entry,
  readSealedRun,
  sealedEntries,
  type SealedRun,
} from "../../storage/sealed_run.ts";
import { type Holdings, readIndex, runsOf } from "./harvest_index.ts";

/** A harvest of what changed, put together with those that it goes on from. */

/** The pages of one run that hold datasets of the harvest. */
export interface Part {
  run: SealedRun;
  entries: Entry[];
  /** Whether the copy of a dataset on this page is the one that counts. */
  counts(entry: Entry): (id: string) => boolean;
}

/** Whether a harvest needs others to be read. */
export function hasParent(run: SealedRun): boolean {
  return typeof run.seal.details.parent === "string";
}

/**
 * The runs that the datasets of a harvest stand in, oldest first.
 * @throws {StageError} that names a run which is not there.
 */
export async function partsOf(paths: SitePaths, harvest: SealedRun): Promise<Part[]> {
  const held = await readIndex(harvest) ?? new Map() as Holdings;
  const files = new Set([...held.values()].map(({ file }) => file));
  const folder = paths.downloads("datasets");
  const parts: Part[] = [];
  for (const name of runsOf(held)) {
    const run = await readSealedRun(paths, join(folder, name));
    if (run === undefined) {
      throw new StageError(
        `the harvest "${harvest.name}" goes on from "${name}", which is not in ${folder}: restore it, or ` +
          'run "deno task 01_download_datasets --full" for a new one that needs no other',
      );
    }
    const fileOf = (entry: Entry) => `${name}/${entry.file}`;
    parts.push({
      run,
      entries: (await sealedEntries(run)).filter((entry) => files.has(fileOf(entry))),
      counts: (entry) => (id) => held.get(id)?.file === fileOf(entry),
    });
  }
  return parts;
}
