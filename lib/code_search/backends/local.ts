/**
 * A folder of checkouts, laid out `host/owner/name/…`: the code search that needs no service.
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { StageError } from "../../cli/errors.ts";
import type {
  Answer,
  Backend,
  BackendSetup,
  FileMatch,
  LineMatch,
  PlannedQuery,
} from "../backend.ts";
import { mayMention } from "../match/mentions.ts";
import { LARGEST_PROGRAM, mayCallClient, needsWholeFile } from "../program_mentions.ts";

/** The code search over a folder of checkouts. */
export function local(setup: BackendSetup): Backend {
  const root = setup.endpointUrl;
  return {
    name: "local",
    unit: "repositories",
    plan: () => planRepositories(root),
    split: () => [],
    search: (query) => searchRepository(setup, root, query),
  };
}

/**
 * One query for each repository. Its id changes with the commit, or, where there is none, with the
 * names, sizes and times of its files, so that what has changed is read again.
 */
async function planRepositories(root: string): Promise<PlannedQuery[]> {
  const queries: PlannedQuery[] = [];
  if (!await isFolder(root)) {
    throw new StageError(
      `no folder "${root}" with checkouts: set code_search.endpoint_url to a folder laid out host/owner/name/…`,
    );
  }
  for (const host of await folders(root)) {
    for (const owner of await folders(join(root, host))) {
      for (const name of await folders(join(root, host, owner))) {
        for (const repository of await repositoriesIn(root, `${host}/${owner}/${name}`)) {
          const folder = join(root, repository);
          const commit = await readLocalCommit(folder) ?? await fingerprint(folder);
          queries.push({
            id: `${repository}@${commit}`,
            terms: [repository],
            covers: 0,
            kind: "lines",
          });
        }
      }
    }
  }
  return queries;
}

/** So deep GitLab nests its groups at most. */
const DEEPEST_GROUP = 20;

/**
 * The repository at a path, or those below it where it is a group: a folder without files of its
 * own, in which repositories lie (each with `.git`, or on a GitLab).
 */
async function repositoriesIn(root: string, path: string, depth = 0): Promise<string[]> {
  const folder = join(root, path);
  const entries = await entriesOf(folder);
  const isGroup = entries.length > 0 && depth < DEEPEST_GROUP &&
    entries.every(({ name, isFile }) => !isFile && name !== ".git");
  if (!isGroup) return [path];
  const below: string[] = [];
  let hasGit = false;
  for (const name of await folders(folder)) {
    const inside = await repositoriesIn(root, `${path}/${name}`, depth + 1);
    below.push(...inside);
    hasGit ||= (await Promise.all(inside.map((one) => exists(join(root, one, ".git"))))).some(
      Boolean,
    );
  }
  const isGitlab = /(?:^|\.)gitlab\./.test(path.slice(0, path.indexOf("/")));
  return below.length > 0 && (hasGit || isGitlab) ? below : [path];
}

/** A hash over names, sizes and times of a folder's files: it differs where one has changed. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const path of filesIn(folder)) {
    try {
      const { size, mtime } = await Deno.stat(join(folder, path));
      hash.update(`${path}\n${size}\n${mtime?.getTime()}\n`);
    } catch {
      hash.update(`${path}\nunreadable\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** Every line of a repository that may mention something of the catalogue, as lines of JSON. */
async function searchRepository(
  setup: BackendSetup,
  root: string,
  query: PlannedQuery,
): Promise<Answer> {
  const repository = query.terms[0] ?? "";
  const folder = join(root, repository);
  const commit = await readLocalCommit(folder);
  const skipped = { binary: 0, huge: 0, unreadable: 0 };
  const found: string[] = [];
  let matches = 0;
  let files = 0;
  for await (const file of textFiles(folder, setup.effects.signal)) {
    if (file.skipped !== undefined) {
      skipped[file.skipped] += 1;
      continue;
    }
    files += 1;
    const lines: LineMatch[] = [];
    file.text.split("\n").forEach((line, at) => {
      if (!mayMention(line, setup.index)) return;
      lines.push({ line_number: at + 1, text: line.replace(/\r$/, ""), is_cut: false });
    });
    const callsClient = setup.wholeFiles && mayCallClient(file.path, file.text, setup.index);
    if (lines.length === 0 && !callsClient) continue;
    matches += lines.length;
    const match: FileMatch = {
      repository,
      path: file.path,
      commit,
      stars: null,
      last_fetched: null,
      language: null,
      is_fork: null,
      lines,
    };
    if (setup.wholeFiles && file.text.length <= LARGEST_PROGRAM) {
      if (callsClient || needsWholeFile(match, setup.index)) match.text = file.text;
    }
    found.push(JSON.stringify(match) + "\n");
  }
  const reason = unreadReason(skipped);
  return {
    status: reason === null ? "complete" : "partial",
    reason,
    isSplit: false,
    body: found.length === 0 ? null : new TextEncoder().encode(found.join("")),
    matches,
    sent: repository,
    attempts: 1,
    more: { files, skipped },
  };
}

