import { relative } from "node:path";
import type { Config } from "../../pipeline/config.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import { StageError } from "../../cli/errors.ts";
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  TransientFailure,
} from "../../http/failures.ts";
import { formatBytes, formatCount } from "../../cli/progress.ts";
import { newestSealedRun, type SealedRun } from "../../storage/sealed_run.ts";
import { beginRun, resumeRun } from "../../pipeline/open_run.ts";
import { isRunOf } from "../../storage/shards.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import { catalogueClient } from "../client.ts";
import { idOf, LISTS } from "./records.ts";
import { fieldsOf } from "./json_values.ts";
import { RecordCutter } from "../record_cutter.ts";

/**
 * A catalogue that is one file, `data.json` of DCAT-US 1.1: kept in pieces as it comes, and read on
 * the way to know that it is whole. There is no asking for a part: a file that was cut comes anew.
 */

const KIND = "datasets";
const PIECE_BYTES = 4 << 20;
const LESS_THAN = 60;

/** What a whole file was found to hold. */
interface Reading {
  fetch: number;
  pieces: number;
  bytes: number;
  records: number;
  derived: number;
  odd: number;
  ids: Set<string>;
  validators: Record<string, string>;
}

/** What a run asks for. */
export function identityOfDcatUs({ site }: Config) {
  return {
    api: site.api,
    endpoint: site.package_search_endpoint_url,
    has_key: site.api_key_env !== undefined,
  };
}

/** Fetches the file, or says that it has not changed. */
export async function harvestDcatUs(context: Context): Promise<Outcome> {
  const { config, env, paths, shard, log } = context;
  const force = context.force || shard !== undefined;
  const endpoint = config.site.package_search_endpoint_url;
  const client = catalogueClient(config, env, context, "authorization");
  const identity = identityOfDcatUs(config);
  const sealed = force ? undefined : await newestSealedRun(paths, KIND, isRunOf(undefined));
  let run = force ? undefined : await resumeRun(context, KIND, identity);
  const known = run === undefined && sealed !== undefined &&
      sealed.seal.identity.api === config.site.api && sealed.seal.identity.endpoint === endpoint
    ? sealed
    : undefined;
  try {
    const reading = await client.request(endpoint, async (response) => {
      if (response.status === 304 && known !== undefined) return undefined;
      refuse(response, context.now());
      run ??= await beginRun(context, KIND, identity);
      return await readFile(context, run, response);
    }, { headers: known === undefined ? {} : conditions(known) });
    if (reading === undefined || run === undefined) return nothingNew(context, known!);
    if (reading.ids.size === 0) {
      throw new StageError(
        `"${endpoint}" lists no datasets at all: check that it is the right file`,
      );
    }
    if (reading.odd > 0) {
      log.warn(`${formatCount(reading.odd)} entries of the list are no datasets and are left out`);
    }
    return await seal(context, run, reading, client.requests);
  } catch (error) {
    throw explained(error, endpoint, client.service.attempts);
  } finally {
    run?.close();
  }
}

function conditions({ seal }: SealedRun): Record<string, string> {
  const { etag, "last-modified": modified } = seal.details.validators as Record<string, string>;
  if (etag !== undefined) return { "if-none-match": etag };
  return modified === undefined ? {} : { "if-modified-since": modified };
}

function refuse(response: Response, now: Date): void {
  if (response.status === 200) return;
  // firewalls answer 403 to those who ask too fast
  throw response.status === 403
    ? failureOfStatus(
      new Response(null, { status: 429, headers: response.headers }),
      now,
      "HTTP 403",
    )
    : failureOfStatus(response, now);
}

