import type { Bucket } from "@google-cloud/storage";
import CRC32C from "crc-32/crc32c";
import { base64OfCrc32c } from "../storage/checksums.ts";
import { NotThere } from "./cloud_failures.ts";
import type { CloudRetries } from "./cloud_retries.ts";
import type { CloudTransfers } from "./cloud_transfers.ts";
import { PermanentFailure } from "../http/failures.ts";
import { sendChunks, type StoredAnswer } from "./resumable_upload.ts";
import type { UploadSessions } from "./upload_sessions.ts";

/** A file, and what is known of it. */
export interface KnownFile {
  name: string;
  file: string;
  bytes: number;
  crc32c: string;
}

/** Up to here a file goes in one request; it is three times in memory then. */
export const WHOLE_BYTES = 8 * 1024 * 1024;

/** The two ways that a file goes up: whole, or in chunks that a later process can take up. */
export class CloudUploads {
  constructor(
    readonly bucket: Bucket,
    readonly retries: CloudRetries,
    readonly transfers: CloudTransfers,
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
    return await this.retries.request((signal) =>
      this.transfers.insert(name, data, crc32c, signal)
    );
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
        fetch: this.retries.effects.fetch,
        attempt: (work) => this.retries.request(work),
        now: this.retries.effects.now,
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
    const [location] = await this.retries.request(() =>
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
