/**
 * Fetches whole files where a line alone decides nothing: a program may make the address that no
 * line of it writes. Files are kept like answers, under their own keys of the same run; what could
 * not be had is counted, and a fault of the service is fetched again by the next run.
 *
 * @module
 */
import type { DownloadRun } from "../storage/download_run.ts";
import type { Entry } from "../storage/sealed_run.ts";
import { formatCount } from "../cli/progress.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../http/failures.ts";
import type { Backend, FileMatch, FilePlace, ReadMatches } from "./backend.ts";
import type { CatalogueIndex } from "./match/catalogue_index.ts";
import { needsWholeFile } from "./program_mentions.ts";

/** What the journal has beside a file's text. */
export interface FileDetails extends FilePlace {
  kind: "file";
  /** `gone`: the service has no such file, or it is too large; `failed`: it may have it later. */
  status: "complete" | "gone" | "failed";
  reason: string | null;
  /** As for queries, so that counts over the journal need no exception. */
  pass: number;
  matches: number;
}

/** A journal line of a file. */
export type FileEntry = Entry & FileDetails;

/** How the files of a run were fetched. */
export interface FilesEnd {
  /** Files whose lines decide nothing and that the service can give. */
  wanted: number;
  fetched: number;
  gone: number;
  failed: number;
  /** Requests of this run of the stage. */
  sent: number;
  reason: string | null;
}

/** So many files failed one after the other: it is the service. */
const HOPELESS = 8;

/** The key of a file in the journal. */
export function fileKey({ repository, commit, path }: FilePlace): string {
  return `file:${repository}@${commit ?? ""}:${path}`;
}

/** Whether a journal line is a file's. */
export function isFileEntry(entry: Entry): entry is FileEntry {
  return entry.kind === "file";
}

/** Fetches the files that the answers of a run leave open; none where the backend cannot. */
export async function fetchWholeFiles(
  run: DownloadRun,
  backend: Backend,
  options: {
    readMatches: ReadMatches;
    index: CatalogueIndex;
    concurrency: number;
    now: () => Date;
  },
  onProgress: (done: number, total: number) => void,
): Promise<FilesEnd> {
  const end: FilesEnd = { wanted: 0, fetched: 0, gone: 0, failed: 0, sent: 0, reason: null };
  const readFile = backend.readFile?.bind(backend);
  if (readFile === undefined) return end;
  const places = await openPlaces(run, options.readMatches, options.index);
  const queue = [...places.values()];
  end.wanted = queue.length;
  let failedInARow = 0;
  const count = (entry: FileDetails) => {
    end[entry.status === "complete" ? "fetched" : entry.status] += 1;
    if (entry.status === "failed") end.reason ??= entry.reason;
    onProgress(end.fetched + end.gone + end.failed, end.wanted);
  };
  const work = async () => {
    for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
      const key = fileKey(place);
      const known = run.get(key) as FileEntry | undefined;
      if (known !== undefined && known.status !== "failed") {
        count(known);
        continue;
      }
      if (failedInARow >= HOPELESS) {
        end.failed += 1;
        continue;
      }
      end.sent += 1;
      const { text, ...rest } = await readWith(readFile, place);
      failedInARow = rest.status === "failed" ? failedInARow + 1 : 0;
      const details: FileDetails = { ...place, kind: "file", pass: 1, matches: 0, ...rest };
      await run.append(key, text, { ...details }, options.now());
      count(details);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return end;
}

/** Why a search is not complete as far as its files go; null when it is. */
export function filesReason({ failed, wanted, reason }: FilesEnd): string | null {
  if (failed === 0) return null;
  return `${formatCount(failed)} of ${formatCount(wanted)} whole files could not be fetched (${
    reason ?? "the service stopped answering"
  })`;
}

/** The files of all answers whose lines decide nothing, each once. */
async function openPlaces(
  run: DownloadRun,
  readMatches: ReadMatches,
  index: CatalogueIndex,
): Promise<Map<string, FilePlace>> {
  const places = new Map<string, FilePlace>();
  for (const entry of [...run.entries()]) {
    if (entry.file === undefined || isFileEntry(entry)) continue;
    for (const match of readMatches(await run.read(entry))) {
      const place = placeOf(match);
      if (place === null || match.text !== undefined || places.has(fileKey(place))) continue;
      if (needsWholeFile(match, index)) places.set(fileKey(place), place);
    }
  }
  return places;
}

/** Where a file is; null where only its repository is known. */
export function placeOf({ repository, path, commit }: FileMatch): FilePlace | null {
  return path === null ? null : { repository, path, commit };
}

async function readWith(
  readFile: NonNullable<Backend["readFile"]>,
  place: FilePlace,
): Promise<Pick<FileDetails, "status" | "reason"> & { text: Uint8Array | null }> {
  try {
    return { status: "complete", reason: null, text: await readFile(place) };
  } catch (error) {
    if (error instanceof PermanentFailure) {
      return { status: "gone", reason: error.message, text: null };
    }
    if (!(error instanceof TransientFailure) && !(error instanceof FatalFailure)) throw error;
    return { status: "failed", reason: error.message, text: null };
  }
}
