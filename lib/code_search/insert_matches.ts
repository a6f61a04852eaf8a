import { RowAppender } from "../duckdb/appender.ts";
import type { Database } from "../duckdb/database.ts";
import { readAnswer, sealedEntries, type SealedRun } from "../storage/sealed_run.ts";
import type { FileMatch, LineMatch, ReadMatches } from "./backend.ts";
import type { CatalogueIndex } from "./match/catalogue_index.ts";
import { findMentions, type Mention } from "./match/mentions.ts";
import type { QueryEntry } from "./run_queries.ts";
import { redactSecrets } from "./match/redact_secrets.ts";
import { type FileEntry, fileKey, isFileEntry, placeOf } from "./whole_files.ts";
import { linesOf, type MadeMention, madeMentions } from "./program_mentions.ts";

const STAGING = new URL("../../sql/code_search/inputs/staging.sql", import.meta.url);

/** Evidence is to be read by people: of a longer line the part around its first mention is kept. */
const LONGEST_LINE = 1000;
const BEFORE_MENTION = 200;

interface Appenders {
  queries: RowAppender;
  files: RowAppender;
  lines: RowAppender;
  mentions: RowAppender;
}

/**
 * Reads every answer of a run, or of all its shards, one after the other, and puts queries, files, lines and mentions
 * into the tables of sql/code_search/inputs/staging.sql.
 */
export async function insertMatches(
  db: Database,
  runs: SealedRun[],
  readMatches: ReadMatches,
  index: CatalogueIndex,
  tell: (lines: number) => void,
): Promise<void> {
  await db.run(await Deno.readTextFile(STAGING));
  const open = (name: string) => RowAppender.open(db, { catalog: "staging", name });
  const to: Appenders = {
    queries: await open("found_queries"),
    files: await open("found_files"),
    lines: await open("found_lines"),
    mentions: await open("found_mentions"),
  };
  let found = 0;
  for (const run of runs) {
    const entries = await sealedEntries(run);
    const texts = new Map(entries.filter(isFileEntry).map((entry) => [entry.key, entry]));
    for (const entry of entries as QueryEntry[]) {
      if (isFileEntry(entry)) continue;
      addQuery(to.queries, entry);
      if (entry.file === undefined) continue;
      let lines = 0;
      for (const file of readMatches(await readAnswer(run.folder, entry))) {
        const id = found++;
        to.files.add(
          id,
          entry.query_id,
          file.repository,
          file.path,
          file.commit,
          file.stars,
          file.last_fetched,
          file.language,
          file.is_fork,
        );
        for (const line of file.lines) addLine(to, id, line, findMentions(line.text, index));
        lines += file.lines.length;
        const text = file.text ?? await fetchedText(run, texts, file);
        if (text !== null) await addMade(to, id, file, text, index);
      }
      tell(lines);
    }
  }
  for (const appender of Object.values(to)) appender.close();
}

/** The text of a file that was fetched by itself; given once, however many queries found it. */
async function fetchedText(
  run: SealedRun,
  texts: Map<string, FileEntry>,
  file: FileMatch,
): Promise<string | null> {
  const place = placeOf(file);
  const key = place === null ? "" : fileKey(place);
  const entry = texts.get(key);
  if (entry?.file === undefined) return null;
  texts.delete(key);
  return new TextDecoder().decode(await readAnswer(run.folder, entry));
}

function addQuery(queries: RowAppender, entry: QueryEntry): void {
  queries.add(
    entry.query_id,
    entry.query,
    entry.kind,
    entry.pass,
    entry.status,
    entry.reason,
    entry.started_at,
    entry.finished_at,
    entry.attempts,
    entry.matches,
    BigInt(entry.bytes),
  );
}

function addLine(to: Appenders, id: number, line: LineMatch, mentions: Mention[]): void {
  const { text, isCut } = excerpt(line.text, mentions[0]?.text);
  to.lines.add(id, line.line_number, text, isCut || line.is_cut);
  for (const mention of mentions) addMention(to, id, line.line_number, mention, null);
}

function addMention(
  to: Appenders,
  id: number,
  line_number: number | null,
  mention: Mention | MadeMention,
  made_from: number[] | null,
): void {
  to.mentions.add(
    id,
    line_number,
    // what stands in the catalogue is no secret
    mention.match_kind === "exact" ? mention.text : redactSecrets(mention.text),
    mention.match_kind,
    mention.dataset_id,
    mention.resource_id,
    mention.is_generic,
    made_from === null ? null : made_from.join(","),
  );
}

/** What the file makes without writing it, and the lines that show how. */
async function addMade(
  to: Appenders,
  id: number,
  file: FileMatch,
  text: string,
  index: CatalogueIndex,
): Promise<void> {
  const { mentions } = await madeMentions(file.path ?? "", text, index);
  if (mentions.length === 0) return;
  const lines = linesOf(text);
  const added = new Set(file.lines.map(({ line_number }) => line_number));
  const wanted = mentions.flatMap(({ line_number, made_from }) => [line_number, ...made_from]);
  for (const line_number of new Set(wanted)) {
    if (added.has(line_number)) continue;
    addLine(to, id, { line_number, text: lines[line_number - 1] ?? "", is_cut: false }, []);
  }
  for (const mention of mentions) {
    addMention(to, id, mention.line_number, mention, mention.made_from);
  }
}

/** The line as it may be shown: without secrets, and not endless. */
function excerpt(line: string, mention: string | undefined): { text: string; isCut: boolean } {
  if (line.length <= LONGEST_LINE) return { text: redactSecrets(line), isCut: false };
  const at = mention === undefined ? 0 : Math.max(0, line.indexOf(mention) - BEFORE_MENTION);
  // a secret that the cut would halve is still seen whole
  const around = redactSecrets(line.slice(Math.max(0, at - LONGEST_LINE), at + 2 * LONGEST_LINE));
  const start = Math.min(around.length, at === 0 ? 0 : Math.min(at, LONGEST_LINE));
  return { text: around.slice(start, start + LONGEST_LINE).toWellFormed(), isCut: true };
}
