/** Lays the demo's repositories out as folders, for the backend that searches local checkouts. */

import type { DemoRepository } from "./repository.ts";

/** Writes every file as `{folder}/{host}/{owner}/{name}/{path}`. */
export async function writeCheckouts(
  folder: string,
  repositories: readonly DemoRepository[],
): Promise<void> {
  for (const { name, files } of repositories) {
    for (const { path, text } of files) {
      const file = `${folder}/${name}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
  }
}
