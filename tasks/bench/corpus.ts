/**
 * The scan of a corpus: text a second beside a query that only reads it, with few and many hosts,
 * and the answer of a catalogue from the store.
 * @module
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { walk } from "@std/fs/walk";
import { RowAppender } from "../../lib/duckdb/appender.ts";
import { Database, quoteText } from "../../lib/duckdb/database.ts";
import { measureScript, printTable } from "./measure.ts";

const HOSTS = [200, 10_000];
/** Of code, in one part. */
const TEXT_BYTES = 1.1e9;
const MEGABYTE = 1e6;
/** Copies of our code that are put into lists at once. */
const BATCH = 20;

/** Prints seconds, speed and memory of a bare read and of scans for few and many hosts. */
export async function benchCorpus(scratch: string): Promise<void> {
  const folder = join(scratch, "stack", "data");
  await ensureDir(folder);
  const part = join(folder, "part-00000-bench-c000.snappy.parquet");
  const bytes = await makePart(part, scratch);
  const rows: string[][] = [];
  let bare = Infinity;
  for (let run = 0; run < 3; run++) bare = Math.min(bare, await readBare(part, scratch));
  const add = (what: string, seconds: number, peak: string) =>
    rows.push([
      what,
      seconds.toFixed(1),
      (bytes / MEGABYTE / seconds).toFixed(0),
      (bare / seconds).toFixed(2),
      peak,
    ]);
  add("bare read of the column", bare, "–");
  for (const hosts of HOSTS) {
    const list = join(scratch, `hosts_${hosts}.txt`);
    await Deno.writeTextFile(list, Array.from({ length: hosts }, (_, at) => hostOf(at)).join("\n"));
    const config = join(scratch, `bench_${hosts}.toml`);
    await Deno.writeTextFile(
      config,
      `[corpus]\nshort_name = "bench_${hosts}"\nlayout = "stack_v3_train"\nlocation = "${
        join(scratch, "stack")
      }"\nrevision = "made"\n`,
    );
    let best = { seconds: Infinity, peakBytes: 0 };
    for (let run = 0; run < 2; run++) {
      const measured = await measureScript("tasks/scan_corpus.ts", [
        ...["--corpus-file", config, "--artifacts-dir", scratch, "--hosts", list, "--force"],
      ]);
      if (measured.exit !== 0) throw new Error(measured.stderr);
      if (measured.seconds < best.seconds) best = measured;
    }
    add(
      `scan for ${hosts} hosts, the whole command`,
      best.seconds,
      `${(best.peakBytes / MEGABYTE).toFixed(0)} MB`,
    );
  }
  printTable(`A part of ${(bytes / 1e9).toFixed(2)} GB of text`, [
    "",
    "seconds",
    "MB/s",
    "of bare",
    "peak",
  ], rows);
}

function hostOf(number: number): string {
  const endings = ["org", "gov", "ch", "de", "com", "io", "ca", "it"];
  return `data${number}.city-${number % 97}.${endings[number % endings.length]}`;
}

/** Our own code, again and again; one file of a hundred mentions a host. */
async function makePart(file: string, scratch: string): Promise<number> {
  const db = await Database.open(scratch, "6GB");
  try {
    await db.run("attach ':memory:' as made");
    await db.run("create table made.texts (path varchar, content varchar)");
    const rows = await RowAppender.open(db, { catalog: "made", name: "texts" });
    let size = 0;
    for await (const { path } of walk(".", { exts: ["ts", "sql", "md"], includeDirs: false })) {
      if (/node_modules|artifacts|\.git\//.test(path)) continue;
      const text = await Deno.readTextFile(path);
      size += text.length;
      rows.add(path, text);
    }
    rows.close();
    const copies = Math.ceil(TEXT_BYTES / size);
    const url = "'https://data' || number % 10000 || '.city-' || (number % 10000) % 97 || '.' || " +
      "['org', 'gov', 'ch', 'de', 'com', 'io', 'ca', 'it'][1 + number % 8] || '/dataset/' || number || '.csv'";
    for (let from = 0; from < copies; from += BATCH) {
      const into = from === 0
        ? "create table made.repositories as"
        : "insert into made.repositories";
      await db.run(`${into}
        with files as (
          select
            copy * 1000003 + row_number() over () as number,
            copy,
            path,
            content
          from made.texts cross join range(${from}, ${from + BATCH}) as copies(copy)
        )
        select
          'owner-' || copy || '/' || (hash(path) % 60)::varchar as repo_path,
          copy as repo_id,
          md5(copy::varchar) as commit_id,
          {'branch': 'main', 'is_fork': false, 'stars': 3::bigint} as github_metadata,
          count(*) as num_files,
          list({
            'content_id': md5(path),
            'content': content || case when number % 100 = 7 then chr(10) || 'load("' || ${url} || '")' else '' end,
            'size_bytes': strlen(content)::bigint,
            'file_path': path,
            'file_timestamp': 1754524800::bigint,
            'language': 'TypeScript',
            'is_vendor': false,
            'license_type': 'permissive',
            'detected_licenses': ['MIT']
          }) as files
        from files
        group by all
`);
    }
    await db.run(
      `copy made.repositories to ${
        quoteText(file)
      } (format parquet, compression snappy, row_group_size 2048)`,
    );
    const { bytes } = await db.one<{ bytes: number }>(
      `select sum(strlen(file.content))::bigint as bytes from (select unnest(files) as file from ${
        quoteText(file)
      })`,
    );
    return bytes;
  } finally {
    db.close();
  }
}

/** Seconds that DuckDB takes to read the column and nothing else. */
async function readBare(file: string, scratch: string): Promise<number> {
  const db = await Database.open(scratch);
  try {
    const started = performance.now();
    await db.one(
      `select sum(strlen(file.content)) as bytes from (select unnest(files) as file from ${
        quoteText(file)
      })`,
    );
    return (performance.now() - started) / 1000;
  } finally {
    db.close();
  }
}
