/**
 * The parts of a corpus: which there are, and how one gets to this machine. A part that was fetched
 * to its end is not fetched again, one that was cut is continued where it was.
 * @module
 */
import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { walk } from "@std/fs/walk";
import { StageError } from "../../cli/errors.ts";
import type { HttpClient } from "../../http/client.ts";
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  TransientFailure,
} from "../../http/failures.ts";
import { listNames } from "../../storage/paths.ts";
import type { CorpusConfig } from "./corpus_config.ts";
import { readLocalCommit } from "../backends/local.ts";

/** A part as the corpus lists it. */
export interface Part {
  /** Its path in the corpus; sorts. */
  name: string;
  /** 0 where the list does not say. */
  bytes: number;
  /** Hex, where the list has one. */
  sha256?: string;
  /** Of a folder: where it is. */
  path?: string;
  /** Of an address: where it is fetched. */
  url?: string;
}

/** Of a list of parts. */
const LARGEST_LIST = 256_000_000;
const MOST_PAGES = 10_000;

/** The parts of a corpus, sorted by name. */
export async function listParts(config: CorpusConfig, client: HttpClient): Promise<Part[]> {
  const parts = config.isRemote
    ? await listRemote(config, client)
    : config.layout === "checkouts"
    ? await listCheckouts(config.location)
    : await listFolder(config.location);
  if (parts.length === 0) {
    throw new StageError(
      `no parts in "${config.location}": expected ${
        config.layout === "checkouts"
          ? "folders host/owner/name"
          : config.layout === "files"
          ? "files *.parquet, *.jsonl or *.jsonl.gz"
          : "files data/*.parquet"
      }`,
    );
  }
  return parts.sort((one, other) => one.name < other.name ? -1 : 1);
}

