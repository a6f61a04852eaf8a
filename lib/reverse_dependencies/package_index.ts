/**
 * The package index (packages.ecosyste.ms, API 1.1.0): which packages come from a repository, and
 * how many others depend on them. Its `repository_urls` array finds nothing (read in its code,
 * 2026-08); package URLs of type `github` do.
 * @module
 */

import { createHash } from "node:crypto";
import type { HttpClient } from "../http/client.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import type { DownloadRun } from "../storage/download_run.ts";
import { type Entry, readAnswer } from "../storage/sealed_run.ts";
import { member, parseJson, text } from "./json_values.ts";
import { packageKey } from "./package_names.ts";
import { failureOfHost, obeyHeaders } from "./rate_limits.ts";
import { repositoryKey } from "./repository_ref.ts";

/** More package URLs a request are refused. */
const MOST_PURLS = 100;
/** An answer has no more rows than this, and does not say when there were more. */
const MOST_ROWS = 1000;
/** A network fault may mean that the answer is too long: the second one halves the batch. */
const FAULTS_BEFORE_HALVING = 2;
const MOST_FAULTS = 8;

/** Asks the index; each answer is kept as it came. */
export class PackageIndex {
  readonly base: string;
  /** Package URLs and repositories without an answer, with the reason. */
  readonly failed = new Map<string, string>();
  #answered = new Set<string>();

  /** @param client with one attempt a request. */
  constructor(
    apiUrl: string,
    readonly client: HttpClient,
    readonly run: DownloadRun,
    readonly now: () => Date,
  ) {
    this.base = apiUrl.replace(/\/$/, "");
    for (const entry of run.entries()) {
      if (entry.is_whole !== true) continue;
      for (const purl of (entry.purls ?? []) as string[]) this.#answered.add(purl);
    }
  }

  /** Asks for package URLs, a hundred at a time, but for those that the run has already. */
  async lookUp(purls: readonly string[], advance: (count: number) => void): Promise<void> {
    // the same hundreds whatever was answered before, so that a halved batch stays halved
    for (let at = 0; at < purls.length; at += MOST_PURLS) {
      const batch = purls.slice(at, at + MOST_PURLS);
      await this.#bulk(batch);
      advance(batch.length);
    }
  }

  /** Everything from a repository that no package URL can name, page by page. */
  async lookUpRepository(repositoryUrl: string): Promise<void> {
    for (let page = 1;; page++) {
      const key = `lookup ${repositoryUrl} page ${page}`;
      const kept = this.run.get(key);
      const rows = kept?.rows as number | undefined ?? await this.#page(key, repositoryUrl, page);
      if (rows < MOST_ROWS) return;
    }
  }

