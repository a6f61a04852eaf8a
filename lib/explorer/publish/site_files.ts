/**
 * The files of a site that is being published: counted as they are written, and never written twice,
 * because two entries with one file name would hide each other.
 * @module
 */
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ensureDir } from "@std/fs/ensure-dir";

/** Writes below one folder. */
export class SiteFiles {
  readonly #written = new Set<string>();
  readonly #folders = new Set<string>();
  bytes = 0;
  largest = { path: "", bytes: 0 };

  constructor(readonly folder: string) {}

  /** Number of files. */
  get count(): number {
    return this.#written.size;
  }

  /** Whether the file exists. */
  has(path: string): boolean {
    return this.#written.has(path);
  }

  /** Writes text. */
  async write(path: string, text: string): Promise<void> {
    await this.writeBytes(path, new TextEncoder().encode(text));
  }

  /** Writes a value as compressed JSON. The header of gzip has no time, so equal values are equal files. */
  async writeJson(path: string, value: unknown): Promise<void> {
    await this.writeBytes(path, gzipSync(JSON.stringify(value), { level: 6 }));
  }

  /** Writes bytes. */
  async writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    await Deno.writeFile(await this.claim(path), bytes);
    this.add(path, bytes.length);
  }

  /** A file that something else writes; `measure` counts it afterwards. */
  async claim(path: string): Promise<string> {
    if (this.#written.has(path)) throw new Error(`"${path}" would be written twice`);
    this.#written.add(path);
    const file = join(this.folder, path);
    const folder = dirname(file);
    if (!this.#folders.has(folder)) await ensureDir(folder);
    this.#folders.add(folder);
    return file;
  }

  /** Counts a file that something else wrote. */
  async measure(path: string): Promise<number> {
    const { size } = await Deno.stat(join(this.folder, path));
    this.add(path, size);
    return size;
  }

  private add(path: string, bytes: number): void {
    this.bytes += bytes;
    if (bytes > this.largest.bytes) this.largest = { path, bytes };
  }
}
