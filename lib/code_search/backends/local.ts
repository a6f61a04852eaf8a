/**
 * A folder of checkouts, laid out `host/owner/name/…`: the code search that needs no service.
 * @module
 */
import { join } from "node:path";
import { listNames } from "../../storage/paths.ts";
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

/** One query a repository; its id changes with the commit, so that a new one is read again. */
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
        const repository = `${host}/${owner}/${name}`;
        const commit = await readLocalCommit(join(root, repository));
        const id = commit === null ? repository : `${repository}@${commit}`;
        queries.push({ id, terms: [repository], covers: 0, kind: "lines" });
      }
    }
  }
  return queries;
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
  const skipped = { binary: 0, huge: 0 };
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
  return {
    status: "complete",
    reason: null,
    isSplit: false,
    body: found.length === 0 ? null : new TextEncoder().encode(found.join("")),
    matches,
    sent: repository,
    attempts: 1,
    more: { files, skipped },
  };
}

/** The files of an answer, one line of JSON each. */
export function* readLines(body: Uint8Array): Generator<FileMatch> {
  for (const line of new TextDecoder().decode(body).split("\n")) {
    if (line !== "") yield JSON.parse(line) as FileMatch;
  }
}

function folders(folder: string): Promise<string[]> {
  return listNames(folder, (entry) => entry.isDirectory && !entry.name.startsWith("."));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A file's text, or why it was passed over. */
export type LocalFile =
  | { path: string; text: string; skipped?: undefined }
  | { path: string; skipped: "binary" | "huge" };

/** Code searches index files up to 1 or 2 MB; what is larger is data. */
export const LARGEST_FILE = 2_000_000;
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
  if (size > LARGEST_FILE) return { path, skipped: "huge" };
  const bytes = await Deno.readFile(join(folder, path));
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return { path, skipped: "binary" };
  return { path, text: new TextDecoder().decode(bytes) };
}

/**
 * The commit that a checkout stands at, read from its `.git` folder; null where it has none (an
 * unpacked archive) or where it cannot be told.
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
    // whatever stands in the way, the checkout does not tell its commit
    return null;
  }
}
