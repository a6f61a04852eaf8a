import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import CRC32C from "crc-32/crc32c";
import { base64OfCrc32c } from "../../lib/storage/checksums.ts";
import type { Faults } from "../../lib/demo/services/service.ts";

/** A Cloud Storage of one process on 127.0.0.1, as much of its JSON API as is used, with faults. */

export type StorageFault =
  /** 503 before anything is done; 429 with `Retry-After: 0`. */
  | "unavailable"
  | "too_many"
  /** The connection breaks after some bytes of the request were kept. */
  | "cut_request"
  /** Everything is done, and the answer does not arrive. */
  | "lost_answer"
  /** A download breaks in the middle. */
  | "cut_answer"
  /** Damage on the way: an upload arrives, a download leaves, with one bit flipped. */
  | "damage"
  /** An upload is answered with a checksum that is not the object's. */
  | "wrong_checksum"
  /** A chunk is kept and answered as if it were the one before. */
  | "replay"
  | "slow"
  /** No answer at all. */
  | "stall";

export const STORAGE_FAULTS: readonly StorageFault[] = [
  "unavailable",
  "too_many",
  "cut_request",
  "lost_answer",
  "cut_answer",
  "damage",
  "wrong_checksum",
  "replay",
  "slow",
];

interface Session {
  name: string;
  bytes: number;
  crc32c?: string;
  held: number;
  data: Uint8Array;
  done?: unknown;
}

/** Bytes that the service keeps of a broken chunk are a multiple of this. */
const GRAIN = 256 * 1024;

/** The server; `objects` is the bucket, for tests to look at and to spoil. */
export class StorageServer {
  readonly objects = new Map<string, Uint8Array>();
  /** Settings of the bucket as it was made; undefined: there is none. */
  bucket: Record<string, unknown> | undefined = {};
  readonly log: string[] = [];
  faults: Faults<StorageFault>;
  #server: Server;
  #sessions = new Map<string, Session>();
  #sums = new Map<Uint8Array, string>();

  private constructor(server: Server, faults: Faults<StorageFault>) {
    this.#server = server;
    this.faults = faults;
  }

