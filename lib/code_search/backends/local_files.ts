import { join } from "node:path";

/** The text files of a checkout, one at a time. */

/** A file's text, or why it was passed over. */
export type LocalFile =
  | { path: string; text: string; skipped?: undefined }
  | { path: string; skipped: "binary" | "huge" };

/** Code searches index files up to 1 or 2 MB; what is larger is data. */
const LARGEST = 2_000_000;
/** git's own rule: a file with a zero byte near its start is binary. */
const LOOKED_AT = 8_000;

/** Walks a checkout in the order of names; `.git` and links are not followed. */
export async function* textFiles(
  folder: string,
  signal: AbortSignal,
  under = "",
): AsyncGenerator<LocalFile> {
  const entries = await Array.fromAsync(Deno.readDir(join(folder, under)));
  entries.sort((one, other) => one.name < other.name ? -1 : 1);
  for (const { name, isDirectory, isFile } of entries) {
    signal.throwIfAborted();
    const path = under === "" ? name : `${under}/${name}`;
    if (isDirectory && name !== ".git") yield* textFiles(folder, signal, path);
    if (isFile) yield await readFile(folder, path);
  }
}

async function readFile(folder: string, path: string): Promise<LocalFile> {
  const { size } = await Deno.stat(join(folder, path));
  if (size > LARGEST) return { path, skipped: "huge" };
  const bytes = await Deno.readFile(join(folder, path));
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return { path, skipped: "binary" };
  return { path, text: new TextDecoder().decode(bytes) };
}
