/**
 * A line store of a bulk corpus: everything the corpus holds about a catalogue, answered offline.
 * One query per part; a host of the catalogue that the store was not scanned for is a query that
 * cannot be answered, so that it is a known gap and not a host without mentions.
 * @module
 */
import { join } from "node:path";
import { Database, quoteText } from "../../duckdb/database.ts";
import { listNames } from "../../storage/paths.ts";
import type { Answer, Backend, BackendSetup, FileMatch, PlannedQuery } from "../backend.ts";
import { readStore, type StoredLines } from "../corpus/line_store.ts";
import { hostOf, targetsOf, uncovered } from "../corpus/targets.ts";
import { mayMention } from "../match/mentions.ts";
import { mayCallClient, needsWholeFile } from "../program_mentions.ts";

const SQL = new URL("../../../sql/code_search/corpus/", import.meta.url);

/** A row of the store that is on a host of the catalogue. */
interface StoredLine {
  repository: string;
  commit: string | null;
  path: string;
  line_number: number;
  line_part: number | null;
  line: string;
  text_of_file: string | null;
  language: string | null;
  stars: number | null;
  is_fork: boolean | null;
}

/** The code search over a line store. */
export function corpus(setup: BackendSetup): Backend {
  let store: StoredLines;
  let missing: Map<string, string[]>;
  let lines: Promise<Database> | undefined;
  return {
    name: "corpus",
    unit: "parts",
    async plan() {
      store = await readStore(setup.endpointUrl);
      const wanted = targetsOf(setup.index);
      missing = byHost(uncovered(wanted, store.targets));
      return planParts(store, missing);
    },
    split: () => [],
    async search(query) {
      const [kind, name = ""] = query.terms;
      if (kind === "host") {
        return gap(
          name,
          `the line store was not scanned for ${name}: run ` +
            `"deno task scan_corpus" again`,
        );
      }
      if (kind === "parts") return gap(name, name);
      const part = store.parts.find((it) => it.name === name)!;
      if (part.failed !== undefined && part.entries.length === 0) return gap(name, part.failed);
      lines ??= loadLines(setup, store);
      return await searchPart(setup, await lines, name);
    },
    async close() {
      (await lines)?.close();
    },
    source: () => ({
      title: `${store.manifest.title}, revision ${store.manifest.revision}`,
      as_of: store.manifest.as_of,
      repositories: store.manifest.counts.repositories,
      files: store.manifest.counts.files,
      hosts: store.manifest.layout === "stack_v3_train" ? ["github.com"] : [],
      is_permissive_only: store.manifest.layout === "stack_v3_train",
      leaves_out: leftOut(store),
    }),
  };
}

function byHost(targets: string[]): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const target of targets) {
    const host = hostOf(target);
    hosts.set(host, [...hosts.get(host) ?? [], target]);
  }
  return hosts;
}

/** A part's id changes with its lines, so that a part which was read again is asked again. */
function planParts(store: StoredLines, missing: Map<string, string[]>): PlannedQuery[] {
  const queries: PlannedQuery[] = store.parts.map(({ name, entries, failed }) => ({
    id: `part ${name} ${
      failed === undefined ? entries.map((it) => it.targets).sort().join() : "?"
    }`,
    terms: ["part", name],
    covers: 0,
    kind: "lines",
  }));
  const { total } = store.manifest.parts;
  const unread = total - store.parts.length;
  if (unread > 0) {
    const reason = `${unread} of ${total} parts of the corpus are not in the line store`;
    queries.push({ id: reason, terms: ["parts", reason], covers: 0, kind: "lines" });
  }
  for (const host of missing.keys()) {
    queries.push({ id: `host ${host}`, terms: ["host", host], covers: 0, kind: "lines" });
  }
  return queries;
}

function gap(sent: string, reason: string): Answer {
  return {
    status: "partial",
    reason,
    isSplit: false,
    body: null,
    matches: 0,
    sent,
    attempts: 1,
  };
}

