/**
 * Files on their way into the bucket: small ones whole, large ones chunk by chunk into an upload
 * session. A session outlives a cut connection and a killed process: the server says how far it is,
 * and the file continues from there; open sessions are kept in the scratch folder.
 *
 * The client's own loop does not do this: it takes the answer "complete" to its question how far the
 * server is for "nothing yet", goes two ways at once when that question fails, and knows no session
 * of an earlier process (resumable-upload.js of 8.4.0, getAndSetOffset).
 *
 * @module
 */
import type { HttpClient } from "../http/client.ts";
import type { StoredAnswer } from "./objects.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import { base64OfCrc32c } from "../storage/checksums.ts";
import { failureOfCloudStatus, NotThere } from "./cloud_failures.ts";
import type { Bucket } from "@google-cloud/storage";
import { ensureDir } from "@std/fs/ensure-dir";
import CRC32C from "crc-32/crc32c";
import { createHash } from "node:crypto";
import { join } from "node:path";

/** A file, and what is known of it. */
export interface KnownFile {
  name: string;
  file: string;
  bytes: number;
  crc32c: string;
}

/** Makes objects in one request each. */
interface WholeUploads {
  insert(
    name: string,
    data: Uint8Array,
    crc32c: string,
    signal: AbortSignal,
  ): Promise<StoredAnswer>;
}

/** Up to here a file goes in one request; it is three times in memory then. */
export const WHOLE_BYTES = 8 * 1024 * 1024;

/** The two ways that a file goes up: whole, or in chunks that a later process can take up. */
export class CloudUploads {
  constructor(
    readonly bucket: Bucket,
    readonly client: HttpClient,
    readonly transfers: WholeUploads,
    /** Empty for Google's. */
    readonly endpoint: string,
  ) {}

  /**
   * Sends a file; gives what the service says of it.
   * @param onProgress gets how many bytes the server holds
   * @throws {AlreadyThere}, {PermanentFailure} where the file is not what is known of it.
   */
  async send(
    known: KnownFile,
    sessions: UploadSessions,
    onProgress: (held: number) => void,
  ): Promise<StoredAnswer> {
    return known.bytes <= WHOLE_BYTES
      ? await this.#whole(known)
      : await this.#chunks(known, sessions, onProgress);
  }

  async #whole({ name, file, ...known }: KnownFile): Promise<StoredAnswer> {
    const data = await Deno.readFile(file);
    const crc32c = base64OfCrc32c(CRC32C.buf(data));
    if (data.length !== known.bytes || crc32c !== known.crc32c) {
      throw new PermanentFailure(
        `"${file}" is damaged or was changed: it has ${data.length} bytes and crc32c ${crc32c}, ` +
          `known are ${known.bytes} and ${known.crc32c}`,
      );
    }
    return await this.client.run((signal) => this.transfers.insert(name, data, crc32c, signal));
  }

  async #chunks(
    { name, file, ...known }: KnownFile,
    sessions: UploadSessions,
    onProgress: (held: number) => void,
  ): Promise<StoredAnswer> {
    const key = { bucket: this.bucket.name, name, ...known };
    const kept = await sessions.get(key);
    const begin = async () => {
      const session = await this.#beginSession(name, known);
      await sessions.keep(key, session);
      return session;
    };
    const send = (session: string) =>
      sendChunks({
        session,
        isTakenUp: session === kept,
        file,
        ...known,
        fetch: this.client.effects.fetch,
        attempt: (work) => this.client.run(work),
        now: this.client.effects.now,
        onProgress,
      });
    try {
      const answer = await send(kept ?? await begin()).catch(async (error) => {
        // sessions end after a week
        if (!(error instanceof NotThere)) throw error;
        return await send(await begin());
      });
      await sessions.forget(key);
      return answer;
    } catch (error) {
      // a later run continues where the network or the person stopped this one
      if (error instanceof PermanentFailure) await sessions.forget(key);
      throw error;
    }
  }

  async #beginSession(name: string, known: { bytes: number; crc32c: string }): Promise<string> {
    const [location] = await this.client.run(() =>
      this.bucket.file(name).createResumableUpload({
        metadata: { crc32c: known.crc32c, contentLength: known.bytes },
        preconditionOpts: { ifGenerationMatch: 0 },
      })
    );
    if (!this.endpoint) return location;
    // emulators name themselves as they are configured, not as they were reached
    const { pathname, search } = new URL(location, this.endpoint);
    return new URL(pathname + search, this.endpoint).href;
  }
}

/** Bytes a request; a multiple of 256 KiB, as the service wants it. */
const CHUNK_BYTES = 32 * 1024 * 1024;

/** Answers in a row by which the upload got no further. */
const MOST_STALLS = 8;

export interface Chunks {
  session: string;
  /** An earlier process began it: the server is asked how far it is. */
  isTakenUp: boolean;
  file: string;
  bytes: number;
  /** Of the whole file; the last chunk is held back when what was read does not have it. */
  crc32c: string;
  fetch: typeof fetch;
  /** Runs one request, with retries where it throws a transient failure. */
  attempt<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  now(): Date;
  /** Gets how many bytes the server holds. */
  onProgress(held: number): void;
}

