import { RowAppender } from "../duckdb/appender.ts";
import type { Database } from "../duckdb/database.ts";
import { readAnswer, sealedEntries, type SealedRun } from "../storage/sealed_run.ts";
import type { LineMatch, ReadMatches } from "./backend.ts";
import type { CatalogueIndex } from "./match/catalogue_index.ts";
import { findMentions, type Mention } from "./match/mentions.ts";
import type { QueryEntry } from "./run_queries.ts";
import { redactSecrets } from "./match/redact_secrets.ts";

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
    for (const entry of await sealedEntries(run) as QueryEntry[]) {
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
      }
      tell(lines);
    }
  }
  for (const appender of Object.values(to)) appender.close();
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
  for (const mention of mentions) {
    to.mentions.add(
      id,
      line.line_number,
      // what stands in the catalogue is no secret
      mention.match_kind === "exact" ? mention.text : redactSecrets(mention.text),
      mention.match_kind,
      mention.dataset_id,
      mention.resource_id,
      mention.is_generic,
    );
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
