/**
 * One bucket of Google Cloud Storage. Nothing is ever overwritten: every upload goes with
 * `ifGenerationMatch: 0`. Nothing is ever deleted: there is no such verb here.
 *
 * `@google-cloud/storage` finds credentials, lists and makes buckets. Its own retries are off: one
 * request without a precondition that meets a 503 switches them off for every later call, so that one
 * cannot count on them. Retries, time limits and pauses are those of `lib/http/client.ts`. Whole
 * objects go up and down in one plain request each: its own way up makes 850 small objects a second
 * where this makes 4,000, and waits for ever where a connection breaks while it sends.
 *
 * @module
 */
import type { Environment } from "../cli/environment.ts";
import { UsageError } from "../cli/errors.ts";
import { artifactsDirOf, type Given, type Option } from "../cli/flags.ts";
import { createLog, formatCount, type Log, standardError } from "../cli/progress.ts";
import { type Effects, HttpClient } from "../http/client.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import { readConfig } from "../pipeline/config.ts";
import { AlreadyThere, cloudFailure, failureOfCloudStatus, NotThere } from "./cloud_failures.ts";
import {
  type Bucket,
  type BucketMetadata,
  IdempotencyStrategy,
  Storage,
} from "@google-cloud/storage";
import {
  isSame,
  OtherContent,
  type StoredAnswer,
  type StoredObject,
  storedObject,
} from "./objects.ts";
import { CloudUploads, type UploadSessions } from "./upload.ts";

/** Where the bucket is. */
export interface BucketAddress {
  project: string;
  bucket: string;
  /** Another endpoint, e.g. an emulator's; empty for Google's. */
  endpoint: string;
}

/** Longest that a request may take, or a download stall; a chunk at 140 kB/s takes so long. */
const LIMIT_SECONDS = 120;
const ATTEMPTS = 8;
/** The service's own limit. */
const LIST_PAGE = 1000;

/** A bucket, with retries and the pauses that the service asks for. */
export class CloudStorage {
  #bucket: Bucket;
  #client: HttpClient;
  #transfers: CloudTransfers;
  #uploads: CloudUploads;

