import { UsageError } from "../../cli/errors.ts";
import { PermanentFailure, TransientFailure } from "../../http/failures.ts";
import { HttpClient } from "../../http/client.ts";
import type {
  Answer,
  Backend,
  BackendSetup,
  FileMatch,
  LineMatch,
  PlannedQuery,
} from "../backend.ts";
import { readBody } from "../response_body.ts";
import { failureOfGithub, type GithubItem, readGithubPage } from "./github_answers.ts";
import { mayMention } from "../match/may_mention.ts";
import { searchForms } from "../plan/search_terms.ts";

/**
 * GitHub's REST code search: a slow second opinion. It takes one URL a query and ten queries a
 * minute, ignores punctuation and tells no lines; so every file it names is fetched and read here.
 * One token, as GitHub's terms have it.
 */

/** "256 characters"; a longer URL is asked for by its beginning. */
const LONGEST_TERM = 250;
const PAGE_SIZE = 100;
/** Nothing is given beyond, whatever the total says. */
const MOST_RESULTS = 1000;
/** Bytes of the largest file in the index: 384 kB. */
const LARGEST_FILE = 393_216;
/** How often an answer that is said to be incomplete is asked for again. */
const PATIENCE = 3;

/** What GitHub allows a token, in requests a second. */
const PACES = { search: 10 / 60, core: 5000 / 3600 };

/** The client of GitHub's code search; `paces` bound the config's own. */
export function github(setup: BackendSetup, paces = PACES): Backend {
  const token = setup.env("GITHUB_TOKEN");
  const clientOf = (name: string, pace: number) =>
    new HttpClient({
      ...setup.service,
      name,
      concurrency: 1,
      requestsPerSecond: Math.min(pace, setup.service.requestsPerSecond),
      headers: { ...setup.service.headers, authorization: `Bearer ${token}` },
    }, setup.effects);
  const clients = {
    search: clientOf("GitHub search", paces.search),
    core: clientOf("GitHub", paces.core),
  };
  return {
    name: "github",
    unit: "queries",
    requestsPerSecond: clients.search.service.requestsPerSecond,
    plan() {
      if (token === undefined) {
        throw new UsageError("GitHub's code search needs a token: set GITHUB_TOKEN");
      }
      return Promise.resolve(planUrls(setup));
    },
    split: splitBySize,
    search: (query) => search(setup, clients, query),
  };
}

