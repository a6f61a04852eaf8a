import { PermanentFailure } from "../http/failures.ts";
import type { StoredAnswer } from "./resumable_upload.ts";

/** What a bucket holds under a name, and whether that is what is known of a file. */

/** An object as the listing gives it. */
export interface StoredObject {
  name: string;
  bytes: number;
  /** Base64; empty where an endpoint knows none. */
  crc32c: string;
}

/** The bucket holds other content under this name. */
export class OtherContent extends PermanentFailure {
  override name = "OtherContent";

  constructor(readonly stored: StoredObject) {
    super(`the bucket holds other content under "${stored.name}"`);
  }
}

/** Whether an object is what is known of a file: by size, then by checksum. */
export function isSame(
  stored: { bytes: number; crc32c: string },
  known: { bytes: number; crc32c: string },
): boolean {
  return stored.bytes === known.bytes && stored.crc32c === known.crc32c;
}

/** An object as the service describes it, which may leave out any of it. */
export function storedObject(name: string, { size, crc32c }: StoredAnswer): StoredObject {
  return { name, bytes: Number(size ?? NaN), crc32c: crc32c ?? "" };
}
