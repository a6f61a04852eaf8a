/**
 * Sends the queries of a plan, splits what came back incomplete, and keeps every answer.
 *
 * An answer is incomplete for one of two reasons. A limit was hit: the texts are frequent, and
 * smaller queries take the place of the query for good. Or parts of the service did not answer (a
 * fault): smaller queries may get through now, but the next run sends the query again unless they
 * all did. A fault never leads to a query for repositories alone, and while the service is ill
 * nothing is split because of one: with a dead shard every query fails, however small.
 * @module
 */
import { StageError } from "../cli/errors.ts";
import type { DownloadRun } from "../storage/download_run.ts";
import type { Entry } from "../storage/sealed_run.ts";
import type { Backend, PlannedQuery } from "./backend.ts";

/** What the journal has beside the answer. */
export interface QueryDetails {
  query_id: string;
  /** As sent. */
  query: string;
  terms: string[];
  kind: PlannedQuery["kind"];
  /** 1, and one more with every `--recheck`. */
  pass: number;
  status: "complete" | "partial" | "failed";
  reason: string | null;
  /** Smaller queries take its place. */
  is_split: boolean;
  /** Parts of the service did not answer; absent in journals of earlier versions. */
  is_fault?: boolean;
  started_at: string;
  finished_at: string;
  attempts: number;
  matches: number;
}

/** A journal line of a search. */
export type QueryEntry = Entry & QueryDetails;

/** Given after every query, the ones that needed no sending included. */
export interface QueryProgress {
  sent: number;
  done: number;
  /** Known so far: splits add to it. */
  planned: number;
  matches: number;
}

/** A query at the end of the tree of splits, with its answer. */
export interface Leaf {
  query: PlannedQuery;
  entry: QueryEntry;
}

/** How far a run has come. */
export interface SearchEnd {
  leaves: Leaf[];
  sent: number;
  /** Queries that were not sent because the service had stopped answering. */
  unsent: number;
  /** What it said last. */
  gaveUp: string | undefined;
}

/** So many queries failed one after the other: it is the service, and more would only harm it. */
const HOPELESS = 12;
/** So many answers with faults, one after the other, and the service is ill. */
const ILL = 7;

/**
 * Works through the plan. What the journal has as complete is not sent again, what it has as split
 * is split again in the same way: a run that was killed continues where it was.
 * It ends early when the service answers nothing any longer.
 * @throws {StageError} when it never answered, {FatalFailure}.
 */
export async function runQueries(
  run: DownloadRun,
  backend: Backend,
  first: PlannedQuery[],
  options: { pass: number; concurrency: number; now: () => Date; stop: (reason: unknown) => void },
  onProgress: (progress: QueryProgress) => void,
): Promise<SearchEnd> {
  const { pass, now } = options;
  const queue = [...first];
  const seen = new Set(first.map((query) => query.id));
  const leaves: Leaf[] = [];
  const progress: QueryProgress = { sent: 0, done: 0, planned: queue.length, matches: 0 };
  let failed = 0;
  let faults = 0;
  let gaveUp: string | undefined;

  const finish = (query: PlannedQuery, entry: QueryEntry) => {
    const children = partsOf(backend, query, entry);
    const first = run.get(query.id) as QueryEntry | undefined;
    // a later pass only adds: what was complete once stays so
    const better = first?.status === "complete" ? first : entry;
    if (children.length === 0) leaves.push({ query, entry: better });
    for (const child of children.filter(({ id }) => !seen.has(id))) {
      seen.add(child.id);
      queue.push(child);
      progress.planned += 1;
    }
    progress.done += 1;
    onProgress(progress);
  };
  const send = async (query: PlannedQuery) => {
    const known = run.get(keyOf(query, pass)) as QueryEntry | undefined;
    const started = now();
    const isIll = faults >= ILL;
    const answer = await backend.search(query, isIll ? 1 : undefined);
    progress.sent += 1;
    progress.matches += answer.matches;
    if (answer.isFault) faults += 1;
    else if (answer.status === "complete") faults = 0;
    failed = answer.status === "failed" || answer.isBroken ? failed + 1 : 0;
    if (failed >= HOPELESS) gaveUp ??= answer.reason ?? "no reason given";
    // an answer in part is better than none at all
    if (known?.file !== undefined && answer.body === null && answer.status !== "complete") {
      return finish(query, known);
    }
    const details: QueryDetails & Record<string, unknown> = {
      query_id: query.id,
      query: answer.sent,
      terms: query.terms,
      kind: query.kind,
      pass,
      status: answer.status,
      reason: answer.reason,
      is_split: answer.isSplit && !(answer.isFault && faults >= ILL),
      is_fault: answer.isFault === true,
      started_at: started.toISOString(),
      finished_at: now().toISOString(),
      attempts: answer.attempts,
      matches: answer.matches,
      ...answer.more,
    };
    const entry = await run.append(keyOf(query, pass), answer.body, details, now());
    finish(query, entry as QueryEntry);
  };

  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  while (queue.length > 0 || running.size > 0) {
    const isOver = failure !== undefined || gaveUp !== undefined;
    while (!isOver && running.size < options.concurrency) {
      const query = queue.shift();
      if (query === undefined) break;
      const known = knownEnd(run, backend, query, pass);
      if (known !== undefined) {
        finish(query, known);
        continue;
      }
      const work = send(query).catch((error) => {
        failure ??= { error };
        // others may be waiting for minutes to try again
        options.stop(error);
      }).finally(() => running.delete(work));
      running.add(work);
    }
    if (running.size > 0) await Promise.race(running);
    if (failure !== undefined && running.size === 0) throw failure.error;
    if (isOver && running.size === 0) break;
  }
  if (gaveUp !== undefined && !leaves.some(({ entry }) => entry.status !== "failed")) {
    throw new StageError(
      `none of ${HOPELESS} queries was answered: ${gaveUp}: check code_search.endpoint_url, or try again later`,
    );
  }
  return { leaves, sent: progress.sent, unsent: queue.length, gaveUp };
}

