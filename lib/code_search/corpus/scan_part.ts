/**
 * Reads one part of a corpus with DuckDB and keeps the lines that name a target, sorted, secrets
 * hidden, one Parquet file per partition.
 *
 * The same part and the same targets give the same bytes: rows have a total order, and one thread
 * writes them.
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDir } from "@std/fs/ensure-dir";
import { fullDisk, messageOf } from "../../cli/errors.ts";
import { RowAppender } from "../../duckdb/appender.ts";
import { Database, quoteText } from "../../duckdb/database.ts";
import { checksums } from "../../storage/checksums.ts";
import { mayBeProgram } from "../match/program/sources.ts";
import { redactSecrets } from "../match/redact_secrets.ts";
import { LARGEST_FILE, readLocalCommit, textFiles } from "../backends/local.ts";
import type { LAYOUTS } from "./corpus_config.ts";
import { excerptsOf } from "./excerpts.ts";
import { hostOf, keysOf } from "./targets.ts";

/** Number of partitions; `host_hash` in macros.sql says which one a host is in. */
export const PARTITIONS = 32;
/** Of DuckDB: with the rest of the process less than 2 GB. */
const MEMORY_LIMIT = "1500MB";
/** The text of a longer program is not kept: most are generated. */
const LARGEST_PROGRAM = 65_536;
/** So much text of a checkout is scanned at once. */
const BATCH_CHARACTERS = 32_000_000;

const SQL = new URL("../../../sql/code_search/corpus/", import.meta.url);

/** What a part held and what of it was kept. */
export interface PartCounts {
  repositories: number;
  files: number;
  empty: number;
  vendored: number;
  /** Files that no code search would index; not read. */
  too_large: number;
  /** Left out because of `languages`. */
  other_languages: number;
  text_bytes: number;
  lines: number;
}

/** A file of the line store, by its path in it. */
export interface StoredFile {
  file: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** A part that lies on this machine, ready to be scanned. */
export interface LocalPart {
  /** As the journal calls it. */
  name: string;
  layout: typeof LAYOUTS[number];
  /** A file; of a checkout the folder. */
  path: string;
}

/** A part is not what its layout says: others may be. */
export class UnreadablePart extends Error {
  override name = "UnreadablePart";
}

/** Scans parts one after the other for one set of targets. */
export class PartScanner {
  private constructor(
    readonly db: Database,
    readonly languages: string[],
  ) {}

  /** @param scratch where DuckDB may spill */
  static async open(
    scratch: string,
    targets: string[],
    languages: string[],
  ): Promise<PartScanner> {
    const db = await Database.open(scratch, MEMORY_LIMIT);
    await setTargets(db, targets);
    const wanted = languages.map((language) => quoteText(language.toLowerCase())).join(", ");
    await db.run(`set variable languages = [${wanted}]::varchar[]`);
    await db.run(`set variable largest = ${LARGEST_FILE}`);
    await db.run(await readSql("macros"));
    return new PartScanner(db, languages);
  }

