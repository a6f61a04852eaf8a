/**
 * Answers of CKAN's `package_search`: where their datasets are, and what comes in their place (block
 * pages under HTTP 200, errors under 200, cut JSON, look-alikes).
 *
 * The bytes of every dataset stay as the portal gave them. What CKAN itself answers was read in
 * ckan/views/api.py of CKAN 2.13; what portals answer was seen in the wild.
 *
 * @module
 */

import { parseJson } from "../../http/response.ts";
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  TransientFailure,
} from "../../http/failures.ts";
import type { RecordFault, RecordPage } from "../catalogue.ts";
import { blockedBy } from "../client.ts";
import {
  BOM,
  eachElement,
  eachMember,
  fault,
  isText,
  OPEN_LIST,
  OPEN_OBJECT,
  skipSpace,
  skipValue,
  textAt,
} from "../json_bytes.ts";
import { mendJson } from "../mend_json.ts";

/** One good answer. */
export interface Page {
  /** The body as it came. */
  bytes: Uint8Array;
  status: number;
  /** `result.count`: datasets that the portal says match, those of other pages included. */
  count: number;
  /** The ids of the datasets in the order they came. */
  ids: string[];
  /** `metadata_modified` of each, where it has one. */
  modified: (string | undefined)[];
  /** Organization and groups of each, as one text; undefined where a dataset has neither. */
  membership: (string | undefined)[];
  /** The most keys that one of them has. */
  keys: number;
  /** Records that cannot be read as datasets: no objects, or without an id. */
  unread: number;
  /** The JSON was mended to read it. */
  isMended: boolean;
}

/** Errors of CKAN that come from trouble on its side and pass. */
const PASSING = /Search Error|Search Index Error|Search Connection Error|Internal Server Error/i;

/**
 * Reads and judges one answer.
 * @throws {TransientFailure} block pages, cut or broken JSON, trouble on the portal's side;
 * {PermanentFailure} for what will not change; {FatalFailure} where a key is wanted.
 */
export function readPage(response: Response, bytes: Uint8Array, now: Date): Page {
  const { status } = response;
  const first = firstByte(bytes);
  if (status !== 200) throw failureOf(response, bytes, now);
  if (first === "<") {
    throw new TransientFailure(`an HTML page came instead of JSON${titleOf(bytes)}`);
  }
  if (first !== "{") throw notCkan(bytes);
  const { json, facts: all, slices } = scanned(() => scan(bytes));
  if (slices === undefined) throw errorUnder200(bytes);
  const envelope = parse(
    decode(json.subarray(0, slices.arrayStart)) + "[]" + decode(json.subarray(slices.arrayEnd)),
  ) as { success?: unknown; result?: { count?: unknown; results?: unknown } | null };
  if (envelope.success !== true) throw errorUnder200(bytes);
  const { count, results } = envelope.result ?? {};
  if (!Number.isSafeInteger(count) || Number(count) < 0 || !isEmptyArray(results)) {
    if (json !== bytes) throw new TransientFailure("the JSON of the answer is broken");
    throw new PermanentFailure(`the answer has no usable "count" of datasets`);
  }
  const facts = all.filter(hasId);
  return {
    bytes,
    status,
    count: Number(count),
    ids: facts.map(({ id }) => id),
    modified: facts.map(({ modified }) => modified),
    membership: facts.map(({ membership }) => membership),
    keys: facts.reduce((most, found) => Math.max(most, found.keys), 0),
    unread: all.length - facts.length,
    isMended: json !== bytes,
  };
}

function hasId(facts: Facts): facts is Facts & { id: string } {
  return facts.id !== undefined && facts.id !== "";
}

interface Scanned {
  /** The bytes, mended where their JSON is broken and has one reading. */
  json: Uint8Array;
  facts: Facts[];
  slices: ResultSlices | undefined;
}

/** @throws {SyntaxError} for JSON that is cut or has no single reading */
function scan(bytes: Uint8Array): Scanned {
  const scanOnce = (json: Uint8Array) => {
    const facts: Facts[] = [];
    return { json, facts, slices: splitResults(json, collected(json, facts)) };
  };
  try {
    return scanOnce(bytes);
  } catch (error) {
    const mended = error instanceof SyntaxError ? mendJson(bytes, new Map()) : undefined;
    if (mended === undefined) throw error;
    return scanOnce(mended);
  }
}

