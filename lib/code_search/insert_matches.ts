/**
 * Puts what a code search found into the tables that the models of `<backend>_api` are made from:
 * queries, files, lines, what the lines mention, and their URLs that mention nothing.
 * @module
 */

import { RowAppender } from "../duckdb/appender.ts";
import type { Database } from "../duckdb/database.ts";
import { readAnswer, sealedEntries, type SealedRun } from "../storage/sealed_run.ts";
import type { FileMatch, LineMatch, ReadMatches } from "./backend.ts";
import type { CatalogueIndex } from "./match/catalogue_index.ts";
import { compareLine, type LineResult, type Mention } from "./match/mentions.ts";
import type { QueryEntry } from "./run_queries.ts";
import { redactSecrets } from "./match/redact_secrets.ts";
import { type FileEntry, fileKey, isFileEntry, placeOf } from "./whole_files.ts";
import { linesOf, type MadeMention, madeMentions } from "./program_mentions.ts";

const STAGING = new URL("../../sql/code_search/inputs/staging.sql", import.meta.url);

/** Evidence is to be read by people: of a longer line the parts around its mentions are kept. */
const LONGEST_LINE = 1000;
const BEFORE_MENTION = 200;
const AFTER_MENTION = 300;
/** More parts of one line are not kept in the line, only beside their mentions. */
const MOST_PARTS = 100;
const BETWEEN_PARTS = " … ";
/** So much on both sides of a part is read with it. */
const MARGIN = 250;
const NOTHING: LineResult = { mentions: [], unmatched: [], isCut: false };

interface Appenders {
  queries: RowAppender;
  files: RowAppender;
  lines: RowAppender;
  mentions: RowAppender;
  urls: RowAppender;
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
  onProgress: (lines: number) => void,
): Promise<void> {
  await db.run(await Deno.readTextFile(STAGING));
  const open = (name: string) => RowAppender.open(db, { catalog: "staging", name });
  const to: Appenders = {
    queries: await open("found_queries"),
    files: await open("found_files"),
    lines: await open("found_lines"),
    mentions: await open("found_mentions"),
    urls: await open("found_urls"),
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
        for (const line of file.lines) addLine(to, id, line, compareLine(line.text, index));
        lines += file.lines.length;
        const text = file.text ?? await fetchedText(run, texts, file);
        if (text !== null) await addMade(to, id, file, text, index);
      }
      onProgress(lines);
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

function addLine(to: Appenders, id: number, line: LineMatch, result: LineResult): void {
  const { mentions, unmatched } = result;
  const { text, parts } = excerpts(line.text, mentions);
  to.lines.add(id, line.line_number, text, parts !== null || line.is_cut || result.isCut);
  mentions.forEach((mention, at) => {
    addMention(to, id, line.line_number, mention, { made_from: null, part: parts?.[at] ?? null });
  });
  for (const url of unmatched) {
    const { host, path, names, reference } = url;
    const query = url.query === "" ? "" : redactSecrets(`?${url.query}`).slice(1);
    to.urls.add(id, line.line_number, redactSecrets(url.text), host, path, query, names, reference);
  }
}

function addMention(
  to: Appenders,
  id: number,
  line_number: number | null,
  mention: Mention | MadeMention,
  evidence: { made_from: number[] | null; part: string | null },
): void {
  const { made_from, part } = evidence;
  to.mentions.add(
    id,
    line_number,
    // what is in the catalogue is no secret
    mention.match_kind === "exact" ? mention.text : redactSecrets(mention.text),
    mention.match_kind,
    mention.dataset_id,
    mention.resource_id,
    mention.is_generic,
    made_from === null ? null : made_from.join(","),
    part,
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
    addLine(to, id, { line_number, text: lines[line_number - 1] ?? "", is_cut: false }, NOTHING);
  }
  for (const mention of mentions) {
    addMention(to, id, mention.line_number, mention, {
      made_from: mention.made_from,
      part: null,
    });
  }
}

/**
 * The line as it may be shown: without secrets, and not endless. Of a long line the parts around
 * its mentions, and for each mention the part that holds it; `parts` is null where the line is
 * shown in full.
 */
export function excerpts(
  line: string,
  mentions: readonly Mention[],
): { text: string; parts: string[] | null } {
  if (line.length <= LONGEST_LINE) return { text: redactSecrets(line), parts: null };
  const places = mentions.map((mention) => {
    const start = mention.at ?? Math.max(0, line.indexOf(mention.text));
    return { start, end: start + mention.text.length };
  });
  const spans: { from: number; to: number }[] = [];
  const spanOf = new Map<number, number>();
  const ordered = [...places.keys()].sort((one, other) =>
    places[one]!.start - places[other]!.start
  );
  for (const at of ordered) {
    const { start, end } = places[at]!;
    const from = Math.max(0, start - BEFORE_MENTION);
    const to = Math.min(line.length, end + AFTER_MENTION);
    const last = spans.at(-1);
    if (last !== undefined && from <= last.to && to - last.from <= LONGEST_LINE) {
      last.to = Math.max(last.to, to);
    } else spans.push({ from, to });
    spanOf.set(at, spans.length - 1);
  }
  if (spans.length === 0) spans.push({ from: 0, to: LONGEST_LINE });
  const texts = spans.map(({ from, to }) => partOf(line, from, to));
  return {
    text: texts.slice(0, MOST_PARTS).join(BETWEEN_PARTS),
    parts: mentions.map((_, at) => texts[spanOf.get(at) ?? 0] ?? ""),
  };
}

/** A part of a line, redacted with what is around it: a secret that the cut would halve is hidden. */
function partOf(line: string, from: number, to: number): string {
  const start = Math.max(0, from - MARGIN);
  const end = Math.min(line.length, to + MARGIN);
  const shown = redactSecrets(line.slice(start, end));
  return shown.slice(from - start, shown.length - (end - to)).toWellFormed();
}