  /**
   * Writes the lines of a part below `folder`, named `host_hash=NN/{name}.parquet`.
   * @param known files with what was found in this part for other targets: not written again
   */
  async scan(
    part: LocalPart,
    out: { folder: string; name: string; known: string[] },
    signal: AbortSignal,
  ): Promise<{ counts: PartCounts; files: StoredFile[] }> {
    try {
      await this.#read(part, signal).catch(async (error) => {
        if (!/^Out of Memory Error/.test(messageOf(error))) throw error;
        // thousands of large repositories in a row: each thread holds so many at once
        await this.db.run("set threads = 1");
        await this.#read(part, signal);
      }).finally(() => this.db.run("reset threads"));
    } catch (error) {
      signal.throwIfAborted();
      if (fullDisk(error) !== undefined) throw error;
      throw new UnreadablePart(messageOf(error));
    }
    await this.db.run(await readSql("found_lines"));
    await this.#redact();
    const counts = await this.db.one<PartCounts>(
      await readSql("part_counts"),
    );
    const files = await this.#write(part.name, out);
    counts.lines = files.reduce((sum, file) => sum + file.rows, 0);
    await this.db.run("drop table scanned_files; drop table found_lines; drop table shown_lines");
    return { counts, files };
  }

  close(): void {
    this.db.close();
  }

  async #read(part: LocalPart, signal: AbortSignal): Promise<void> {
    await this.db.run(`set variable part_file = ${quoteText(part.path)}`);
    if (part.layout === "checkouts") return await this.#readCheckout(part, signal);
    const layout = part.layout === "stack_v3_train"
      ? "stack_v3_train"
      : part.path.endsWith(".parquet")
      ? "files_parquet"
      : "files_json";
    await this.db.run(await readSql(layout));
    await this.db.run(await readSql("scanned_files"));
  }

  /** The files of a checkout, some megabytes of text at a time. */
  async #readCheckout(part: LocalPart, signal: AbortSignal): Promise<void> {
    const commit = await readLocalCommit(part.path);
    await this.db.run("attach if not exists ':memory:' as checkout");
    await this.db.run(await readSql("checkout"));
    let rows = await RowAppender.open(this.db, { catalog: "checkout", name: "files" });
    let characters = 0;
    let batches = 0;
    const scan = async () => {
      rows.close();
      const scanned = await readSql("scanned_files");
      await this.db.run(
        batches++ === 0 ? scanned : scanned.replace(
          "create or replace temp table scanned_files as",
          "insert into scanned_files",
        ),
      );
      await this.db.run("truncate checkout.files");
      rows = await RowAppender.open(this.db, { catalog: "checkout", name: "files" });
      characters = 0;
    };
    for await (const file of textFiles(part.path, signal)) {
      const text = file.skipped === undefined ? file.text : null;
      rows.add(part.name, commit, file.path, text, file.skipped === "huge");
      characters += text?.length ?? 0;
      if (characters > BATCH_CHARACTERS) await scan();
    }
    await scan();
    rows.close();
  }

  /** Hides secrets, cuts endless lines, and takes the text of programs along. */
  async #redact(): Promise<void> {
    const { db } = this;
    await db.run("attach if not exists ':memory:' as shown");
    await db.run(await readSql("shown_lines"));
    const lines = await RowAppender.open(db, { catalog: "shown", name: "lines" });
    for await (
      const rows of db.stream<FoundLine>("select file_id, line_number, line, host from found_lines")
    ) {
      for (const { file_id, line_number, line, host } of rows) {
        const shown = redactSecrets(line);
        excerptsOf(shown, host).forEach((excerpt, at, { length }) => {
          lines.add(BigInt(file_id), line_number, length === 1 ? null : at + 1, excerpt, host);
        });
      }
    }
    lines.close();
    const texts = await RowAppender.open(db, { catalog: "shown", name: "texts" });
    for await (const rows of db.stream<FoundText>(await readSql("found_texts"))) {
      for (const { file_id, path, content } of rows) {
        if (!mayBeProgram(path) || content.length > LARGEST_PROGRAM) continue;
        texts.add(BigInt(file_id), content.split("\n").map(redactSecrets).join("\n"));
      }
    }
    texts.close();
    await db.run(await readSql("stored_lines"));
    await db.run("drop table shown.lines; drop table shown.texts");
  }

  async #write(
    part: string,
    out: { folder: string; name: string; known: string[] },
  ): Promise<StoredFile[]> {
    const { db } = this;
    if (out.known.length > 0) {
      const list = out.known.map(quoteText).join(", ");
      await db.run(
        `delete from shown_lines where (host, repository, path, line_number) in ` +
          `(select (host, repository, path, line_number) from read_parquet([${list}]))`,
      );
    }
    const partitions = await db.rows<{ partition: number }>(
      "select distinct host_hash(host) as partition from shown_lines order by all",
    );
    const select = await readSql("partition");
    await db.run(`set variable part_name = ${quoteText(part)}`);
    // one thread, so that the bytes are the same every time
    await db.run("set threads = 1");
    const files: StoredFile[] = [];
    for (const { partition } of partitions) {
      const file = `host_hash=${String(partition).padStart(2, "0")}/${out.name}.parquet`;
      await ensureDir(join(out.folder, file.split("/")[0]!));
      const path = join(out.folder, file);
      await db.run(`set variable partition = ${partition}`);
      const { Count: rows } = await db.one<{ Count: number }>(
        `copy (${select}) to ${
          quoteText(path)
        } (format parquet, compression snappy, row_group_size 20480)`,
      );
      const { bytes, sha256 } = await checksums(path);
      files.push({ file, rows, bytes, sha256 });
    }
    await db.run("reset threads");
    return files;
  }
}

