// The `@std/fs/walk` of this project: what it uses of the original, over `Deno.readDir`.

import { basename, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** Which entries are given; links are given but never followed. */
export interface WalkOptions {
  /** How many levels below the root, 0 being the root alone; default: all. */
  maxDepth?: number;
  /** Whether files are given; default: true. */
  includeFiles?: boolean;
  /** Whether folders are given, the root among them; default: true. */
  includeDirs?: boolean;
  /** Whether symbolic links are given; default: true. */
  includeSymlinks?: boolean;
  /** Always false here: the original can follow links. */
  followSymlinks?: false;
  /** Only paths that end so, with or without the dot. */
  exts?: string[];
  /** Only paths that fit one of these. */
  match?: RegExp[];
  /** No path that fits one of these, nor anything below it. */
  skip?: RegExp[];
}

/** One entry: what `Deno.readDir` says of it, and its path, starting with the root's. */
export interface WalkEntry extends Deno.DirEntry {
  path: string;
}

/**
 * Walks a folder from the top down, each folder before what it holds, in the file system's order.
 *
 * @param root Path or file URL of the folder.
 * @param options Which entries are given.
 * @throws {Deno.errors.NotFound} If there is no such folder.
 */
export async function* walk(
  root: string | URL,
  options: WalkOptions = {},
): AsyncIterableIterator<WalkEntry> {
  const { maxDepth = Infinity, includeFiles = true, includeDirs = true, includeSymlinks = true } =
    options;
  if (maxDepth < 0) return;

  const path = root instanceof URL ? fileURLToPath(root) : root;
  if (includeDirs && isWanted(path, options)) yield await rootEntry(path);
  if (maxDepth < 1 || isSkipped(path, options)) return;

  for await (const entry of Deno.readDir(path)) {
    const found = { ...entry, path: join(path, entry.name) };
    if (entry.isDirectory) {
      yield* walk(found.path, { ...options, maxDepth: maxDepth - 1 });
    } else if (
      (entry.isSymlink ? includeSymlinks : includeFiles) && isWanted(found.path, options)
    ) {
      yield found;
    }
  }
}

async function rootEntry(root: string): Promise<WalkEntry> {
  const path = normalize(root);
  const { isFile, isDirectory, isSymlink } = await Deno.stat(path);
  return { path, name: basename(path), isFile, isDirectory, isSymlink };
}

function isWanted(path: string, options: WalkOptions): boolean {
  const { exts, match } = options;
  if (exts && !exts.some((ext) => path.endsWith(ext.startsWith(".") ? ext : `.${ext}`))) {
    return false;
  }
  if (match && !match.some((pattern) => path.search(pattern) !== -1)) return false;
  return !isSkipped(path, options);
}

function isSkipped(path: string, { skip = [] }: WalkOptions): boolean {
  // search() and not test(): a pattern with the g flag would remember where it stopped.
  return skip.some((pattern) => path.search(pattern) !== -1);
}
