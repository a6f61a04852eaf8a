/**
 * Reads every artifact, here and in the bucket, and compares both with manifests and checksums.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Artifact } from "../storage/paths.ts";
import { type Checksums, checksumsOf } from "../storage/checksums.ts";
import { messageOf } from "../cli/errors.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import { inParallel } from "./parallel.ts";

/** A place that holds artifacts: this machine, or the bucket. */
export interface Place {
  /** For people. */
  name: string;
  files: PlacedFile[];
  read(file: PlacedFile): AsyncIterable<Uint8Array>;
}

/** A file in a place. */
export interface PlacedFile extends Artifact {
  path: string;
  /** What people call it: its path, or its address in the bucket. */
  label: string;
  bytes: number;
  /** False for older versions, which no manifest names any longer. */
  isNewest: boolean;
  /** What is known of it from elsewhere: "the bucket", "the last backup". */
  known: Expected[];
}

/** What somebody says that a file is. */
export interface Expected {
  says: string;
  bytes?: number;
  crc32c?: string;
  /** Hex, of the file. */
  sha256?: string;
}

const IN_FLIGHT = 4;

/**
 * Reads every byte of a place once and compares it with what manifests, journals and others say.
 * @returns a sentence for every file that is damaged, cut or missing; sorted.
 */
export async function verifyPlace(
  { name, files, read }: Place,
  onBytes: (bytes: number) => void,
): Promise<string[]> {
  const faults: string[] = [];
  const newest = new Map(files.filter((it) => it.isNewest).map((it) => [it.path, it]));
  const expected = new Map<string, Expected[]>();
  const contents = new Map<string, unknown>();
  const check = async (file: PlacedFile) => {
    const all = [...file.known, ...(file.isNewest ? expected.get(file.path) ?? [] : [])];
    try {
      const pieces: Uint8Array[] = [];
      const kept = isIndex(file) ? pieces : undefined;
      const sums = await checksumsOf(counted(read(file), onBytes, kept));
      const fault = differenceOf(sums, all);
      if (fault) faults.push(`"${file.label}" ${fault}`);
      if (file.isNewest && isIndex(file)) {
        contents.set(file.path, parseIndex(file, Buffer.concat(pieces)));
      }
    } catch (error) {
      if (error instanceof SyntaxError) {
        faults.push(`"${file.label}" is not valid JSON: it is damaged`);
      } else if (isOfThisFile(error)) faults.push(`"${file.label}": ${messageOf(error)}`);
      else throw error;
    }
  };
  await inParallel(files.filter(isIndex), IN_FLIGHT, check);
  for (const [path, says] of expectations(newest, contents)) {
    const file = newest.get(path);
    if (file !== undefined) expected.set(path, [...expected.get(path) ?? [], says]);
    else faults.push(`"${path}" is missing in ${name}: ${says.says} names it`);
  }
  for (const file of newest.values()) {
    if (file.kind === "snapshot" && !newest.has(manifestOf(file.path))) {
      faults.push(`"${file.label}" has no manifest beside it`);
    }
  }
  await inParallel(files.filter((file) => !isIndex(file)), IN_FLIGHT, check);
  return faults.sort();
}

/** Files that say what others are. */
function isIndex({ kind, run }: PlacedFile): boolean {
  return kind === "snapshot_manifest" || run?.file === "journal.ndjson" ||
    run?.file === "manifest.json";
}

function parseIndex({ run }: PlacedFile, content: Uint8Array): unknown {
  const text = new TextDecoder().decode(content);
  if (run?.file !== "journal.ndjson") return JSON.parse(text);
  // a line that is being written has no end yet
  return text.split("\n").slice(0, -1).filter((line) => line).map((line) => JSON.parse(line));
}

/** What the manifests and the journals say of other files, by path. */
function* expectations(
  newest: Map<string, PlacedFile>,
  contents: Map<string, unknown>,
): Generator<[string, Expected]> {
  for (const [path, content] of contents) {
    const { kind, run } = newest.get(path)!;
    if (kind === "snapshot_manifest") {
      const { bytes, sha256, crc32c } = content as Partial<Checksums>;
      yield [path.replace(/json$/, "db"), { says: `its manifest`, bytes, sha256, crc32c }];
    } else if (run?.file === "manifest.json") {
      yield [`${run.folder}/journal.ndjson`, { says: "the seal of its run" }];
    } else {
      const seal = contents.get(`${run!.folder}/manifest.json`) as { entries?: number } | undefined;
      const entries = content as { file?: string; sha256?: string }[];
      // what came after the seal belongs to the next one
      for (const { file, sha256 } of entries.slice(0, seal?.entries)) {
        if (file === undefined) continue;
        yield [`${run!.folder}/${file}`, { says: "its run's journal", sha256 }];
      }
    }
  }
}

function differenceOf(sums: Checksums, all: Expected[]): string | undefined {
  for (const { says, bytes, crc32c, sha256 } of all) {
    if (bytes !== undefined && bytes !== sums.bytes) {
      const word = sums.bytes < bytes ? "is cut" : "is too long";
      return `${word}: ${sums.bytes} bytes, ${says} says ${bytes}`;
    }
    if (crc32c && crc32c !== sums.crc32c) {
      return `is damaged: its crc32c is ${sums.crc32c}, ${says} says ${crc32c}`;
    }
    if (sha256 && sha256 !== sums.sha256) {
      return `is damaged: its sha256 is ${sums.sha256}, ${says} says ${sha256}`;
    }
  }
}

function manifestOf(path: string): string {
  return path.replace(/db$/, "json");
}

/** A fault of one file; others may be read. */
function isOfThisFile(error: unknown): boolean {
  return error instanceof PermanentFailure || error instanceof TransientFailure ||
    (error as { code?: string }).code === "EIO" || error instanceof Deno.errors.NotFound;
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
  kept?: Uint8Array[],
) {
  for await (const piece of pieces) {
    onBytes(piece.length);
    kept?.push(piece);
    yield piece;
  }
}
