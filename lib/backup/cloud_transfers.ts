import type { Bucket } from "@google-cloud/storage";
import { failureOfCloudStatus } from "./cloud_failures.ts";
import type { Effects } from "../http/client.ts";
import type { StoredAnswer } from "./resumable_upload.ts";

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
    return await this.effects.fetch(url, { ...init, headers });
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
