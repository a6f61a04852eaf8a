/**
 * The part of the Spark job that runs on its workers: files that may name a target come in as JSON
 * Lines, rows of the line store go out. It is the scan of `scan_corpus` itself, so both write the
 * same rows. With `--keys` it prints what Spark looks for.
 *
 * `deno compile -A --output scan_candidates deploy/spark/scan_candidates.ts` makes one file of it
 * for the machines of a cluster.
 * @module
 */
import { join } from "node:path";
import { PartScanner } from "../../lib/code_search/corpus/scan_part.ts";
import { keysOf } from "../../lib/code_search/corpus/targets.ts";
import { Database, quoteText } from "../../lib/duckdb/database.ts";

const [targetsFile = "", option] = Deno.args;
const targets = (await Deno.readTextFile(targetsFile)).split("\n").filter(Boolean);

if (option === "--keys") {
  const { hosts, owners, dois, sharedHosts, endings } = keysOf(targets);
  console.log(JSON.stringify({
    hosts: [...hosts.keys()].flatMap((host) => [host, `www.${host}`]),
    shared_hosts: owners.size > 0 ? sharedHosts.flatMap((host) => [host, `www.${host}`]) : [],
    endings,
    has_dois: dois.size > 0,
  }));
} else await scanCandidates();

async function scanCandidates(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scan_candidates_" });
  try {
    const parts = await takeApart(folder);
    const scanner = await PartScanner.open(join(folder, "scratch"), targets, []);
    try {
      for (const [at, [name, path]] of [...parts].entries()) {
        await scanner.scan(
          { name, layout: "files", path },
          { folder: join(folder, "lines"), name: String(at), known: [] },
          new AbortController().signal,
        );
      }
    } finally {
      scanner.close();
    }
    await printRows(join(folder, "lines"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes standard input to one file per part of the corpus. */
async function takeApart(folder: string): Promise<Map<string, string>> {
  const parts = new Map<string, string>();
  const files = new Map<string, Deno.FsFile>();
  const encoder = new TextEncoder();
  let rest = "";
  const add = async (line: string) => {
    const name = /^\{"part": ?"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    if (name === undefined) throw new Error("a line without its part");
    if (!files.has(name)) {
      const path = join(folder, `${files.size}.jsonl`);
      parts.set(JSON.parse(`"${name}"`), path);
      files.set(name, await Deno.open(path, { write: true, create: true }));
    }
    const bytes = encoder.encode(line + "\n");
    for (let at = 0; at < bytes.length;) at += await files.get(name)!.write(bytes.subarray(at));
  };
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) await add(line);
  }
  if (rest !== "") await add(rest);
  for (const file of files.values()) file.close();
  return parts;
}

async function printRows(folder: string): Promise<void> {
  const db = await Database.open();
  try {
    const files: string[] = [];
    try {
      for await (const { name } of Deno.readDir(folder)) {
        for await (const file of Deno.readDir(join(folder, name))) {
          files.push(join(folder, name, file.name));
        }
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    for (const file of files) {
      const rows = db.stream(
        `select * from read_parquet(${
          quoteText(file)
        }, hive_partitioning = true, hive_types_autocast = false)`,
      );
      for await (const some of rows) {
        const text = some.map((row) => JSON.stringify(row) + "\n").join("");
        const bytes = new TextEncoder().encode(text);
        for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
      }
    }
  } finally {
    db.close();
  }
}