async function readFile(context: Context, run: DownloadRun, response: Response): Promise<Reading> {
  const fetch = 1 + Math.max(0, ...[...run.entries()].map((entry) => Number(entry.fetch)));
  const reading: Reading = {
    fetch,
    pieces: 0,
    bytes: 0,
    records: 0,
    derived: 0,
    odd: 0,
    ids: new Set(),
    validators: validatorsOf(response.headers),
  };
  const bar = context.log.bar("Reading", "datasets");
  const cutter = new RecordCutter(LISTS.dcat_us);
  const decoder = new TextDecoder();
  const piece = new Uint8Array(PIECE_BYTES);
  let length = 0;
  const keep = async () => {
    const number = ++reading.pieces;
    const details = { fetch, piece: number };
    await run.append(`${fetch}/${number}`, piece.subarray(0, length), details, context.now());
    length = 0;
  };
  for await (const chunk of response.body ?? []) {
    const isHtml = reading.bytes === 0 && chunk[0] === LESS_THAN;
    const records = parsed(() => cutter.push(chunk), isHtml);
    for (const record of records) {
      const { id, isDerived } = parsed(() =>
        idOf("dcat_us", fieldsOf(JSON.parse(decoder.decode(record))))
      );
      reading.ids.add(id);
      if (isDerived) reading.derived += 1;
    }
    reading.records += records.length;
    reading.bytes += chunk.length;
    bar.advance(records.length, { note: formatBytes(reading.bytes) });
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + PIECE_BYTES - length);
      piece.set(part, length);
      length += part.length;
      at += part.length;
      if (length === PIECE_BYTES) await keep();
    }
  }
  if (length > 0) await keep();
  bar.end();
  if (!cutter.isWhole) throw new TransientFailure("the file ends too early");
  if (!cutter.hasList) throw new PermanentFailure(`the file has no list "${LISTS.dcat_us}"`);
  reading.odd = cutter.odd;
  return reading;
}

/** Broken JSON stays broken, but for a page of HTML, which firewalls give for a while. */
function parsed<Result>(look: () => Result, isHtml = false): Result {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw isHtml
      ? new TransientFailure("an HTML page came instead of JSON")
      : new PermanentFailure(`its JSON is broken: ${error.message}`);
  }
}

function validatorsOf(headers: Headers): Record<string, string> {
  const names = ["etag", "last-modified"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  }));
}

async function seal(
  context: Context,
  run: DownloadRun,
  reading: Reading,
  requests: number,
): Promise<Outcome> {
  const { fetch, pieces, bytes, records, derived, ids, validators } = reading;
  const duplicates = records - ids.size;
  const counts = {
    datasets: ids.size,
    records,
    duplicates,
    derived_ids: derived,
    pieces,
    requests,
  };
  context.log.info(
    `The file holds ${formatCount(records)} records (${formatBytes(bytes)}) · ${
      formatCount(duplicates)
    } with an identifier that another one has · ${formatCount(derived)} without an identifier`,
  );
  const details = { fetch, validators };
  await run.seal({ complete: true, reasons: [], counts, details }, context.now());
  const folder = relative(context.paths.root, run.folder);
  return {
    summary: `${formatCount(ids.size)} datasets in ${context.paths.root}/${folder}`,
    reasons: [],
    counts,
    inputs: [],
    outputs: [`${folder}/manifest.json`],
  };
}

function nothingNew(context: Context, sealed: SealedRun): Outcome {
  const { reasons, counts } = sealed.seal;
  const folder = relative(context.paths.root, sealed.folder);
  return {
    summary: `Nothing new: the file is the same as in ${context.paths.root}/${folder}`,
    reasons,
    counts,
    inputs: [],
    outputs: [sealed.parent.file],
    upToDate: true,
  };
}

function explained(error: unknown, endpoint: string, attempts: number): unknown {
  if (error instanceof TransientFailure) {
    return new StageError(
      `"${endpoint}" did not come whole in ${attempts} tries (${error.message}): run the same command again later`,
    );
  }
  if (error instanceof FatalFailure || error instanceof PermanentFailure) {
    return new StageError(
      `"${endpoint}" is no data.json of DCAT-US 1.1 (${error.message}): check ` +
        "site.package_search_endpoint_url and site.api in the config",
    );
  }
  return error;
}
