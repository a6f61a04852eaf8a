import { createHash } from "node:crypto";
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";

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
