/**
 * Asks a code host about one repository at a time over REST: its metadata, the list of its root,
 * then the manifests in it. Each answer is kept as received, under "repository what". The APIs of
 * GitHub, GitLab and Bitbucket are described at the end.
 * @module
 */

import { messageOf } from "../cli/errors.ts";
import type { HttpClient } from "../http/client.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import type { DownloadRun } from "../storage/download_run.ts";
import { member, parseJson, text } from "./json_values.ts";
import { MANIFESTS } from "./manifests.ts";
import { blockOf, failureOfHost, obeyHeaders } from "./rate_limits.ts";
import type { RepositoryRef, Service } from "./repository_ref.ts";

/** How one host's API is spoken to; all addresses end up under `base`. */
export interface RestApi {
  service: Service | "github_rest";
  repositoryUrl(ref: RepositoryRef): string;
  /** The first page of the root's list; undefined where the facts say that it is empty. */
  rootUrl(ref: RepositoryRef, facts: unknown): string | undefined;
  /** The names of the files in a page of the list, and the next page's address. */
  readRoot(page: unknown, headers: Headers): { files: string[]; next?: string };
  fileUrl(ref: RepositoryRef, facts: unknown, file: string): string;
  /** Sent with requests for files. */
  fileHeaders: Record<string, string>;
}

/** What was kept of a request. */
interface Kept {
  status: number;
  content: string;
  /** Of a page of a list: what it says. */
  root?: { files: string[]; next?: string };
}

const MOST_REDIRECTS = 3;
const MOST_PAGES = 10;
/** A file beyond this is not a manifest; GitHub's raw media type gives up to 100 MB. */
const LARGEST_FILE = 8_000_000;

/**
 * Asks for everything about one repository that the run does not have yet, and closes it with a line
 * of its own. A request that fails for good is that repository's failure, said in its line.
 * @returns the reason of the failure, or undefined
 * @throws {FatalFailure} (with QuotaSpent) when the host wants no more requests.
 */
export async function askByRest(
  api: RestApi,
  client: HttpClient,
  ref: RepositoryRef,
  run: DownloadRun,
  options: { now: () => Date; patienceSeconds: number },
): Promise<{ failure?: string; isTransient?: boolean }> {
  const { repository } = ref;
  const close = (details: Record<string, unknown>) =>
    run.append(
      repository,
      null,
      { service: api.service, repository, ...details },
      options.now(),
    );
  const ask = (what: string, url: string, how?: Parameters<typeof request>[5]) =>
    request(client, run, `${repository} ${what}`, url, options, how);
  try {
    const facts = await ask("facts", api.repositoryUrl(ref));
    if (facts.status === 200) {
      const body = parseJson(facts.content);
      let url = api.rootUrl(ref, body);
      for (let page = 1; url !== undefined && page <= MOST_PAGES; page++) {
        const root = await ask(`root ${page}`, url, {
          readRoot: api.readRoot,
          isInside: true,
        });
        for (const { path } of MANIFESTS) {
          if (!root.root?.files.includes(path)) continue;
          await ask(`file ${path}`, api.fileUrl(ref, body, path), {
            headers: api.fileHeaders,
            isInside: true,
          });
        }
        url = nextPage(root.root?.next, url);
      }
    }
    await close({ closed: true });
    return {};
  } catch (error) {
    if (!(error instanceof TransientFailure || error instanceof PermanentFailure)) throw error;
    const failure = messageOf(error);
    await close({ closed: false, failure });
    return { failure, isTransient: error instanceof TransientFailure };
  }
}

async function request(
  client: HttpClient,
  run: DownloadRun,
  key: string,
  url: string,
  options: { now: () => Date; patienceSeconds: number },
  how: {
    headers?: Record<string, string>;
    readRoot?: RestApi["readRoot"];
    /** Asks for what is in the repository, not for itself. */
    isInside?: boolean;
  } = {},
): Promise<Kept> {
  const kept = run.get(key);
  if (kept !== undefined) {
    return {
      status: kept.status as number,
      content: new TextDecoder().decode(await run.read(kept)),
      root: kept.root as Kept["root"],
    };
  }
  let target = url;
  for (let redirects = 0;; redirects++) {
    const answer = await client.request(target, async (response) => {
      const content = new Uint8Array(await response.arrayBuffer());
      const text = new TextDecoder().decode(content);
      const { status, headers } = response;
      if (!isAnswer(status, text)) {
        const now = client.effects.now();
        const failure = failureOfHost(response, text, now, options.patienceSeconds);
        // GitLab shows the project of a repository whose files it shows to members only
        const isRefused = status === 403 && how.isInside && failure instanceof PermanentFailure;
        if (!isRefused) throw failure;
      }
      if (status === 200 && !how.headers && parseJson(text) === undefined) {
        throw new TransientFailure("an answer that is not JSON");
      }
      obeyHeaders(client, headers, options.patienceSeconds);
      return { status, headers, content, text };
    }, { headers: how.headers ?? {}, redirect: "manual" });
    const next = redirectOf(answer.status, answer.headers, target);
    if (next !== undefined) {
      if (redirects >= MOST_REDIRECTS) throw new PermanentFailure("redirects without end");
      target = next;
      continue;
    }
    const { status, content, text } = answer;
    const root = status === 200 ? how.readRoot?.(parseJson(text), answer.headers) : undefined;
    const tooLarge = content.length > LARGEST_FILE;
    await run.append(key, tooLarge ? content.subarray(0, LARGEST_FILE) : content, {
      status,
      ...(tooLarge ? { is_cut: true } : {}),
      ...(root === undefined ? {} : { root }),
      ...(target === url ? {} : { redirected_to: target }),
    }, options.now());
    return { status, content: text, root };
  }
}

