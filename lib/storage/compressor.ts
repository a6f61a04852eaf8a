/**
 * Compresses large downloads on a thread of its own, so that the stage keeps receiving.
 *
 * @module
 */
import { gzipSync } from "node:zlib";

/** A thread costs a tenth of a second: it begins when so much was compressed without it. */
const WORTH_A_THREAD_BYTES = 16e6;
const WORTH_A_MESSAGE_BYTES = 64e3;

/**
 * Compresses, and where there is much to compress, on a thread of its own: Deno's asynchronous
 * zlib works on the thread that asks for it, and half the time of a harvest is compression.
 */
export class Compressor {
  #worker: Worker | undefined;
  #waiting = new Map<number, PromiseWithResolvers<Uint8Array>>();
  #number = 0;
  #bytes = 0;

  constructor(readonly level: number) {}

  async compress(body: Uint8Array): Promise<Uint8Array> {
    this.#bytes += body.length;
    if (this.#bytes < WORTH_A_THREAD_BYTES || body.length < WORTH_A_MESSAGE_BYTES) {
      return gzipSync(body, { level: this.level });
    }
    this.#worker ??= this.#start();
    const number = this.#number++;
    const promise = Promise.withResolvers<Uint8Array>();
    this.#waiting.set(number, promise);
    const copy = body.slice();
    this.#worker.postMessage({ number, body: copy, level: this.level }, [copy.buffer]);
    return await promise.promise;
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./compress_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<{ number: number; packed: Uint8Array }>) => {
      this.#waiting.get(data.number)?.resolve(data.packed);
      this.#waiting.delete(data.number);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`compression failed: ${event.message}`));
      }
      this.#waiting.clear();
    };
    return worker;
  }
}