/** One query a URL. */
function planUrls(setup: BackendSetup): PlannedQuery[] {
  const texts = new Set<string>();
  for (const group of searchForms(setup.index).groups.values()) {
    for (const text of group.texts) {
      const term = text.slice(0, LONGEST_TERM).replace(/["\\\s]+/g, " ").trim();
      if (term.includes("/")) texts.add(term);
    }
  }
  return [...texts].map((term) => ({ id: term, terms: [term], covers: 1, kind: "lines" }));
}

/** The sizes of the files in two halves: what has more than 1,000 results is seen in parts. */
function splitBySize(query: PlannedQuery): PlannedQuery[] {
  const [text = "", sizes = `size:0..${LARGEST_FILE}`] = query.terms;
  const [low = 0, high = 0] = sizes.slice("size:".length).split("..").map(Number);
  if (high <= low) return [];
  const middle = Math.floor((low + high) / 2);
  return [[low, middle], [middle + 1, high]].map(([from, to]) => {
    const terms = [text, `size:${from}..${to}`];
    return { id: terms.join(" "), terms, covers: query.covers, kind: "lines" };
  });
}

async function search(
  setup: BackendSetup,
  clients: { search: HttpClient; core: HttpClient },
  query: PlannedQuery,
): Promise<Answer> {
  const [text = "", ...qualifiers] = query.terms;
  const sent = [`"${text}"`, "in:file", "fork:true", ...qualifiers].join(" ");
  const root = setup.endpointUrl.replace(/\/+$/, "");
  const before = clients.search.requests + clients.core.requests;
  const lines: string[] = [];
  const end = (rest: Pick<Answer, "status" | "reason" | "isSplit">, matches = 0): Answer => ({
    ...rest,
    body: lines.length === 0 ? null : new TextEncoder().encode(lines.join("")),
    matches,
    sent,
    attempts: clients.search.requests + clients.core.requests - before,
  });
  try {
    const canSplit = splitBySize(query).length > 0;
    const found = await pagesOf(clients.search, root, sent, lines, canSplit);
    const reason = `${found.total} results, ${MOST_RESULTS} of them can be read`;
    if (found.total > MOST_RESULTS && canSplit) {
      return end({ status: "partial", reason, isSplit: true });
    }
    let matches = 0;
    let missing = 0;
    for (const item of found.items) {
      const file = await readFile(setup, clients.core, root, item);
      if (file === null) missing += 1;
      if (file === null || file.lines.length === 0) continue;
      matches += file.lines.length;
      lines.push(JSON.stringify(file) + "\n");
    }
    const reasons = [
      ...(found.total > MOST_RESULTS ? [reason] : []),
      ...(found.isIncomplete ? ["incomplete_results"] : []),
      ...(missing > 0 ? [`${missing} files could not be fetched`] : []),
    ];
    if (reasons.length === 0) {
      return end({ status: "complete", reason: null, isSplit: false }, matches);
    }
    const why = reasons.join(", ");
    return end({ status: "partial", reason: why, isSplit: found.isIncomplete }, matches);
  } catch (error) {
    if (!(error instanceof TransientFailure) && !(error instanceof PermanentFailure)) throw error;
    return end({ status: "failed", reason: error.message, isSplit: false });
  }
}

/**
 * The hits of all pages, each file once; the pages are put before the files. Where there are more
 * than can be read, and smaller queries can be asked, the first page is enough.
 */
async function pagesOf(
  client: HttpClient,
  root: string,
  sent: string,
  lines: string[],
  canSplit: boolean,
) {
  const items = new Map<string, GithubItem>();
  let total = 0;
  let isIncomplete = false;
  for (let page = 1; page <= MOST_RESULTS / PAGE_SIZE; page++) {
    const parameters = new URLSearchParams({
      q: sent,
      per_page: String(PAGE_SIZE),
      page: String(page),
    });
    let attempts = 0;
    const { text, read } = await client.request(
      `${root}/search/code?${parameters}`,
      async (response) => {
        attempts += 1;
        const text = await textOf(response, client);
        const read = readGithubPage(text);
        if (read.isIncomplete && attempts < PATIENCE) {
          throw new TransientFailure("incomplete_results");
        }
        return { text, read };
      },
      { headers: { accept: "application/vnd.github.text-match+json" } },
    );
    lines.push(JSON.stringify(JSON.parse(text)) + "\n");
    total = Math.max(total, read.total);
    isIncomplete ||= read.isIncomplete;
    for (const item of read.items) items.set(`${item.repository}/${item.path}`, item);
    // pages are not always full: only the total tells where they end
    if (page * PAGE_SIZE >= read.total || (read.total > MOST_RESULTS && canSplit)) break;
  }
  return { items: items.values(), total, isIncomplete };
}

/** The lines of a file that may mention something; null where the file cannot be had. */
async function readFile(
  setup: BackendSetup,
  client: HttpClient,
  root: string,
  item: GithubItem,
): Promise<FileMatch | null> {
  try {
    const text = await client.request(
      `${root}/repos/${item.repository}/git/blobs/${item.blob}`,
      (response) => textOf(response, client),
      { headers: { accept: "application/vnd.github.raw+json" } },
    );
    const lines: LineMatch[] = [];
    text.split("\n").forEach((line, at) => {
      if (!mayMention(line, setup.index)) return;
      lines.push({ line_number: at + 1, text: line.replace(/\r$/, ""), is_cut: false });
    });
    return {
      repository: `github.com/${item.repository}`,
      path: item.path,
      commit: item.commit,
      stars: null,
      last_fetched: null,
      language: null,
      is_fork: item.is_fork,
      lines,
    };
  } catch (error) {
    if (error instanceof TransientFailure || error instanceof PermanentFailure) return null;
    throw error;
  }
}

async function textOf(response: Response, client: HttpClient): Promise<string> {
  const { body } = await readBody(response);
  const text = new TextDecoder().decode(body);
  if (response.status === 200) return text;
  throw failureOfGithub(response.status, response.headers, text, client.effects.now());
}

/** The files of an answer; the pages before them are evidence only. */
export function* readGithub(body: Uint8Array): Generator<FileMatch> {
  for (const line of new TextDecoder().decode(body).split("\n")) {
    if (line === "") continue;
    const value = JSON.parse(line);
    if (Array.isArray(value.lines)) yield value as FileMatch;
  }
}