/** Answers that say something of the repository itself, whatever it is. */
function isAnswer(status: number, content: string): boolean {
  return status === 200 || (status >= 301 && status <= 308 && status !== 304) ||
    status === 404 || status === 410 || status === 409 || blockOf(status, content) !== undefined;
}

/** Redirects lead to the same service only: what is sent with requests is meant for no other. */
function redirectOf(status: number, headers: Headers, from: string): string | undefined {
  if (status < 301 || status > 308) return undefined;
  const location = headers.get("location");
  if (location === null || !URL.canParse(location, from)) {
    throw new PermanentFailure(`HTTP ${status} without an address to go to`);
  }
  const target = new URL(location, from);
  if (target.origin !== new URL(from).origin) {
    throw new PermanentFailure(`HTTP ${status} to another service, "${target.origin}"`);
  }
  return target.href;
}

function nextPage(next: string | undefined, from: string): string | undefined {
  if (next === undefined) return undefined;
  if (!URL.canParse(next, from) || new URL(next, from).origin !== new URL(from).origin) {
    throw new PermanentFailure(`a next page on another service, "${next.slice(0, 100)}"`);
  }
  return new URL(next, from).href;
}

/** The next page's address in a `Link` header. */
export function nextLink(headers: Headers): string | undefined {
  return /<([^>]+)>;\s*rel="?next"?/.exec(headers.get("link") ?? "")?.[1];
}

const encode = encodeURIComponent;
const encodePath = (path: string) => path.split("/").map(encode).join("/");

/** GitHub: for repositories that GraphQL cannot explain, and for all where there is no token. */
export function githubRest(apiUrl: string): RestApi {
  const base = apiUrl.replace(/\/$/, "");
  const of = ({ path }: RepositoryRef) => `${base}/repos/${encodePath(path)}`;
  return {
    service: "github_rest",
    repositoryUrl: of,
    rootUrl: (ref) => `${of(ref)}/contents/`,
    readRoot: (page) => ({ files: filesOf(page, "type", "file", "name") }),
    fileUrl: (ref, _facts, file) => `${of(ref)}/contents/${encode(file)}`,
    fileHeaders: { accept: "application/vnd.github.raw+json" },
  };
}

/** GitLab, version 4 of its API. `{host}` in the address is replaced by the repository's host. */
export function gitlab(apiUrl: string): RestApi {
  const of = ({ host, path }: RepositoryRef) =>
    `${apiUrl.replace("{host}", host).replace(/\/$/, "")}/projects/${encode(path)}`;
  return {
    service: "gitlab",
    repositoryUrl: (ref) => `${of(ref)}?license=true`,
    rootUrl: (ref, facts) =>
      member(facts, "empty_repo") === true
        ? undefined
        : `${of(ref)}/repository/tree?ref=HEAD&per_page=100`,
    readRoot: (page, headers) => ({
      files: filesOf(page, "type", "blob", "name"),
      next: nextLink(headers),
    }),
    fileUrl: (ref, _facts, file) => `${of(ref)}/repository/files/${encode(file)}/raw?ref=HEAD`,
    fileHeaders: { accept: "*/*" },
  };
}

/** Bitbucket, version 2.0 of its API. */
export function bitbucket(apiUrl: string): RestApi {
  const of = ({ path }: RepositoryRef) =>
    `${apiUrl.replace(/\/$/, "")}/repositories/${encodePath(path)}`;
  const branch = (facts: unknown) => text(member(facts, "mainbranch", "name"));
  return {
    service: "bitbucket",
    repositoryUrl: of,
    rootUrl: (ref, facts) => {
      const name = branch(facts);
      return name === null ? undefined : `${of(ref)}/src/${encode(name)}/?pagelen=100`;
    },
    readRoot: (page) => ({
      files: filesOf(member(page, "values"), "type", "commit_file", "path"),
      next: text(member(page, "next")) ?? undefined,
    }),
    fileUrl: (ref, facts, file) => `${of(ref)}/src/${encode(branch(facts)!)}/${encode(file)}`,
    fileHeaders: { accept: "*/*" },
  };
}

function filesOf(entries: unknown, kind: string, file: string, name: string): string[] {
  if (!Array.isArray(entries)) return [];
  return entries.filter((it) => member(it, kind) === file)
    .map((it) => text(member(it, name)))
    .filter((it) => it !== null);
}