async function listFolder(folder: string): Promise<Part[]> {
  const parts: Part[] = [];
  try {
    for await (const { path, isFile } of walk(folder)) {
      const name = relative(folder, path);
      if (!isFile || !isPart(name)) continue;
      parts.push({ name, path, bytes: (await Deno.stat(path)).size });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StageError(`no folder "${folder}": check corpus.location`);
  }
  return parts;
}

function isPart(name: string): boolean {
  return /\.(?:parquet|(?:jsonl|ndjson|json)(?:\.gz)?)$/i.test(name) && !/(?:^|\/)[._]/.test(name);
}

/** One part per checkout; a part's size is a number made of its commit. */
async function listCheckouts(root: string): Promise<Part[]> {
  const parts: Part[] = [];
  const folders = (folder: string) =>
    listNames(folder, (entry) => entry.isDirectory && !entry.name.startsWith("."));
  for (const host of await folders(root)) {
    for (const owner of await folders(join(root, host))) {
      for (const repository of await folders(join(root, host, owner))) {
        const name = `${host}/${owner}/${repository}`;
        const commit = await readLocalCommit(join(root, name));
        const bytes = commit === null ? 0 : parseInt(commit.slice(0, 12), 16);
        parts.push({ name, path: join(root, name), bytes });
      }
    }
  }
  return parts;
}

/**
 * The list of parts of an address. One that has `/datasets/{owner}/{name}` in it is asked as Hugging
 * Face's hub and its mirrors answer; any other is the list itself. Both are JSON arrays of
 * `{path, size, lfs: {oid}}`; the next page is in the header `Link`.
 */
async function listRemote(config: CorpusConfig, client: HttpClient): Promise<Part[]> {
  const hub = /^(https?:\/\/[^/]+(?:\/[^?#]*?)?)\/datasets\/([^/?#]+\/[^/?#]+)\/?$/.exec(
    config.location,
  );
  const revision = encodeURIComponent(config.revision);
  const base = hub && `${hub[1]}/datasets/${hub[2]}/resolve/${revision}/`;
  let page: string | undefined = hub
    ? `${hub[1]}/api/datasets/${hub[2]}/tree/${revision}/data?recursive=1`
    : config.location;
  const origin = new URL(page).origin;
  const parts: Part[] = [];
  const seen = new Set<string>();
  for (let pages = 0; page !== undefined; pages++) {
    if (seen.has(page) || pages === MOST_PAGES) {
      throw new StageError(`the list of parts does not end: page "${page}" came again`);
    }
    seen.add(page);
    const url: string = page;
    const answer = await client.requestBytes(url, (response, body) => {
      if (!response.ok) throw failureOfStatus(response, client.effects.now());
      return { list: parseList(body, url), next: nextPage(response, url) };
    }, LARGEST_LIST);
    for (const { path, bytes, sha256 } of answer.list) {
      if (!isPart(path)) continue;
      const place = path.split("/").map(encodeURIComponent).join("/");
      parts.push({ name: path, bytes, sha256, url: new URL(place, base ?? config.location).href });
    }
    page = answer.next;
    if (page !== undefined && new URL(page).origin !== origin) {
      throw new StageError(`the list of parts continues at another place: "${page}"`);
    }
  }
  return parts;
}

function nextPage(response: Response, url: string): string | undefined {
  const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get("link") ?? "")?.[1];
  return next === undefined ? undefined : new URL(next, url).href;
}

interface Listed {
  path: string;
  bytes: number;
  sha256?: string;
}

function parseList(body: Uint8Array, url: string): Listed[] {
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new TransientFailure("the list of parts is not JSON");
  }
  if (!Array.isArray(list)) {
    throw new PermanentFailure(`"${url}" is not a list of parts: expected a JSON array`);
  }
  return list.flatMap((item) => {
    const { type, path, size, lfs, sha256 } = item ?? {};
    if (typeof path !== "string" || type === "directory") return [];
    // a name that could lead out of the scratch folder is none
    if (path.split("/").some((it) => it === "" || it === "." || it === "..")) return [];
    const hash = String(lfs?.oid ?? sha256 ?? "").replace(/^sha256:/, "").toLowerCase();
    return [{
      path,
      bytes: Number.isSafeInteger(lfs?.size ?? size) ? Number(lfs?.size ?? size) : 0,
      ...(/^[0-9a-f]{64}$/.test(hash) ? { sha256: hash } : {}),
    }];
  });
}

/** The name of a part as a file name: unique, and with nothing a file system minds. */
export function fileNameOf(part: string): string {
  const stem = part.replace(/^data\//, "").replace(/\.(parquet|(jsonl|ndjson|json)(\.gz)?)$/i, "");
  const plain = stem.replace(/[^A-Za-z0-9._-]/g, "_");
  if (plain === stem && plain.length < 150) return plain;
  return `${plain.slice(-100)}-${createHash("sha256").update(part).digest("hex").slice(0, 8)}`;
}

/** A part goes to the disk as it comes; what is too long for its list is found when it is checked. */
const LIMITS = { bytes: 20e9, seconds: 6 * 3600 };

/**
 * Brings a part to the scratch folder, whole and checked, and gives its path there.
 * @throws {TransientFailure} after the last attempt, {PermanentFailure}, {FatalFailure}.
 */
export async function fetchPart(
  part: Part,
  scratch: string,
  client: HttpClient,
): Promise<string> {
  if (part.path !== undefined) return part.path;
  await ensureDir(scratch);
  // JSON is reported from Parquet by its name
  const ending = /\.(?:parquet|(?:jsonl|ndjson|json)(?:\.gz)?)$/i.exec(part.name)?.[0] ?? "";
  const whole = join(scratch, fileNameOf(part.name) + ending.toLowerCase());
  if (await sizeOf(whole) !== undefined) return whole;
  const cut = `${whole}.part`;
  let have = 0;
  await client.request(
    part.url!,
    async (response) => {
      await keep(response, cut, have, client);
      await check(cut, part);
    },
    // the next try begins where this one was cut
    () => {
      have = sizeNow(cut);
      return { limits: LIMITS, ...(have > 0 && { headers: { range: `bytes=${have}-` } }) };
    },
  );
  await Deno.rename(cut, whole);
  return whole;
}

async function keep(
  response: Response,
  file: string,
  have: number,
  client: HttpClient,
): Promise<void> {
  if (response.status === 416) {
    // a whole file asks for nothing more; one that is too long begins again
    const total = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1]);
    if (total === have) return;
    await Deno.remove(file);
    throw new TransientFailure(`the part is not of ${have} bytes`);
  }
  if (response.status === 403) throw new FatalFailure("HTTP 403: the corpus may not be read");
  if (!response.ok) throw failureOfStatus(response, client.effects.now());
  const start = Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1]);
  const isContinued = response.status === 206 && start === have;
  if (response.status === 206 && !isContinued) {
    throw new TransientFailure(`asked from byte ${have}, got from byte ${start}`);
  }
  const handle = await Deno.open(file, { write: true, create: true, truncate: !isContinued });
  try {
    if (isContinued) await handle.seek(0, Deno.SeekMode.End);
    for await (const bytes of response.body ?? []) {
      for (let at = 0; at < bytes.length;) at += await handle.write(bytes.subarray(at));
    }
    await handle.syncData();
  } finally {
    handle.close();
  }
}

/** A part that is too short is continued, any other that is not as listed begins again. */
async function check(file: string, part: Part): Promise<void> {
  const bytes = sizeNow(file);
  if (part.bytes > 0 && bytes < part.bytes) {
    throw new TransientFailure(`${bytes} of ${part.bytes} bytes were received`);
  }
  const isTooLong = part.bytes > 0 && bytes > part.bytes;
  if (!isTooLong && (part.sha256 === undefined || await sha256Of(file) === part.sha256)) return;
  await Deno.remove(file);
  throw new TransientFailure(
    isTooLong
      ? `${bytes} bytes were received, the list says ${part.bytes}`
      : "its sha256 is not the one in the list",
  );
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of (await Deno.open(file)).readable) hash.update(bytes);
  return hash.digest("hex");
}

function sizeNow(file: string): number {
  try {
    return Deno.statSync(file).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(file)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