interface FoundLine {
  file_id: number;
  line_number: number;
  line: string;
  host: string;
}

interface FoundText {
  file_id: number;
  path: string;
  content: string;
}

async function setTargets(db: Database, targets: string[]): Promise<void> {
  const keys = keysOf(targets);
  const kinds = { host_key: keys.hosts, owner_key: keys.owners, doi_key: keys.dois };
  await db.run("attach ':memory:' as targets");
  await db.run("create table targets.keys (kind varchar, key varchar, host varchar)");
  const rows = await RowAppender.open(db, { catalog: "targets", name: "keys" });
  for (const [kind, entries] of Object.entries(kinds)) {
    // an enum must have a value: one that no text gives
    rows.add(kind, " ", "");
    for (const [key, target] of entries) {
      rows.add(kind, key, hostOf(target));
      if (kind === "host_key") rows.add(kind, `www.${key}`, hostOf(target));
    }
  }
  rows.close();
  for (const kind of Object.keys(kinds)) {
    await db.run(
      `create temp type ${kind} as enum (select distinct key from targets.keys where kind = '${kind}' order by key)`,
    );
  }
  await db.run(
    "create temp table target_keys as select distinct key, host from targets.keys where host <> ''",
  );
  const escaped = (texts: string[]) => texts.map((text) => text.replaceAll(".", "\\.")).join("|");
  const ending = `\\.(?:${escaped(keys.endings)})`;
  // a host in quotes is what client libraries are given
  const tail = "(?::[0-9]+)?[/\\\\%?#&\"']";
  const shared = `((?:${
    escaped(keys.sharedHosts)
  })(?::[0-9]+)?[/\\\\%?&][^\\s"'<>\`|{}()\\[\\],;:]*)`;
  const hasShared = keys.sharedHosts.length > 0;
  const variables: Record<string, string> = {
    ending_with_tail: `(?i)${ending}${tail}`,
    host_with_tail: `(?i)([a-z0-9._-]*${ending})${tail}`,
    shared_url_after_slashes: hasShared ? `(?i)//(?:www\\.)?${shared}` : "",
    shared_url: hasShared ? `(?i)${shared}` : "",
  };
  for (const [name, value] of Object.entries(variables)) {
    await db.run(`set variable ${name} = ${quoteText(value)}`);
  }
  await db.run(`set variable has_dois = ${keys.dois.size > 0}`);
  const names = [...keys.hosts.keys(), ...keys.owners.keys()].join("");
  const hasLetters = encodeURI(names).includes("%");
  await db.run(`set variable has_letters = ${hasLetters}`);
}

const texts = new Map<string, Promise<string>>();

function readSql(name: string): Promise<string> {
  let text = texts.get(name);
  if (text === undefined) {
    text = Deno.readTextFile(fileURLToPath(new URL(`${name}.sql`, SQL)));
    texts.set(name, text);
  }
  return text;
}
