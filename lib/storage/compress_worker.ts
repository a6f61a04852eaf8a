/// <reference lib="webworker" />
import { gzipSync } from "node:zlib";

/** The other end of `compressor.ts`: Deno compresses on the thread that asks for it. */

self.onmessage = ({ data }: MessageEvent<{ number: number; body: Uint8Array; level: number }>) => {
  const { number, body, level } = data;
  const packed = new Uint8Array(gzipSync(body, { level }));
  self.postMessage({ number, packed }, [packed.buffer]);
};