/** What a harvest knows of each dataset of a kept page, in their order. */
export function listDatasets(
  bytes: Uint8Array,
): { id: string; modified?: string; membership?: string }[] {
  return scan(bytes).facts.filter(hasId);
}

/** The records of a kept page, all of them or those that are wanted by their id. */
export function recordsOf(bytes: Uint8Array, isWanted?: (id: string) => boolean): RecordPage {
  const { json, facts, slices } = scan(bytes);
  if (slices === undefined) throw new Error("a kept page has no datasets");
  const faults: RecordFault[] = [];
  const { bounds } = slices;
  const kept = facts.flatMap((found, index) => {
    if (!hasId(found)) {
      faults.push({ dataset_id: null, fault: "record without an id, left out", places: 1 });
      return [];
    }
    return isWanted?.(found.id) === false ? [] : [bounds[2 * index]!, bounds[2 * index + 1]!];
  });
  if (json !== bytes) {
    faults.push({ dataset_id: null, fault: "page with broken JSON, mended", places: 1 });
  }
  return { bytes: json, bounds: kept, faults };
}

/** Where the datasets of an answer lie: offsets into its bytes, ends exclusive. */
export interface ResultSlices {
  /** Start and end of each element of `result.results`, one after the other. */
  bounds: number[];
  /** The array itself, its brackets included. */
  arrayStart: number;
  arrayEnd: number;
}

/**
 * Finds the elements of `result.results`; undefined where the answer has no such array. `dataset` is
 * called with the offset of each and gives the offset behind it.
 * @throws {SyntaxError} where the bytes are no JSON or end too early.
 */
export function splitResults(
  bytes: Uint8Array,
  dataset = (at: number) => skipValue(bytes, at),
): ResultSlices | undefined {
  let slices: ResultSlices | undefined;
  const results = (at: number): number => {
    const bounds: number[] = [];
    const arrayEnd = eachElement(bytes, at, (element) => {
      const end = dataset(element);
      bounds.push(element, end);
      return end;
    });
    slices = { bounds, arrayStart: at, arrayEnd };
    return arrayEnd;
  };
  const inObject = (at: number, wanted: string, opens: number, read: (at: number) => number) =>
    eachMember(
      bytes,
      at,
      (name, value) =>
        isText(bytes, name, wanted) && bytes[value] === opens
          ? read(value)
          : skipValue(bytes, value),
    );
  const start = skipSpace(bytes, BOM.every((byte, index) => bytes[index] === byte) ? 3 : 0);
  const end = skipSpace(
    bytes,
    bytes[start] === OPEN_OBJECT
      ? inObject(
        start,
        "result",
        OPEN_OBJECT,
        (result) => inObject(result, "results", OPEN_LIST, results),
      )
      : skipValue(bytes, start),
  );
  if (end < bytes.length) throw fault(bytes, end);
  return slices;
}

/** What a harvest has to know of a dataset, and where the dataset ends. */
interface Facts {
  id?: string;
  modified?: string;
  membership?: string;
  keys: number;
  end: number;
}

function collected(bytes: Uint8Array, facts: Facts[]): (at: number) => number {
  return (at) => {
    const found = factsAt(bytes, at);
    facts.push(found);
    return found.end;
  };
}

function factsAt(bytes: Uint8Array, at: number): Facts {
  if (bytes[at] !== OPEN_OBJECT) return { keys: 0, end: skipValue(bytes, at) };
  const facts: Facts = { keys: 0, end: at };
  let organization = "";
  let groups: string[] = [];
  facts.end = eachMember(bytes, at, (name, value) => {
    facts.keys += 1;
    if (isText(bytes, name, "id")) facts.id = idAt(bytes, value);
    else if (isText(bytes, name, "organization")) organization = namesAt(bytes, value)[0] ?? "";
    else if (isText(bytes, name, "groups")) groups = namesAt(bytes, value).sort();
    else if (isText(bytes, name, "metadata_modified")) facts.modified = textAt(bytes, value);
    return skipValue(bytes, value);
  });
  if (organization !== "" || groups.length > 0) {
    facts.membership = JSON.stringify([organization, ...groups]);
  }
  return facts;
}

/** An id: a text, or a number as it is written. */
function idAt(bytes: Uint8Array, at: number): string | undefined {
  const first = bytes[at]!;
  if (first !== MINUS && (first < ZERO || first > NINE)) return textAt(bytes, at);
  return decode(bytes.subarray(at, skipValue(bytes, at)));
}

