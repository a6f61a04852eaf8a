import { join } from "node:path";

/**
 * The commit that a checkout stands at, read from its `.git` folder; null where it has none (an
 * unpacked archive) or where it cannot be told.
 */
export async function readCommit(folder: string): Promise<string | null> {
  const head = await readText(join(folder, ".git", "HEAD"));
  if (head === null) return null;
  const name = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (name === undefined) return commitOf(head);
  if (name.includes("..")) return null;
  const loose = await readText(join(folder, ".git", name));
  if (loose !== null) return commitOf(loose);
  const packed = await readText(join(folder, ".git", "packed-refs")) ?? "";
  const line = packed.split("\n").find((text) => text.endsWith(` ${name}`));
  return line === undefined ? null : commitOf(line.split(" ")[0] ?? "");
}

function commitOf(text: string): string | null {
  return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}

async function readText(file: string): Promise<string | null> {
  try {
    return (await Deno.readTextFile(file)).trim();
  } catch {
    // whatever stands in the way, the checkout does not tell its commit
    return null;
  }
}
