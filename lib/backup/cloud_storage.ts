import { type Bucket, IdempotencyStrategy, Storage } from "@google-cloud/storage";
import { type BucketSettings, metadataOf, settingsOf } from "./bucket_settings.ts";
import { AlreadyThere, NotThere } from "./cloud_failures.ts";
import { isSame, OtherContent, type StoredObject, storedObject } from "./cloud_objects.ts";
import { CloudRetries } from "./cloud_retries.ts";
import { CloudTransfers } from "./cloud_transfers.ts";
import { CloudUploads } from "./cloud_uploads.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import type { Effects } from "../http/client.ts";
import type { StoredAnswer } from "./resumable_upload.ts";
import type { UploadSessions } from "./upload_sessions.ts";

/**
 * One bucket of Google Cloud Storage, through its client. Nothing is ever overwritten: every upload
 * goes with `ifGenerationMatch: 0`. Nothing is ever deleted: there is no such verb here.
 *
 * The client's own retries are off: one request without a precondition that meets a 503 switches
 * them off for every later call, so that one cannot count on them. All retries are here.
 */

/** Where the bucket is. */
export interface BucketAddress {
  project: string;
  bucket: string;
  /** Another endpoint, e.g. an emulator's; empty for Google's. */
  endpoint: string;
}

/** Longest that a request may take, or a download stall; a chunk at 140 kB/s takes so long. */
const LIMIT_SECONDS = 120;
/** The service's own limit. */
const LIST_PAGE = 1000;

/** A bucket, with retries and the pauses that the service asks for. */
export class CloudStorage {
  #bucket: Bucket;
  #retries: CloudRetries;
  #transfers: CloudTransfers;
  #uploads: CloudUploads;

  constructor(
    readonly address: BucketAddress,
    readonly effects: Effects,
    limitSeconds = LIMIT_SECONDS,
  ) {
    this.#retries = new CloudRetries(effects, limitSeconds);
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
      this.#retries,
      this.#transfers,
      address.endpoint,
    );
  }

  /** Requests sent so far, tries included. */
  get requests(): number {
    return this.#retries.requests;
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
      const [items, next] = await this.#retries.request(() => this.#bucket.getFiles(query));
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
      const [metadata] = await this.#retries.request(() => this.#bucket.file(name).getMetadata());
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
    yield* this.#retries.pieces((signal) => open(this.#transfers, signal));
    if (received !== bytes) {
      throw new PermanentFailure(`"${name}" came with ${received} bytes, listed are ${bytes}`);
    }
  }

  /** The bucket's settings, or undefined where there is no such bucket. */
  async settings(): Promise<BucketSettings | undefined> {
    try {
      const [metadata] = await this.#retries.request(() => this.#bucket.getMetadata());
      return settingsOf(metadata);
    } catch (error) {
      if (error instanceof NotThere) return undefined;
      throw error;
    }
  }

  /** Makes the bucket with these settings. */
  async create(settings: BucketSettings): Promise<void> {
    await this.#retries.request(() => this.#bucket.create(metadataOf(settings)));
  }
}
