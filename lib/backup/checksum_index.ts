import { dirname, join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { sitePaths, writeWhole } from "../storage/paths.ts";
import { checksums } from "../storage/checksums.ts";
import { StageError } from "../cli/errors.ts";
import { readJsonFile } from "../storage/validation.ts";
import { z } from "zod";

/** What is remembered of a file: its checksum, and the size and time that it had then. */
interface Remembered {
  bytes: number;
  /** Milliseconds since 1970. */
  mtime: number;
  crc32c: string;
}

const INDEX = z.record(
  z.string(),
  z.object({ bytes: z.number(), mtime: z.number(), crc32c: z.string() }),
);

/** The checksums of one site's files that no manifest knows; kept in its folder. */
export class ChecksumIndex {
  #isChanged = false;

  private constructor(
    readonly root: string,
    readonly file: string,
    readonly remembered: Map<string, Remembered>,
  ) {}

  /** A damaged index is an empty one: the files are read again. */
  static async open(root: string, site: string): Promise<ChecksumIndex> {
    const file = sitePaths(root, site).checksums;
    const content = await readJsonFile(file, INDEX, "index", "").catch((error) => {
      if (error instanceof StageError) return undefined;
      throw error;
    });
    return new ChecksumIndex(root, file, new Map(Object.entries(content ?? {})));
  }

  /** The checksum of a file that has not changed since it was read, or undefined. */
  get(path: string, bytes: number, mtime: number): string | undefined {
    const known = this.remembered.get(path);
    return known?.bytes === bytes && known.mtime === mtime ? known.crc32c : undefined;
  }

  /** The checksum of a file, which is read where it is not known. */
  async crc32cOf(path: string, bytes: number, mtime: number): Promise<string> {
    const known = this.get(path, bytes, mtime);
    if (known !== undefined) return known;
    const { crc32c } = await checksums(join(this.root, path));
    this.remembered.set(path, { bytes, mtime, crc32c });
    this.#isChanged = true;
    return crc32c;
  }

  /** Writes what is new, and forgets the files that are gone. */
  async save(paths: Set<string>): Promise<void> {
    for (const path of this.remembered.keys()) {
      if (paths.has(path)) continue;
      this.remembered.delete(path);
      this.#isChanged = true;
    }
    if (!this.#isChanged) return;
    // of some sites only snapshots are here
    await ensureDir(dirname(this.file));
    await writeWhole(this.file, JSON.stringify(Object.fromEntries(this.remembered)));
    this.#isChanged = false;
  }
}
