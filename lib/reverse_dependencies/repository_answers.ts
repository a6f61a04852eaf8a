/**
 * Reads a download of repositories back: one answer per repository, whichever host gave it. What
 * the stages decide by is read here; the other fields of a host's record are read by SQL.
 * @module
 */

import { type Entry, readAnswer } from "../storage/sealed_run.ts";
import { filesOfGraphql } from "./github.ts";
import { member, parseJson, text, truth } from "./json_values.ts";
import { type ManifestFile, MANIFESTS } from "./manifests.ts";
import { blockOf } from "./rate_limits.ts";

/** `found`: under the asked name; `renamed`: under another; the others have no record, or little. */
export type State = "found" | "renamed" | "missing" | "blocked" | "empty";

/** What is known of one repository that was requested. */
export interface RepositoryAnswer {
  /** As it was requested. */
  repository: string;
  service: string;
  state: State;
  /** Why the host shows it to no one: `dmca`, `tos`, …; null where it does. */
  blocked_reason: string | null;
  /** `host/owner/name` as the host calls it now; null where it says none. */
  current_name: string | null;
  is_empty: boolean | null;
  /** The host's own record, without manifests; null for missing and blocked ones. */
  record: unknown;
  files: ManifestFile[];
  answered_at: string;
}

/** The repositories that a journal has an answer for, and where. */
export interface Answered {
  /** Answered by GraphQL: the journal line and the position in the query. */
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
  const service = "github_graphql";
  if (node === null || node === undefined) {
    return withoutRecord(repository, service, "missing", answeredAt);
  }
  const aliases = new Set(MANIFESTS.map(({ alias }) => alias));
  const fields = Object.entries(node).filter(([name]) => !aliases.has(name));
  return {
    ...withRecord(repository, service, answeredAt, {
      record: Object.fromEntries(fields),
      currentName: named("github.com", member(node, "nameWithOwner")),
      isEmpty: truth(member(node, "isEmpty")),
    }),
    files: filesOfGraphql(node),
  };
}

async function ofRest(
  folder: string,
  byKey: Map<string, Entry>,
  repository: string,
  line: Entry,
): Promise<RepositoryAnswer> {
  const service = String(line.service);
  const entry = byKey.get(`${repository} facts`);
  if (entry === undefined) {
    throw new Error(`"${repository}" is closed in "${folder}" without its metadata`);
  }
  if (entry.status !== 200) {
    const content = new TextDecoder().decode(await readAnswer(folder, entry));
    const reason = blockOf(entry.status as number, content);
    return withoutRecord(
      repository,
      service,
      reason === undefined ? "missing" : "blocked",
      line.at,
      reason,
    );
  }
  const record = await readJsonAnswer(folder, entry);
  const host = repository.slice(0, repository.indexOf("/")).toLowerCase();
  const root = byKey.get(`${repository} root 1`);
  const { currentName, isEmpty } = RECORDS[service]!(record, host);
  const files: ManifestFile[] = [];
  for (const { path } of MANIFESTS) {
    const file = byKey.get(`${repository} file ${path}`);
    if (file?.status === 200) files.push(fileOf(path, await readAnswer(folder, file), file));
  }
  return {
    ...withRecord(repository, service, line.at, {
      record,
      currentName,
      // GitHub alone does not say it in the record: an empty repository has no root to list
      isEmpty: isEmpty ?? (root === undefined ? null : root.status !== 200),
    }),
    files,
  };
}

/** What the stages read in the record of each REST API. */
const RECORDS: Record<
  string,
  (record: unknown, host: string) => { currentName: string | null; isEmpty: boolean | null }
> = {
  github_rest: (record) => ({
    currentName: named("github.com", member(record, "full_name")),
    isEmpty: null,
  }),
  gitlab: (record, host) => ({
    currentName: named(host, member(record, "path_with_namespace")),
    isEmpty: truth(member(record, "empty_repo")),
  }),
  bitbucket: (record) => ({
    currentName: named("bitbucket.org", member(record, "full_name")),
    isEmpty: member(record, "mainbranch") === null,
  }),
};

function withRecord(
  repository: string,
  service: string,
  answeredAt: string,
  read: { record: unknown; currentName: string | null; isEmpty: boolean | null },
): Omit<RepositoryAnswer, "files"> {
  // hosts ignore case in names
  const isRenamed = read.currentName !== null &&
    read.currentName.toLowerCase() !== repository.toLowerCase();
  return {
    repository,
    service,
    state: isRenamed ? "renamed" : read.isEmpty ? "empty" : "found",
    blocked_reason: null,
    current_name: read.currentName,
    is_empty: read.isEmpty,
    record: read.record,
    answered_at: answeredAt,
  };
}

function withoutRecord(
  repository: string,
  service: string,
  state: State,
  answeredAt: string,
  blockedReason: string | null = null,
): RepositoryAnswer {
  return {
    repository,
    service,
    state,
    blocked_reason: blockedReason,
    current_name: null,
    is_empty: null,
    record: null,
    files: [],
    answered_at: answeredAt,
  };
}

function named(host: string, path: unknown): string | null {
  const name = text(path);
  return name === null ? null : `${host}/${name}`;
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