  async #page(key: string, repositoryUrl: string, page: number): Promise<number> {
    const query = new URLSearchParams({
      repository_url: repositoryUrl,
      per_page: String(MOST_ROWS),
      page: String(page),
    });
    const answer = await this.#persist(() =>
      this.#send(`${this.base}/packages/lookup?${query}`, undefined)
    );
    if (answer instanceof Error) {
      this.failed.set(repositoryUrl, answer.message);
      return 0;
    }
    await this.run.append(key, answer.content, {
      service: "lookup",
      repository_url: repositoryUrl,
      rows: answer.rows,
    }, this.now());
    return answer.rows;
  }

  async #bulk(batch: string[]): Promise<void> {
    if (batch.every((purl) => this.#answered.has(purl))) return;
    if (this.run.get(keyOf(batch)) === undefined) {
      batch = batch.filter((purl) => !this.#answered.has(purl));
      const answer = await this.#persist(
        () => this.#send(`${this.base}/packages/bulk_lookup`, { purls: batch }),
        batch.length > 1 ? FAULTS_BEFORE_HALVING : MOST_FAULTS,
      );
      if (answer instanceof PermanentFailure || (answer instanceof Error && batch.length === 1)) {
        for (const purl of batch) this.failed.set(purl, answer.message);
        return;
      }
      if (!(answer instanceof Error)) {
        const isWhole = answer.rows < MOST_ROWS;
        const details = {
          service: "bulk_lookup",
          purls: batch,
          rows: answer.rows,
          is_whole: isWhole,
        };
        await this.run.append(keyOf(batch), answer.content, details, this.now());
        if (isWhole) return;
      }
    }
    if (batch.length === 1) return await this.#beyondCap(batch[0]!);
    const middle = Math.ceil(batch.length / 2);
    await this.#bulk(batch.slice(0, middle));
    await this.#bulk(batch.slice(middle));
  }

  /** One repository with more packages than an answer holds: only the paged way shows them all. */
  async #beyondCap(purl: string): Promise<void> {
    const path = /^pkg:github\/(.+)$/.exec(purl)?.[1];
    if (path !== undefined) {
      await this.lookUpRepository(`https://github.com/${decodeURIComponent(path)}`);
    }
  }

  /**
   * Sends until an answer comes. Cut connections end after `mostCuts`, everything else that may go
   * better after more; the failure is given, not thrown.
   */
  async #persist<Answer>(
    send: () => Promise<Answer>,
    mostCuts = MOST_FAULTS,
  ): Promise<Answer | TransientFailure | PermanentFailure> {
    const { effects } = this.client;
    for (let cuts = 0, faults = 1;; faults++) {
      try {
        return await send();
      } catch (error) {
        if (error instanceof PermanentFailure) return error;
        if (!(error instanceof TransientFailure)) throw error;
        const isCut = error.more.timedOut === true || !/^HTTP /.test(error.message);
        if (isCut && ++cuts >= mostCuts) return error;
        if (faults >= MOST_FAULTS) return error;
        effects.log.info(`${this.client.service.name}: ${error.message}; trying again`);
        if (error.more.waitSeconds === undefined) {
          this.client.hold(Math.min(60, 0.25 * 2 ** (faults - 1) * (0.5 + effects.random())));
        }
      }
    }
  }

  #send(url: string, body: unknown): Promise<{ content: Uint8Array; rows: number }> {
    return this.client.request(
      url,
      async (response) => {
        const content = new Uint8Array(await response.arrayBuffer());
        const text = new TextDecoder().decode(content);
        if (response.status !== 200) {
          throw failureOfHost(response, text, this.client.effects.now());
        }
        const rows = parseJson(text);
        if (!Array.isArray(rows)) throw new TransientFailure("an answer that is not a list");
        obeyHeaders(this.client, response.headers);
        return { content, rows: rows.length };
      },
      body === undefined ? {} : {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      },
    );
  }
}

function keyOf(purls: string[]): string {
  return `bulk ${createHash("sha256").update(purls.join("\n")).digest("hex").slice(0, 20)}`;
}

/** One record of the index with the names it is joined by; SQL reads its fields. */
export interface PackageRecord {
  ecosystem: string;
  name: string;
  /** Under which two names are the same package. */
  package_key: string;
  /** `host/owner/name` in lowercase letters of the record's `repository_url`. */
  repository_key: string | null;
  record: unknown;
}

/** Every record in the answers of a run; the same record may come more than once. */
export async function* packageRecords(
  folder: string,
  entries: Entry[],
): AsyncGenerator<PackageRecord> {
  for (const entry of entries) {
    const rows = parseJson(new TextDecoder().decode(await readAnswer(folder, entry)));
    if (!Array.isArray(rows)) continue;
    for (const record of rows) {
      const named = readPackageRecord(record);
      if (named !== null) yield named;
    }
  }
}

/** One record; null for what names no package. */
export function readPackageRecord(record: unknown): PackageRecord | null {
  const ecosystem = text(member(record, "ecosystem")) ??
    text(member(record, "registry", "ecosystem"));
  const name = text(member(record, "name"));
  if (ecosystem === null || name === null) return null;
  return {
    ecosystem,
    name,
    package_key: packageKey(ecosystem, name),
    repository_key: repositoryKey(text(member(record, "repository_url"))),
    record,
  };
}