  constructor(
    readonly address: BucketAddress,
    readonly effects: Effects,
    limitSeconds = LIMIT_SECONDS,
  ) {
    this.#client = new HttpClient({
      name: "Cloud Storage",
      timeoutSeconds: limitSeconds,
      attempts: ATTEMPTS,
      requestsPerSecond: Infinity,
      concurrency: Infinity,
      headers: {},
      // the time limit of a request holds for an upload of 8 MB, and for each piece that comes down
      limits: { seconds: Math.max(limitSeconds, 1) },
      longestWaitSeconds: 3600,
      classify: cloudFailure,
    }, effects);
    // a plain http endpoint is an emulator
    const isEmulator = address.endpoint.startsWith("http:");
    const storage = new Storage({
      projectId: address.project,
      ...(address.endpoint && { apiEndpoint: address.endpoint }),
      useAuthWithCustomEndpoint: !isEmulator,
      retryOptions: { autoRetry: false, idempotencyStrategy: IdempotencyStrategy.RetryNever },
      timeout: limitSeconds * 1000,
    });
    this.#bucket = storage.bucket(address.bucket);
    this.#transfers = new CloudTransfers(this.#bucket, effects, isEmulator);
    this.#uploads = new CloudUploads(
      this.#bucket,
      this.#client,
      this.#transfers,
      address.endpoint,
    );
  }

  /** Requests sent so far, tries included. */
  get requests(): number {
    return this.#client.requests;
  }

  /** `gs://bucket/name`, for people. */
  url(name: string): string {
    return `gs://${this.address.bucket}/${name}`;
  }

  /** Everything in the bucket: one request per 1,000 objects. */
  async list(): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    for (let pageToken: string | undefined, isFirst = true; isFirst || pageToken;) {
      isFirst = false;
      const query = {
        autoPaginate: false,
        maxResults: LIST_PAGE,
        fields: "items(name,size,crc32c),nextPageToken",
        ...(pageToken && { pageToken }),
      };
      const [items, next] = await this.#client.run(() => this.#bucket.getFiles(query));
      // with "fields" the client hands the answer's own items out
      for (const item of items as unknown as (StoredAnswer & { name: string })[]) {
        objects.push(storedObject(item.name, item));
      }
      pageToken = (next as { pageToken?: string } | null)?.pageToken;
    }
    return objects;
  }

  /** One object, or undefined. */
  async find(name: string): Promise<StoredObject | undefined> {
    try {
      const [metadata] = await this.#client.run(() => this.#bucket.file(name).getMetadata());
      return storedObject(name, metadata as StoredAnswer);
    } catch (error) {
      if (error instanceof NotThere) return undefined;
      throw error;
    }
  }

  /**
   * Uploads a file whose size and checksum are known. Larger ones go in chunks and are taken up
   * again, by a later process too.
   * @param onBytes gets how many more bytes (or, after a set-back, fewer) the server holds
   * @returns false where the bucket held the same already
   * @throws {OtherContent}, {PermanentFailure} where the file is not what is known of it.
   */
  async upload(
    name: string,
    file: string,
    known: { bytes: number; crc32c: string },
    sessions: UploadSessions,
    onBytes: (bytes: number) => void,
  ): Promise<boolean> {
    let isNew = true;
    let answer: StoredAnswer | undefined;
    let reported = 0;
    const report = (held: number) => {
      onBytes(held - reported);
      reported = held;
    };
    try {
      answer = await this.#uploads.send({ name, file, ...known }, sessions, report);
    } catch (error) {
      // it may be an attempt of this very upload whose answer was lost
      if (!(error instanceof AlreadyThere)) throw error;
      isNew = false;
    }
    let stored = storedObject(name, answer ?? {});
    if (!isSame(stored, known)) stored = await this.find(name) ?? stored;
    if (!isSame(stored, known)) throw new OtherContent(stored);
    report(known.bytes);
    return isNew;
  }

  /**
   * The pieces of an object from first to last; a cut is mended where it happened.
   * @throws {PermanentFailure} where it ends at another size.
   */
  async *read({ name, bytes }: StoredObject): AsyncGenerator<Uint8Array> {
    let received = 0;
    const open = async function* (transfers: CloudTransfers, signal: AbortSignal) {
      const response = await transfers.content(name, received, signal);
      for await (const piece of response.body ?? []) {
        received += piece.length;
        yield piece;
      }
      if (received < bytes) throw new TransientFailure(`cut after ${received} of ${bytes} bytes`);
    };
    if (bytes === 0) return;
    yield* this.#client.pieces((signal) => open(this.#transfers, signal));
    if (received !== bytes) {
      throw new PermanentFailure(`"${name}" came with ${received} bytes, listed are ${bytes}`);
    }
  }

  /** The bucket's settings, or undefined where there is no such bucket. */
  async settings(): Promise<BucketSettings | undefined> {
    try {
      const [metadata] = await this.#client.run(() => this.#bucket.getMetadata());
      return settingsOf(metadata);
    } catch (error) {
      if (error instanceof NotThere) return undefined;
      throw error;
    }
  }

  /** Makes the bucket with these settings. */
  async create(settings: BucketSettings): Promise<void> {
    await this.#client.run(() => this.#bucket.create(metadataOf(settings)));
  }
}

/** Settings of a bucket, as far as this project cares. */
export interface BucketSettings {
  /** `EU`, `EUROPE-WEST6`. */
  location: string;
  /** How long a deleted object can be had back. */
  softDeleteSeconds: number;
  hasUniformAccess: boolean;
  preventsPublicAccess: boolean;
}

/** What the service says of a bucket, in this project's words; what it leaves out is off. */
export function settingsOf(metadata: BucketMetadata): BucketSettings {
  const access = metadata.iamConfiguration;
  return {
    location: metadata.location ?? "",
    softDeleteSeconds: Number(metadata.softDeletePolicy?.retentionDurationSeconds ?? 0),
    hasUniformAccess: access?.uniformBucketLevelAccess?.enabled === true,
    preventsPublicAccess: access?.publicAccessPrevention === "enforced",
  };
}

/** The settings as the service wants them for a new bucket. */
export function metadataOf(settings: BucketSettings) {
  return {
    location: settings.location,
    softDeletePolicy: { retentionDurationSeconds: settings.softDeleteSeconds },
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: settings.hasUniformAccess },
      publicAccessPrevention: settings.preventsPublicAccess ? "enforced" : "inherited",
    },
  };
}

/**
 * Whole objects up and down, in one request each, with the credentials of the client. Its own way
 * up makes 850 small objects a second where this makes 4,000, and waits for ever where a connection
 * breaks while it sends; its way down warns of its listeners; neither can be stopped.
 */