/** Reads the rows of the catalogue's hosts once, whichever part they are of. */
async function loadLines(setup: BackendSetup, store: StoredLines): Promise<Database> {
  const db = await Database.open(setup.scratch);
  const hosts = [...new Set(targetsOf(setup.index).map(hostOf))];
  const lines = join(store.folder, "lines");
  await db.run("create temp table wanted_hosts (host varchar)");
  for (let at = 0; at < hosts.length; at += 1000) {
    const values = hosts.slice(at, at + 1000).map((host) => `(${quoteText(host)})`).join(", ");
    await db.run(`insert into wanted_hosts values ${values}`);
  }
  await db.run(await Deno.readTextFile(new URL("macros.sql", SQL)).then(hashMacro));
  const partitions = new Set(
    (await db.rows<{ partition: number }>(
      "select distinct host_hash(host) as partition from wanted_hosts",
    )).map(({ partition }) => `host_hash=${String(partition).padStart(2, "0")}`),
  );
  const named = new Set(
    store.parts.flatMap(({ entries }) => entries.flatMap(({ files = [] }) => files))
      .map(({ file }) => file),
  );
  const files: string[] = [];
  for (const folder of await listNames(lines, ({ isDirectory }) => isDirectory)) {
    if (!partitions.has(folder)) continue;
    for (const name of await listNames(join(lines, folder), ({ isFile }) => isFile)) {
      // what no journal line names is of a part that was interrupted
      if (named.has(`${folder}/${name}`)) files.push(join(lines, folder, name));
    }
  }
  await db.run(`set variable store_files = [${files.map(quoteText).join(", ")}]::varchar[]`);
  await db.run(
    await Deno.readTextFile(
      new URL(files.length > 0 ? "catalogue_lines.sql" : "no_lines.sql", SQL),
    ),
  );
  return db;
}

/** The one macro that needs nothing of the scan. */
function hashMacro(macros: string): string {
  return macros.slice(macros.indexOf("create or replace temp macro host_hash"));
}

/** Every line of a part that may mention something of the catalogue, as lines of JSON. */
async function searchPart(setup: BackendSetup, db: Database, part: string): Promise<Answer> {
  const found: string[] = [];
  let matches = 0;
  let file: FileMatch | undefined;
  let text: string | null = null;
  const end = () => {
    if (file === undefined) return;
    const { index, wholeFiles } = setup;
    const callsClient = wholeFiles && text !== null && mayCallClient(file.path!, text, index);
    if (file.lines.length === 0 && !callsClient) return;
    if (wholeFiles && text !== null && (callsClient || needsWholeFile(file, index))) {
      file.text = text;
    }
    found.push(JSON.stringify(file) + "\n");
  };
  const select = await Deno.readTextFile(new URL("part_lines.sql", SQL));
  for (const row of await db.rows<StoredLine>(select, [part])) {
    if (file?.repository !== row.repository || file.path !== row.path) {
      end();
      text = null;
      file = {
        repository: row.repository,
        path: row.path,
        commit: row.commit,
        stars: row.stars,
        last_fetched: null,
        language: row.language,
        is_fork: row.is_fork,
        lines: [],
      };
    }
    text ??= row.text_of_file;
    if (!mayMention(row.line, setup.index)) continue;
    file.lines.push({
      line_number: row.line_number,
      text: row.line,
      is_cut: row.line_part !== null,
    });
    matches += 1;
  }
  end();
  return {
    status: "complete",
    reason: null,
    isSplit: false,
    body: found.length === 0 ? null : new TextEncoder().encode(found.join("")),
    matches,
    sent: part,
    attempts: 1,
  };
}

function leftOut(store: StoredLines): string[] {
  const { counts, leaves_out } = store.manifest;
  const skipped = [
    [counts.too_large, "files over 2 MB"],
    [counts.other_languages, "files of other languages"],
  ] as const;
  return [
    ...leaves_out,
    ...skipped.filter(([count]) => count > 0)
      .map(([count, what]) => `${count.toLocaleString("en-US")} ${what}`),
  ];
}