  static async start(faults: Faults<StorageFault> = () => undefined): Promise<StorageServer> {
    const server = createServer();
    const self = new StorageServer(server, faults);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      // a request that is left half read has no socket any longer
      const { socket } = request;
      self.#answer(request, response, () => void socket.destroy()).catch(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return self;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    cut: () => void,
  ): Promise<void> {
    this.log.push(`${request.method} ${request.url}`);
    const fault = this.faults(this.log.length, request.url!);
    if (fault === "stall") return;
    if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, 100));
    const body = await readBody(request, fault === "cut_request");
    const url = new URL(request.url!, this.url);
    if (fault === "cut_request") {
      const session = this.#sessions.get(url.searchParams.get("upload_id") ?? "");
      const start = /^bytes (\d+)-/.exec(request.headers["content-range"] ?? "")?.[1];
      if (session && start) this.#keep(session, Number(start), body, GRAIN);
      return cut();
    }
    if (fault === "unavailable") return send(response, 503, { error: { message: "busy" } });
    if (fault === "too_many") {
      response.setHeader("retry-after", "0");
      return send(response, 429, { error: { message: "slow down" } });
    }
    if (fault === "damage" && body.length > 0 && request.method !== "GET") {
      body[body.length - 8]! ^= 1;
    }
    const answer = this.#do(request, url, body, fault);
    if (fault === "lost_answer") return cut();
    if (answer.media !== undefined) return sendMedia(request, response, answer.media, fault, cut);
    for (const [name, value] of Object.entries(answer.headers ?? {})) {
      response.setHeader(name, value);
    }
    send(response, answer.status, answer.json);
  }

  #do(request: IncomingMessage, url: URL, body: Uint8Array, fault?: StorageFault): Answer {
    const parts = url.pathname.split("/").slice(1).map(decodeURIComponent);
    const isUpload = parts[0] === "upload";
    if (isUpload) parts.shift();
    if (parts[0] !== "storage" || parts[1] !== "v1" || parts[2] !== "b") return fail(404, "no");
    if (parts[3] === undefined) {
      if (this.bucket !== undefined) return fail(409, "the bucket is there");
      this.bucket = JSON.parse(new TextDecoder().decode(body));
      return { status: 200, json: this.bucket };
    }
    if (this.bucket === undefined) return fail(404, "The specified bucket does not exist.");
    if (parts[4] === undefined) return { status: 200, json: this.bucket };
    const name = parts.slice(5).join("/");
    if (isUpload) return this.#upload(request, url, body, fault);
    if (name === "") return this.#list(url);
    const data = this.objects.get(name);
    if (data === undefined) return fail(404, `No such object: ${name}`);
    if (url.searchParams.get("alt") === "media") return { status: 200, json: {}, media: data };
    return { status: 200, json: this.#describe(name, data) };
  }

  #list(url: URL): Answer {
    const names = [...this.objects.keys()].sort();
    const start = Number(url.searchParams.get("pageToken") ?? 0);
    const end = start + Math.min(1000, Number(url.searchParams.get("maxResults") ?? 1000));
    const items = names.slice(start, end).map((name) =>
      this.#describe(name, this.objects.get(name)!)
    );
    return {
      status: 200,
      json: { items, ...(end < names.length && { nextPageToken: String(end) }) },
    };
  }

  #upload(request: IncomingMessage, url: URL, body: Uint8Array, fault?: StorageFault): Answer {
    const id = url.searchParams.get("upload_id");
    if (request.method === "PUT") return this.#put(request, id!, body, fault);
    const isNew = url.searchParams.get("ifGenerationMatch") === "0";
    const name = url.searchParams.get("name")!;
    if (isNew && this.objects.has(name)) return fail(412, "conditionNotMet");
    if (url.searchParams.get("uploadType") === "media") return this.#store(name, body);
    if (url.searchParams.get("uploadType") === "multipart") {
      const { metadata, data } = splitMultipart(request.headers["content-type"]!, body);
      return this.#store(name, data, metadata.crc32c as string, fault);
    }
    const { crc32c } = JSON.parse(new TextDecoder().decode(body) || "{}");
    const bytes = Number(request.headers["x-upload-content-length"]);
    const session = { name, bytes, crc32c, held: 0, data: new Uint8Array(bytes) };
    const key = crypto.randomUUID();
    this.#sessions.set(key, session);
    const path = `/upload/storage/v1/b/bucket/o?uploadType=resumable&upload_id=${key}`;
    // named as a service behind another address names itself
    return { status: 200, json: {}, headers: { location: `https://elsewhere.example${path}` } };
  }

  #put(request: IncomingMessage, id: string, body: Uint8Array, fault?: StorageFault): Answer {
    const session = this.#sessions.get(id);
    if (session === undefined) return fail(410, "the session is over");
    if (session.done) return { status: 200, json: session.done };
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(request.headers["content-range"] ?? "");
    const before = session.held;
    if (range !== null) this.#keep(session, Number(range[1]), body, 1);
    if (session.held < session.bytes || fault === "replay") {
      const held = fault === "replay" ? before : session.held;
      return {
        status: 308,
        json: {},
        ...(held > 0 && { headers: { range: `bytes=0-${held - 1}` } }),
      };
    }
    if (this.objects.has(session.name)) return fail(412, "conditionNotMet");
    const answer = this.#store(session.name, session.data, session.crc32c, fault);
    if (answer.status === 200) session.done = answer.json;
    else this.#sessions.delete(id);
    return answer;
  }

  #keep(session: Session, start: number, body: Uint8Array, grain: number): void {
    if (start > session.held) return;
    const length = Math.min(body.length, session.bytes - start);
    const whole = Math.floor(length / grain) * grain;
    session.data.set(body.subarray(0, whole), start);
    session.held = Math.max(session.held, start + whole);
  }

  #store(name: string, data: Uint8Array, crc32c?: string, fault?: StorageFault): Answer {
    const sum = base64OfCrc32c(CRC32C.buf(data));
    if (crc32c !== undefined && crc32c !== sum) {
      return fail(400, `Provided CRC32C "${crc32c}" doesn't match calculated CRC32C "${sum}".`);
    }
    const kept = data.slice();
    this.objects.set(name, kept);
    this.#sums.set(kept, sum);
    const json = this.#describe(name, kept);
    return {
      status: 200,
      json: fault === "wrong_checksum" ? { ...json, crc32c: "AAAAAA==" } : json,
    };
  }

  /** As the service does, the listing has the checksum that the object had when it came. */
  #describe(name: string, data: Uint8Array) {
    let sum = this.#sums.get(data);
    if (sum === undefined) this.#sums.set(data, sum = base64OfCrc32c(CRC32C.buf(data)));
    return { name, size: String(data.length), crc32c: sum };
  }
}

interface Answer {
  status: number;
  json: unknown;
  headers?: Record<string, string>;
  media?: Uint8Array;
}

function fail(code: number, message: string): Answer {
  return { status: code, json: { error: { code, message } } };
}

async function readBody(request: IncomingMessage, isCut: boolean): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const most = isCut ? Number(request.headers["content-length"] ?? 0) / 2 : Infinity;
  for await (const piece of request) {
    pieces.push(piece);
    length += piece.length;
    if (length >= most) break;
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

function send(response: ServerResponse, status: number, json: unknown): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(status === 308 ? "" : JSON.stringify(json));
}

function sendMedia(
  request: IncomingMessage,
  response: ServerResponse,
  data: Uint8Array,
  fault: StorageFault | undefined,
  cut: () => void,
): void {
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const part = data.slice(start);
  if (fault === "damage" && part.length > 0) part[0]! ^= 1;
  response.statusCode = start > 0 ? 206 : 200;
  response.setHeader("content-length", String(part.length));
  if (start > 0) {
    response.setHeader("content-range", `bytes ${start}-${data.length - 1}/${data.length}`);
  }
  if (fault !== "cut_answer") return void response.end(part);
  response.write(part.subarray(0, part.length / 2), cut);
}

/** The metadata and the content of a `multipart/related` body. */
function splitMultipart(type: string, body: Uint8Array) {
  const boundary = /boundary="?([^";]+)/.exec(type)![1]!;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const first = bytes.indexOf("\r\n\r\n") + 4;
  const middle = bytes.indexOf(`--${boundary}`, first);
  const second = bytes.indexOf("\r\n\r\n", middle) + 4;
  const end = bytes.lastIndexOf(`\r\n--${boundary}--`);
  const metadata: Record<string, unknown> = JSON.parse(bytes.toString("utf8", first, middle));
  return { metadata, data: body.slice(second, end) };
}