/**
 * The pass that a run is in, or the next one where this one was sealed.
 * @param sealedPass the pass that the run's seal has, 0 where it has none
 */
export function passOf(run: DownloadRun, recheck: boolean, sealedPass: number): number {
  const last = Math.max(1, ...[...run.entries()].map((entry) => (entry as QueryEntry).pass));
  return recheck && sealedPass >= last ? last + 1 : last;
}

/** The smaller queries that take the place of one, by its journal line; none where it is final. */
function partsOf(backend: Backend, query: PlannedQuery, entry: QueryEntry): PlannedQuery[] {
  if (entry.status === "complete" || !entry.is_split) return [];
  const parts = backend.split(query);
  const losesLines = query.kind === "lines" && parts.some(({ kind }) => kind === "repositories");
  const isFrequent = entry.status === "partial" && !entry.is_fault;
  return losesLines && !isFrequent ? [] : parts;
}

/** The journal line of a query that need not be sent (again) in this pass. */
function knownEnd(
  run: DownloadRun,
  backend: Backend,
  query: PlannedQuery,
  pass: number,
): QueryEntry | undefined {
  const entry = run.get(keyOf(query, pass)) as QueryEntry | undefined;
  if (entry?.status === "complete") return entry;
  // what was cut in the first pass is cut again: its parts are sent at once
  const whole = entry ?? (pass > 1 ? run.get(query.id) as QueryEntry | undefined : undefined);
  if (whole === undefined || whole.status === "complete") return undefined;
  const parts = partsOf(backend, query, whole);
  if (parts.length === 0) return undefined;
  if (whole.is_fault) {
    // of this pass alone: a recheck asks whether the service is well again
    return parts.every((part) => isAnswered(run, backend, part, pass)) ? whole : undefined;
  }
  if (whole.status === "partial") return whole;
  // a refusal may have been the service's bad day: its parts replace it where one of them went well
  const wentWell = parts.some((child) => {
    const part = run.get(child.id) as QueryEntry | undefined;
    return part !== undefined && part.status !== "failed";
  });
  return wentWell ? whole : undefined;
}

/** Whether a query, or all the smaller ones in its place, have a complete answer in this pass. */
function isAnswered(
  run: DownloadRun,
  backend: Backend,
  query: PlannedQuery,
  pass: number,
): boolean {
  const entry = run.get(keyOf(query, pass)) as QueryEntry | undefined;
  if (entry === undefined) return false;
  if (entry.status === "complete") return true;
  const parts = partsOf(backend, query, entry);
  return parts.length > 0 && parts.every((part) => isAnswered(run, backend, part, pass));
}

function keyOf(query: PlannedQuery, pass: number): string {
  return pass === 1 ? query.id : `${query.id}#${pass}`;
}
