/**
 * The checksums of files: sha256 for manifests, crc32c for Cloud Storage, in one read.
 *
 * @module
 */
import { createHash } from "node:crypto";
import CRC32C from "crc-32/crc32c";

/** Size and checksums of bytes, as manifests and Cloud Storage give them. */
export interface Checksums {
  bytes: number;
  /** Hex. */
  sha256: string;
  /** Base64 of the four bytes, big end first, as Cloud Storage gives it. */
  crc32c: string;
}

/** Size and both checksums of a file, read once. */
export async function checksums(file: string): Promise<Checksums> {
  return await checksumsOf((await Deno.open(file)).readable);
}

/** Size and both checksums of a stream, which is read to its end. */
export async function checksumsOf(pieces: AsyncIterable<Uint8Array>): Promise<Checksums> {
  const hash = createHash("sha256");
  let sum = 0;
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    sum = CRC32C.buf(piece, sum);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest("hex"), crc32c: base64OfCrc32c(sum) };
}

/** A crc32c as Cloud Storage gives it: base64 of its four bytes, big end first. */
export function base64OfCrc32c(sum: number): string {
  const big = new Uint8Array(4);
  new DataView(big.buffer).setInt32(0, sum);
  return btoa(String.fromCharCode(...big));
}
