/**
 * A catalogue that is one file, `data.json` of DCAT-US 1.1: kept in pieces as it arrives, and parsed on
 * the way to know that it is complete. No part of it can be requested: a file that was cut is fetched
 * again.
 *
 * @module
 */

import { StageError } from "../../cli/errors.ts";
import { formatBytes, formatCount } from "../../cli/progress.ts";
import { failureOfStatus, PermanentFailure, TransientFailure } from "../../http/failures.ts";
import type { Config } from "../../pipeline/config.ts";
import { beginRun, resumeRun } from "../../pipeline/open_run.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import { newestSealedRun, sealedEntries, type SealedRun } from "../../storage/sealed_run.ts";
import { isRunOf } from "../../storage/shards.ts";
import { type Catalogue, KIND } from "../catalogue.ts";
import { blockedBy, catalogueClient, explainFailure, keyAdvice } from "../client.ts";
import { RecordCutter } from "../json_bytes.ts";
import { readPages } from "../kept_pages.ts";
import { isHarmless } from "../mend_json.ts";
import { datasetsOf, nothingNew, sealEmpty, sealHarvest } from "../seal.ts";
import { idOf, LISTS, nameOfBroken, packagesOf, readRecord } from "./records.ts";

export const dataJson: Catalogue = {
  harvest,
  harvestShard: (context, shard) =>
    shard.index > 0 ? sealEmpty(context, identityOf(context.config), shard) : harvest(context),
  async *records(context, run) {
    // a file that was cut was fetched again: what was received before stays, and is not part of it
    const entries = (await sealedEntries(run))
      .filter(({ file, fetch }) => file !== undefined && fetch === run.seal.details.fetch);
    yield* packagesOf("dcat_us", readPages(context, run, entries));
  },
  isConverted: true,
};

const ADVICE = {
  mismatch: "is not a data.json of DCAT-US 1.1",
  check: "check site.package_search_endpoint_url and site.api in the config",
  key: "set site.api_key_env in the config to the name of the variable that holds your key",
};
/** The file of a country may have gigabytes; it is written to disk as it comes. */
const LIMITS = { bytes: 20e9, seconds: 6 * 3600 };
const PIECE_BYTES = 4 << 20;
const LESS_THAN = 60;

/** What a complete file was found to hold. */
interface Reading {
  fetch: number;
  pieces: number;
  bytes: number;
  records: number;
  derived: number;
  odd: number;
  /** Ids of the records whose JSON was mended, names of those that could not be. */
  mended: string[];
  broken: string[];
  missingCommas: number;
  ids: Set<string>;
  validators: Record<string, string>;
}

/** What a run requests. */
function identityOf({ site }: Config) {
  return {
    api: site.api,
    endpoint: site.package_search_endpoint_url,
    has_key: site.api_key_env !== undefined,
  };
}

/** Fetches the file, or reports that it has not changed. */
async function harvest(context: Context): Promise<Outcome> {
  const { config, env, paths, shard } = context;
  const force = context.force || shard !== undefined;
  const endpoint = config.site.package_search_endpoint_url;
  const client = catalogueClient(config, env, context, "authorization");
  const identity = identityOf(config);
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
    }, { headers: known === undefined ? {} : conditions(known), limits: LIMITS });
    if (reading === undefined || run === undefined) {
      return nothingNew(context, known!, "the file is the same as in");
    }
    if (reading.ids.size === 0) {
      throw new StageError(
        `"${endpoint}" lists no datasets at all: check that it is the right file`,
      );
    }
    return await seal(context, run, reading, client.requests);
  } catch (error) {
    throw explainFailure(error, endpoint, client.service.attempts, {
      ...ADVICE,
      key: keyAdvice(config, ADVICE.key),
    });
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
  throw response.status === 403 ? blockedBy(response, now) : failureOfStatus(response, now);
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
    mended: [],
    broken: [],
    missingCommas: 0,
    ids: new Set(),
    validators: validatorsOf(response.headers),
  };
  const bar = context.log.bar("Reading", "datasets");
  const cutter = new RecordCutter(LISTS.dcat_us);
  const piece = new Uint8Array(PIECE_BYTES);
  let length = 0;
  const keep = async () => {
    const number = ++reading.pieces;
    const details = { fetch, piece: number };
    await run.append(`${fetch}/${number}`, piece.subarray(0, length), details, context.now());
    length = 0;
  };
  for await (const chunk of response.body ?? []) {
    const before = reading.records;
    const isHtml = reading.bytes === 0 && chunk[0] === LESS_THAN;
    for (const record of parsed(() => cutter.push(chunk), isHtml)) {
      const read = readRecord(record.slice());
      if (read === undefined) {
        reading.broken.push(`${nameOfBroken(record)}, before byte ${cutter.position}`);
        continue;
      }
      const { id, isDerived } = idOf("dcat_us", read.record);
      reading.ids.add(id);
      if (isDerived) reading.derived++;
      if (!isHarmless(read.faults)) reading.mended.push(id);
      reading.records++;
    }
    reading.bytes += chunk.length;
    bar.advance(reading.records - before, { note: formatBytes(reading.bytes) });
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
  reading.missingCommas = cutter.missingCommas;
  return reading;
}

/** Broken JSON stays broken, but for a page of HTML, which firewalls give for a while. */
function parsed<Result>(look: () => Result, isHtml = false): Result {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw isHtml
      ? new TransientFailure("an HTML page instead of JSON")
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
  return await sealHarvest(context, run, {
    received: datasetsOf(ids.size),
    reasons: reasonsOf(reading),
    counts,
    details: { fetch, validators },
  });
}

/** What is wrong with a file that was received to its end. */
function reasonsOf({ odd, mended, broken, missingCommas }: Reading): string[] {
  const reasons: string[] = [];
  if (broken.length > 0) {
    reasons.push(
      `${formatCount(broken.length)} records are left out, for their JSON is broken: ${
        named(broken)
      }`,
    );
  }
  if (mended.length > 0) {
    const ids = mended.map((id) => `"${id}"`);
    reasons.push(`the JSON of ${formatCount(mended.length)} records was mended: ${named(ids)}`);
  }
  if (missingCommas > 0) {
    reasons.push(`${formatCount(missingCommas)} commas are missing between the records`);
  }
  if (odd > 0) reasons.push(`${formatCount(odd)} entries of the list are not datasets`);
  return reasons;
}

function named(names: string[]): string {
  const more = names.length > 5 ? ` and ${formatCount(names.length - 5)} more` : "";
  return names.slice(0, 5).join("; ") + more;
}
