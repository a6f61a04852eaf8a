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
import { readCommit } from "./checkout.ts";
import { textFiles } from "./local_files.ts";
import { mayMention } from "../match/may_mention.ts";

/** A folder of checkouts, laid out `host/owner/name/…`: the code search that needs no service. */
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
        const commit = await readCommit(join(root, repository));
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
  const commit = await readCommit(folder);
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
    if (lines.length === 0) continue;
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
