import type { DownloadRun } from "../storage/download_run.ts";
import { messageOf } from "../cli/errors.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import type { HttpClient } from "../http/client.ts";
import { blockOf, failureOfHost, obeyHeaders } from "./rate_limits.ts";
import { MANIFESTS } from "./manifests.ts";
import type { Place, Service } from "./repository_ref.ts";
import { parseJson } from "./json_values.ts";

/**
 * Asks a code host about one repository at a time: its facts, the list of its root, then the
 * manifests that stand there. Each answer is kept as it came, under "repository what".
 */

/** How one host's API is spoken to; all addresses end up under `base`. */
export interface Dialect {
  service: Service | "github_rest";
  repositoryUrl(place: Place): string;
  /** The first page of the root's list; undefined where the facts say that it is empty. */
  rootUrl(place: Place, facts: unknown): string | undefined;
  /** The names of the files in a page of the list, and the next page's address. */
  readRoot(page: unknown, headers: Headers): { files: string[]; next?: string };
  fileUrl(place: Place, facts: unknown, file: string): string;
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
/** A file beyond this is no manifest; GitHub's raw media type gives up to 100 MB. */
const LARGEST_FILE = 8_000_000;

/**
 * Asks for everything about one repository that the run does not have yet, and closes it with a line
 * of its own. A request that fails for good is that repository's failure, said in its line.
 * @returns the reason of the failure, or undefined
 * @throws {FatalFailure} (with QuotaSpent) when the host wants no more requests.
 */
export async function askByRest(
  dialect: Dialect,
  client: HttpClient,
  place: Place,
  run: DownloadRun,
  options: { now: () => Date; patienceSeconds: number },
): Promise<{ failure?: string; isTransient?: boolean }> {
  const { repository } = place;
  const close = (details: Record<string, unknown>) =>
    run.append(
      repository,
      null,
      { service: dialect.service, repository, ...details },
      options.now(),
    );
  const ask = (what: string, url: string, how?: Parameters<typeof request>[5]) =>
    request(client, run, `${repository} ${what}`, url, options, how);
  try {
    const facts = await ask("facts", dialect.repositoryUrl(place));
    if (facts.status === 200) {
      const body = parseJson(facts.content);
      let url = dialect.rootUrl(place, body);
      for (let page = 1; url !== undefined && page <= MOST_PAGES; page++) {
        const root = await ask(`root ${page}`, url, {
          readRoot: dialect.readRoot,
          isInside: true,
        });
        for (const { path } of MANIFESTS) {
          if (!root.root?.files.includes(path)) continue;
          await ask(`file ${path}`, dialect.fileUrl(place, body, path), {
            headers: dialect.fileHeaders,
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
    readRoot?: Dialect["readRoot"];
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
        throw new TransientFailure("an answer that is no JSON");
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
