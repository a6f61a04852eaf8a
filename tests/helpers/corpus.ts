import { join } from "node:path";
import { walk } from "@std/fs/walk";
import { checksums } from "../../lib/storage/checksums.ts";
import { runScan } from "../../tasks/scan_corpus.ts";
import { command } from "../../tasks/scan_corpus.ts";
import { runCommand } from "../../lib/cli/command.ts";

/** Corpora of tests, and the scan of one in this process. */

/** Writes a corpus config and gives its path. */
export async function writeCorpusConfig(
  root: string,
  corpus: Record<string, string | number | string[]>,
): Promise<string> {
  const file = join(root, `${corpus.short_name}.toml`);
  const keys = Object.entries(corpus).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  await Deno.writeTextFile(file, `[corpus]\n${keys.join("")}`);
  return file;
}

/** Runs the scan in this process. */
export async function scanCorpus(root: string, file: string, ...args: string[]) {
  let stderr = "";
  const all = ["--corpus-file", file, "--artifacts-dir", root, ...args];
  const code = await runCommand(command, all, runScan, {
    env: () => undefined,
    stderr: (text) => {
      stderr += text;
    },
    waitFactor: 0.05,
  });
  return { code, stderr };
}

/** Path in the line store → sha256, of every Parquet file. */
export async function storeFiles(root: string, store: string): Promise<Record<string, string>> {
  const lines = join(root, "corpora", store, "lines");
  const files: Record<string, string> = {};
  for await (const { path, isFile } of walk(lines)) {
    if (isFile) files[path.slice(lines.length + 1)] = (await checksums(path)).sha256;
  }
  return files;
}