/**
 * Sends what the server does not hold yet, and gives its answer to the last chunk.
 * @throws {NotThere} where the session is gone, {PermanentFailure} where the file is not what it was.
 */
export async function sendChunks(chunks: Chunks): Promise<StoredAnswer> {
  const handle = await Deno.open(chunks.file);
  const sum = new RunningSum(handle);
  try {
    let state: State = chunks.isTakenUp
      ? await chunks.attempt((signal) => ask(chunks, signal))
      : { done: false, held: 0 };
    let furthest = -1;
    let stalls = 0;
    while (!state.done) {
      chunks.onProgress(state.held);
      stalls = state.held > furthest ? 0 : stalls + 1;
      furthest = Math.max(furthest, state.held);
      if (stalls > MOST_STALLS) {
        throw new PermanentFailure(`the server does not take more than ${furthest} bytes`);
      }
      const start = state.held;
      const piece = await sum.read(start, Math.min(CHUNK_BYTES, chunks.bytes - start));
      if (start + piece.length === chunks.bytes && sum.crc32c !== chunks.crc32c) {
        throw new PermanentFailure(
          `"${chunks.file}" is damaged or was changed: its crc32c is ${sum.crc32c}, known is ${chunks.crc32c}`,
        );
      }
      let isFirst = true;
      state = await chunks.attempt((signal) => {
        // after a failure no one knows what arrived: the server is asked
        if (!isFirst) return ask(chunks, signal);
        isFirst = false;
        return send(chunks, start, piece, signal);
      });
    }
    chunks.onProgress(chunks.bytes);
    return state.answer;
  } finally {
    handle.close();
  }
}

type State = { done: false; held: number } | { done: true; answer: StoredAnswer };

/** With a size instead of the second star, fake-gcs-server 1.56 takes the question for the end. */
function ask(chunks: Chunks, signal: AbortSignal): Promise<State> {
  return put(chunks, "bytes */*", new Uint8Array(), signal);
}

function send(chunks: Chunks, start: number, piece: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
  const range = `bytes ${start}-${start + piece.length - 1}/${chunks.bytes}`;
  return put(chunks, range, piece, signal);
}

async function put(
  chunks: Chunks,
  range: string,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<State> {
  const response = await chunks.fetch(chunks.session, {
    method: "PUT",
    headers: { "content-range": range },
    body,
    redirect: "manual",
    signal,
  });
  const text = await response.text();
  if (response.status === 308) {
    const last = /^bytes=0-(\d+)$/.exec(response.headers.get("range") ?? "")?.[1];
    const held = last === undefined ? 0 : Number(last) + 1;
    if (held < chunks.bytes) return { done: false, held };
    throw new TransientFailure("the server holds every byte and does not finish the object");
  }
  if (response.ok) return { done: true, answer: JSON.parse(text) };
  if (response.status === 499) throw new NotThere("the upload session was cancelled");
  throw failureOfCloudStatus(response.status, text, response.headers, chunks.now());
}

/** Reads a file from any place on, while it sums up everything from the start exactly once. */
class RunningSum {
  #sum = 0;
  #summed = 0;

  constructor(readonly handle: Deno.FsFile) {}

  get crc32c(): string {
    return base64OfCrc32c(this.#sum);
  }

  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    // what an earlier process sent is summed up too
    while (this.#summed < start) {
      await this.#piece(this.#summed, Math.min(CHUNK_BYTES, start - this.#summed));
    }
    return await this.#piece(start, length);
  }

  async #piece(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const piece = new Uint8Array(length);
    await this.handle.seek(start, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const read = await this.handle.read(piece.subarray(at));
      if (read === null) throw new PermanentFailure("the file became shorter while it was sent");
      at += read;
    }
    const fresh = piece.subarray(Math.max(0, this.#summed - start));
    this.#sum = CRC32C.buf(fresh, this.#sum);
    this.#summed += fresh.length;
    return piece;
  }
}

/** What an upload session is for; other content under the same name needs another session. */
export interface SessionKey {
  bucket: string;
  name: string;
  bytes: number;
  crc32c: string;
}

/**
 * The upload sessions that are under way, one file each, so that a later process can take them up.
 * Whoever knows the address of a session may write to it: only the owner can read the files.
 */
export class UploadSessions {
  constructor(readonly folder: string) {}

  /** The address of the session, or undefined. */
  async get(key: SessionKey): Promise<string | undefined> {
    try {
      return (await Deno.readTextFile(this.#file(key))).trim() || undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  async keep(key: SessionKey, session: string): Promise<void> {
    await ensureDir(this.folder);
    await Deno.writeTextFile(this.#file(key), session + "\n", { mode: 0o600 });
  }

  async forget(key: SessionKey): Promise<void> {
    try {
      await Deno.remove(this.#file(key));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  #file({ bucket, name, bytes, crc32c }: SessionKey): string {
    const text = JSON.stringify([bucket, name, bytes, crc32c]);
    return join(this.folder, createHash("sha256").update(text).digest("hex").slice(0, 32));
  }
}
