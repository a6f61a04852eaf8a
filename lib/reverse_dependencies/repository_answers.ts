import { type Entry, readAnswer } from "../storage/sealed_run.ts";
import {
  type Facts,
  factsOfBitbucket,
  factsOfGithub,
  factsOfGitlab,
  factsOfGraphql,
  type State,
  stateOf,
} from "./repository_metadata.ts";
import { filesOfGraphql } from "./github.ts";
import { blockOf } from "./rate_limits.ts";
import { type ManifestFile, MANIFESTS } from "./manifests.ts";
import { member, parseJson } from "./json_values.ts";

/** Reading a download of repositories back: one answer a repository, whichever host gave it. */

/** What is known of one repository that was asked for. */
export interface RepositoryAnswer {
  /** As it was asked for. */
  repository: string;
  service: string;
  state: State;
  /** Why the host shows it to nobody: `dmca`, `tos`, …; null where it does. */
  blocked_reason: string | null;
  /** Null for missing and blocked ones. */
  facts: Facts | null;
  files: ManifestFile[];
  answered_at: string;
}

/** The repositories that a journal has an answer for, and where it stands. */
export interface Answered {
  /** Answered by GraphQL: the line and the place in the query. */
  graphql: Map<string, { entry: Entry; at: number }>;
  /** GraphQL cannot explain them; REST is asked. */
  unexplained: Set<string>;
  /** Closed by REST. */
  closed: Map<string, Entry>;
  /** Failed for good the last time, with the reason. */
  failed: Map<string, string>;
}

/** Sorts the lines of a journal. */
export function answeredIn(entries: Iterable<Entry>): Answered {
  const found: Answered = {
    graphql: new Map(),
    unexplained: new Set(),
    closed: new Map(),
    failed: new Map(),
  };
  for (const entry of entries) {
    if (entry.service === "github_graphql") {
      const asked = (entry.asked ?? []) as string[];
      const answered = new Set(entry.answered as string[] | undefined);
      asked.forEach((name, at) => {
        if (answered.has(name)) found.graphql.set(name, { entry, at });
      });
      for (const name of (entry.unexplained ?? []) as string[]) found.unexplained.add(name);
    } else if (typeof entry.repository === "string") {
      if (entry.closed === true) found.closed.set(entry.repository, entry);
      else found.failed.set(entry.repository, String(entry.failure));
    }
  }
  return found;
}

/** Every answer of a run, those of one query after another; memory holds one query at a time. */
export async function* repositoryAnswers(
  folder: string,
  entries: Entry[],
): AsyncGenerator<RepositoryAnswer> {
  const { graphql, closed } = answeredIn(entries);
  let open: Entry | undefined;
  let data: unknown;
  for (const [repository, { entry, at }] of graphql) {
    if (closed.has(repository)) continue;
    if (entry !== open) {
      data = member(await readJsonAnswer(folder, entry), "data");
      open = entry;
    }
    yield ofGraphql(repository, member(data, `r${at}`), entry.at);
  }
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  for (const [repository, line] of closed) {
    yield await ofRest(folder, byKey, repository, line);
  }
}

function ofGraphql(repository: string, node: unknown, answeredAt: string): RepositoryAnswer {
  const isThere = node !== null && node !== undefined;
  const facts = isThere ? factsOfGraphql(node) : null;
  return {
    repository,
    service: "github_graphql",
    state: facts === null ? "missing" : stateOf(repository, facts),
    blocked_reason: null,
    facts,
    files: isThere ? filesOfGraphql(node) : [],
    answered_at: answeredAt,
  };
}

async function ofRest(
  folder: string,
  byKey: Map<string, Entry>,
  repository: string,
  line: Entry,
): Promise<RepositoryAnswer> {
  const service = String(line.service);
  const without = (state: State, blocked_reason: string | null = null) => ({
    repository,
    service,
    state,
    blocked_reason,
    facts: null,
    files: [],
    answered_at: line.at,
  });
  const entry = byKey.get(`${repository} facts`);
  if (entry === undefined) {
    throw new Error(`"${repository}" is closed in "${folder}" without facts`);
  }
  if (entry.status !== 200) {
    const content = new TextDecoder().decode(await readAnswer(folder, entry));
    const reason = blockOf(entry.status as number, content);
    return reason === undefined ? without("missing") : without("blocked", reason);
  }
  const body = await readJsonAnswer(folder, entry);
  const facts = service === "gitlab"
    ? factsOfGitlab(body, repository.slice(0, repository.indexOf("/")).toLowerCase())
    : service === "bitbucket"
    ? factsOfBitbucket(body)
    : factsOfGithub(body);
  const root = byKey.get(`${repository} root 1`);
  // GitHub alone does not say it in the facts: an empty repository has no root to list
  if (root !== undefined) facts.is_empty ??= root.status !== 200;
  const files: ManifestFile[] = [];
  for (const { path } of MANIFESTS) {
    const file = byKey.get(`${repository} file ${path}`);
    if (file?.status === 200) files.push(fileOf(path, await readAnswer(folder, file), file));
  }
  return { ...without(stateOf(repository, facts)), facts, files };
}

function fileOf(path: string, content: Uint8Array, entry: Entry): ManifestFile {
  const isBinary = content.includes(0);
  return {
    path,
    bytes: content.length,
    isBinary,
    isTruncated: entry.is_cut === true,
    text: isBinary ? null : new TextDecoder().decode(content),
  };
}

async function readJsonAnswer(folder: string, entry: Entry): Promise<unknown> {
  return parseJson(new TextDecoder().decode(await readAnswer(folder, entry)));
}
