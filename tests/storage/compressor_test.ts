import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Compressor } from "../../lib/storage/compressor.ts";

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

Deno.test("Compressor.compress() gives back every body, with and without its thread", async () => {
  const compressor = new Compressor(3);
  const bodies = [1, 7, 2, 9, 3, 4].map((megabytes, index) =>
    new Uint8Array(megabytes * 1e6).fill(65 + index)
  );
  const before = bodies.map(hash);
  try {
    const packed = await Promise.all(bodies.map((body) => compressor.compress(body)));
    assertEquals(packed.map((bytes) => hash(gunzipSync(bytes))), before);
    assertEquals(bodies.map(hash), before, "a body was used up");
    assertEquals(gunzipSync(await compressor.compress(new Uint8Array())).length, 0);
  } finally {
    compressor.close();
  }
});
