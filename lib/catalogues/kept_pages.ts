/**
 * The answers that a sealed harvest keeps, read one ahead: each is unpacked while the one before it is
 * processed.
 *
 * @module
 */

import { messageOf, StageError } from "../cli/errors.ts";
import type { Context } from "../pipeline/stage.ts";
import { type Entry, readAnswer, type SealedRun } from "../storage/sealed_run.ts";

/** An answer with the line of the journal that belongs to it. */
export interface KeptPage<Line extends Entry = Entry> {
  entry: Line;
  bytes: Uint8Array;
}

/** @throws {StageError} where a file is not what was downloaded */
export async function* readPages<Line extends Entry>(
  context: Context,
  run: SealedRun,
  entries: Line[],
): AsyncGenerator<KeptPage<Line>> {
  const bar = context.log.bar("Pages", "pages", entries.length);
  const read = (entry: Line | undefined) => {
    const page = entry === undefined ? undefined : readPage(run, entry);
    page?.catch(() => {});
    return page;
  };
  let next = read(entries[0]);
  for (let index = 0; next !== undefined; index++) {
    context.signal.throwIfAborted();
    const bytes = await next;
    next = read(entries[index + 1]);
    yield { entry: entries[index]!, bytes };
    bar.advance(1);
  }
  bar.end();
}

async function readPage(run: SealedRun, entry: Entry): Promise<Uint8Array> {
  try {
    return await readAnswer(run.folder, entry);
  } catch (error) {
    throw new StageError(
      `page ${entry.file} of the harvest ${run.folder} cannot be read (${
        messageOf(error)
      }): run "deno task 01_download_datasets --force" for a new harvest`,
    );
  }
}