const MINUS = 45;
const ZERO = 48;
const NINE = 57;

/** Names of organizations or groups: of objects by their `name`, as the index has them as texts. */
function namesAt(bytes: Uint8Array, at: number): string[] {
  const text = textAt(bytes, at);
  if (text !== undefined) return [text];
  const names: string[] = [];
  if (bytes[at] === OPEN_LIST) {
    eachElement(bytes, at, (element) => {
      names.push(...namesAt(bytes, element));
      return skipValue(bytes, element);
    });
  } else if (bytes[at] === OPEN_OBJECT) {
    eachMember(bytes, at, (name, value) => {
      if (isText(bytes, name, "name")) names.push(textAt(bytes, value) ?? "");
      return skipValue(bytes, value);
    });
  }
  return names;
}

/** The failure that an answer with another status than 200 means. */
function failureOf(response: Response, bytes: Uint8Array, now: Date): Error {
  const { status } = response;
  const { type, message } = errorOf(bytes);
  if (status === 403 && type === undefined) return blockedBy(response, now, titleOf(bytes));
  if (type !== undefined && /Authorization Error/i.test(type)) return wantsKey(message);
  if (status < 500 && type !== undefined && PASSING.test(type)) {
    return new TransientFailure(`${type}: ${message}`);
  }
  return failureOfStatus(response, now, message || titleOf(bytes).replace(/^: /, ""));
}

/** The failure that an answer under HTTP 200 means which holds no datasets. */
function errorUnder200(bytes: Uint8Array): Error {
  const answer = parse(decode(bytes)) as { success?: unknown; result?: unknown };
  if (Array.isArray(answer.result)) {
    return new PermanentFailure(
      "the answer is a list of datasets as DKAN gives it, not a search of CKAN",
    );
  }
  const { type, message } = errorOf(bytes);
  if (type !== undefined && /Authorization Error/i.test(type)) return wantsKey(message);
  if (answer.success === false) {
    const sentence = `the portal answers "success": false (${message || "without a word"})`;
    return type === undefined || PASSING.test(type)
      ? new TransientFailure(sentence)
      : new PermanentFailure(sentence);
  }
  return new PermanentFailure(`the answer has no "result.results", so it is none of CKAN's`);
}

function wantsKey(message: string): FatalFailure {
  return new FatalFailure(`the portal wants a key (${message})`);
}

/** CKAN's own words for an error, where the body holds them. */
function errorOf(bytes: Uint8Array): { type?: string; message: string } {
  let answer: unknown;
  try {
    answer = parseJson(decode(bytes.subarray(0, 1e6)));
  } catch {
    return { message: "" };
  }
  if (typeof answer === "string") return { message: answer };
  const error = (answer as { error?: unknown } | null)?.error;
  if (typeof error === "string") return { message: error };
  if (error === null || typeof error !== "object") return { message: "" };
  const { __type, message, ...fields } = error as Record<string, unknown>;
  return {
    ...(typeof __type === "string" ? { type: __type } : {}),
    message: typeof message === "string" ? message : JSON.stringify(fields),
  };
}

function notCkan(bytes: Uint8Array): Error {
  const beginning = decode(bytes.subarray(0, 60)).trim();
  if (beginning === "") return new TransientFailure("an empty answer");
  if (/^[\w$.]+\s*\(/.test(beginning)) {
    return new PermanentFailure(`the answer is JSONP, not JSON: "${beginning}"`);
  }
  return new PermanentFailure(`the answer is not a JSON object: ${JSON.stringify(beginning)}`);
}

function titleOf(bytes: Uint8Array): string {
  const title = /<title[^>]*>([^<]{1,120})/i.exec(decode(bytes.subarray(0, 4096)))?.[1]?.trim();
  return title ? `: "${title.replace(/\s+/g, " ")}"` : "";
}

function firstByte(bytes: Uint8Array): string {
  return decode(bytes.subarray(0, 64)).trimStart().charAt(0);
}

function parse(text: string): unknown {
  return scanned(() => parseJson(text));
}

/** What a look at the JSON gives; JSON that is cut or broken may come whole the next time. */
function scanned<Result>(look: () => Result): Result {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TransientFailure(`the JSON of the answer is broken (${error.message})`);
  }
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const DECODER = new TextDecoder();
/** Bytes that are no UTF-8 become U+FFFD here; what is kept are the bytes. */
function decode(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}