export class CloudTransfers {
  constructor(
    readonly bucket: Bucket,
    readonly effects: Effects,
    /** An emulator asks for no credentials and must get none. */
    readonly isEmulator: boolean,
  ) {}

  /**
   * Makes an object that must not be there yet.
   * @param crc32c the service compares with it what arrives
   */
  async insert(
    name: string,
    data: Uint8Array,
    crc32c: string,
    signal: AbortSignal,
  ): Promise<StoredAnswer> {
    const boundary = crypto.randomUUID();
    const head = `--${boundary}\r\ncontent-type: application/json\r\n\r\n` +
      `${JSON.stringify({ name, crc32c })}\r\n` +
      `--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`;
    const response = await this.#fetch(
      `upload/storage/v1/b/${this.bucket.name}/o?uploadType=multipart&ifGenerationMatch=0` +
        `&name=${encodeURIComponent(name)}`,
      {
        method: "POST",
        headers: { "content-type": `multipart/related; boundary=${boundary}` },
        body: joined(head, data, `\r\n--${boundary}--\r\n`),
        signal,
      },
    );
    if (response.status === 200) return await response.json();
    throw await this.#failure(response);
  }

  /** The content of an object from some byte on. */
  async content(name: string, start: number, signal: AbortSignal): Promise<Response> {
    const response = await this.#fetch(
      `storage/v1/b/${this.bucket.name}/o/${encodeURIComponent(name)}?alt=media`,
      { headers: start > 0 ? { range: `bytes=${start}-` } : {}, signal },
    );
    if (response.status === (start > 0 ? 206 : 200)) return response;
    throw await this.#failure(response);
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const { apiEndpoint, authClient } = this.bucket.storage;
    const url = `${apiEndpoint}/${path}`;
    const headers = new Headers(
      this.isEmulator ? undefined : await authClient.getRequestHeaders(url),
    );
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    return await this.effects.fetch(url, { ...init, headers, redirect: "manual" });
  }

  async #failure(response: Response): Promise<Error> {
    const text = await response.text();
    return failureOfCloudStatus(response.status, text, response.headers, this.effects.now());
  }
}

function joined(head: string, data: Uint8Array, tail: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts = [encoder.encode(head), data, encoder.encode(tail)];
  const body = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

/**
 * The bucket that the environment names.
 * @throws {UsageError} that names the variables that are missing.
 */
export function openBucket(env: Environment, endpoint: string, effects: Effects): CloudStorage {
  const bucket = env("GCP_BUCKET");
  const project = env("GCP_PROJECT");
  if (bucket && project) return new CloudStorage({ bucket, project, endpoint }, effects);
  const missing = [!bucket && "GCP_BUCKET", !project && "GCP_PROJECT"].filter((name) => name);
  throw new UsageError(
    `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set: ` +
      `set ${missing.length > 1 ? "them" : "it"} in the environment or in .env`,
  );
}

/** `12 requests`, tries included. */
export function formatRequests({ requests }: CloudStorage): string {
  return `${formatCount(requests)} ${requests === 1 ? "request" : "requests"}`;
}

/** Flags of these commands; the config is only for another endpoint. */
export const BUCKET_OPTIONS: Option[] = [
  {
    name: "config-file",
    value: "FILE",
    help: "a config whose backup.api_endpoint is to be used; or CONFIG_PATH; default none",
  },
  {
    name: "artifacts-dir",
    value: "DIR",
    help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
  },
];

/** What such a command works with. */
export interface BucketContext {
  root: string;
  endpoint: string;
  log: Log;
  effects: Effects;
}

/** Reads what the flags and the environment say. */
export async function bucketContext(name: string, given: Given): Promise<BucketContext> {
  const file = (given.flags["config-file"] as string | undefined) ?? given.env("CONFIG_PATH");
  const config = file ? await readConfig(file) : undefined;
  const log = createLog(name, standardError(given.env("NO_COLOR") !== undefined, given.stderr));
  return {
    root: artifactsDirOf(given),
    endpoint: config?.backup.api_endpoint ?? "",
    log,
    effects: {
      fetch: globalThis.fetch,
      now: () => new Date(),
      random: Math.random,
      waitFactor: given.waitFactor,
      signal: new AbortController().signal,
      log,
    },
  };
}