/** What was left unread that may hold text; binary files hold none. */
function unreadReason(skipped: { huge: number; unreadable: number }): string | null {
  const reasons = [];
  if (skipped.huge > 0) reasons.push(`${skipped.huge} files too large to read`);
  if (skipped.unreadable > 0) reasons.push(`${skipped.unreadable} files could not be read`);
  return reasons.length === 0 ? null : reasons.join(", ");
}

/** The files of an answer, one line of JSON each. */
export function* readLines(body: Uint8Array): Generator<FileMatch> {
  for (const line of new TextDecoder().decode(body).split("\n")) {
    if (line !== "") yield JSON.parse(line) as FileMatch;
  }
}

/** Names of the folders in a folder, links to folders included. */
async function folders(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const { name, isDirectory, isSymlink } of await entriesOf(folder)) {
    if (name.startsWith(".")) continue;
    if (isDirectory || (isSymlink && await isFolder(join(folder, name)))) names.push(name);
  }
  return names;
}

/** The entries of a folder by name; none where it cannot be read. */
async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.sort((one, other) => one.name < other.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return [];
    }
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.FilesystemLoop) return false;
    throw error;
  }
}

/** A file's text, or why it was passed over. */
export type LocalFile =
  | { path: string; text: string; skipped?: undefined }
  | { path: string; skipped: "binary" | "huge" | "unreadable" };

/** Code searches index files up to 1 or 2 MB; what is larger is data. */
export const LARGEST_FILE = 2_000_000;
/** git's own rule: a file with a zero byte near its start is binary. */
const LOOKED_AT = 8_000;

/** The text files of a checkout in the order of names; `.git` and links inside are not followed. */
export async function* textFiles(folder: string, signal: AbortSignal): AsyncGenerator<LocalFile> {
  for await (const path of filesIn(folder)) {
    signal.throwIfAborted();
    yield await readFile(folder, path);
  }
}

async function* filesIn(folder: string, under = ""): AsyncGenerator<string> {
  for (const { name, isDirectory, isFile } of await entriesOf(join(folder, under))) {
    const path = under === "" ? name : `${under}/${name}`;
    if (isDirectory && name !== ".git") yield* filesIn(folder, path);
    if (isFile && path !== ".git") yield path;
  }
}

async function readFile(folder: string, path: string): Promise<LocalFile> {
  let bytes: Uint8Array;
  try {
    const { size } = await Deno.stat(join(folder, path));
    if (size > LARGEST_FILE) return { path, skipped: "huge" };
    bytes = await Deno.readFile(join(folder, path));
  } catch (error) {
    if (error instanceof Deno.errors.Interrupted) throw error;
    return { path, skipped: "unreadable" };
  }
  const text = textOf(bytes);
  return text === null ? { path, skipped: "binary" } : { path, text };
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/** The text of a file in UTF-8, UTF-16 or, where it is neither, Latin-1; null where it is binary. */
export function textOf(bytes: Uint8Array): string | null {
  const wide = wideEncoding(bytes);
  if (wide !== null) return new TextDecoder(wide).decode(bytes);
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return null;
  try {
    return UTF_8.decode(bytes);
  } catch {
    const text = new TextDecoder().decode(bytes);
    const broken = text.match(/\ufffd/g)?.length ?? 0;
    const letters = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
    // a few broken bytes in UTF-8; else Latin-1 as browsers read it
    return broken * 4 <= letters ? text : new TextDecoder("windows-1252").decode(bytes);
  }
}

/** UTF-16 has a mark at its start, or every other byte of its ASCII characters is zero. */
function wideEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const start = bytes.subarray(0, LOOKED_AT);
  if (start.length < 8 || !start.includes(0)) return null;
  const zeros = [0, 0];
  start.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]! += 1;
  });
  const [even = 0, odd = 0] = zeros;
  const half = start.length / 2;
  if (even === 0 && odd > half * 0.7) return "utf-16le";
  return odd === 0 && even > half * 0.7 ? "utf-16be" : null;
}

/**
 * The commit that a checkout is at, read from its `.git` folder; null where it has none (an
 * unpacked archive) or where it cannot be reported.
 */
export async function readLocalCommit(folder: string): Promise<string | null> {
  const head = await readText(join(folder, ".git", "HEAD"));
  if (head === null) return null;
  const name = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (name === undefined) return commitOf(head);
  if (name.includes("..")) return null;
  const loose = await readText(join(folder, ".git", name));
  if (loose !== null) return commitOf(loose);
  const packed = await readText(join(folder, ".git", "packed-refs")) ?? "";
  const line = packed.split("\n").find((text) => text.endsWith(` ${name}`));
  return line === undefined ? null : commitOf(line.split(" ")[0] ?? "");
}

function commitOf(text: string): string | null {
  return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}

async function readText(file: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(file)).trim();
  } catch {
    // whatever is in the way, the checkout does not give its commit
    return null;
  }
}
