/**
 * Pages that the demo's portal has made, kept as files: each is made once, and a portal of any size
 * needs no more memory for them than for one.
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";

/** Pages by key, in a folder. */
export class PageFiles {
  readonly #known = new Map<string, Promise<string>>();

  constructor(readonly folder: string) {}

  /** The page as a stream; `make` is called the first time only. */
  async open(
    key: string,
    make: () => Promise<Uint8Array>,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    let file = this.#known.get(key);
    if (file === undefined) {
      file = this.#write(key, make);
      this.#known.set(key, file);
    }
    return (await Deno.open(await file)).readable;
  }

  async #write(key: string, make: () => Promise<Uint8Array>): Promise<string> {
    const name = createHash("sha256").update(key).digest("hex").slice(0, 32);
    const file = join(this.folder, name);
    await Deno.writeFile(file, await make());
    return file;
  }
}
