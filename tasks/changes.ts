/**
 * Shows what changed between two harvests: datasets added, removed, moved or renamed.
 * Reads: two snapshots clean_ckan_api, by default the newest and the one before it
 * Writes: nothing; the answer goes to standard output
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { sitePaths } from "../lib/storage/paths.ts";
import { runCommand } from "../lib/cli/command.ts";
import { readConfig } from "../lib/pipeline/config.ts";
import { buildChanges, findCompared, readChangesQuery } from "../lib/final/changes.ts";
import { changesText, MOST_SHOWN, type ShownChange, type SummaryRow } from "../lib/web/changes.ts";
import { Database } from "../lib/duckdb/database.ts";
import { UsageError } from "../lib/cli/errors.ts";
import { toCsv, toJson } from "../lib/web/csv.ts";
import { artifactsDirOf, type Command, configFileOf, type Given } from "../lib/cli/flags.ts";
import { createLog, standardError } from "../lib/cli/progress.ts";
import type { Snapshot } from "../lib/storage/snapshots.ts";

const FORMATS = ["table", "csv", "json"];
/** What is compared spills beyond it: a catalogue of 300,000 datasets needs no more. */
const MEMORY_LIMIT = "500MB";
const ALL = "select * from changes.changes order by thing, change, dataset_id, resource_id, field";

const command: Command = {
  name: "changes",
  action: "show what changed",
  description: "Show datasets added, removed, moved or renamed between two harvests",
  options: [
    {
      name: "from",
      value: "SNAPSHOT",
      help: "a clean_ckan_api by file name, path or datetime; default the one before --to",
    },
    { name: "to", value: "SNAPSHOT", help: "the later one; default the newest" },
    { name: "format", value: "FORMAT", help: "table (the default), csv or json; these have all" },
    { name: "config-file", value: "FILE", help: "the site's config; or CONFIG_PATH" },
    {
      name: "artifacts-dir",
      value: "DIR",
      help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
    },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, tellChanges));

/** Compares the two snapshots and prints; gives 3 where one of them is known to be incomplete. */
export async function tellChanges(given: Given): Promise<number> {
  const format = (given.flags.format as string | undefined) ?? "table";
  if (!FORMATS.includes(format)) {
    throw new UsageError(`--format "${format}" is none of ${FORMATS.join(", ")}`);
  }
  const { site } = await readConfig(configFileOf(given));
  const paths = sitePaths(artifactsDirOf(given), site.short_name);
  const { from, to } = given.flags as { from?: string; to?: string };
  const { earlier, later } = await findCompared(paths, from, to);
  const log = createLog(
    command.name,
    standardError(given.env("NO_COLOR") !== undefined, given.stderr),
  );
  const reasons = reasonsOf(earlier, later);
  for (const reason of reasons) log.warn(`incomplete: ${reason}`);

  await ensureDir(paths.scratch);
  const scratch = await Deno.makeTempDir({ dir: paths.scratch, prefix: "changes_" });
  const db = await Database.open(join(scratch, "spilled"), MEMORY_LIMIT);
  try {
    await db.attach(earlier.file, "earlier");
    await db.attach(later.file, "later");
    await buildChanges(db, "earlier", "later", log);
    await print(db, format, later, { site: site.short_name, ...about(earlier, later), reasons });
  } finally {
    db.close();
    await Deno.remove(scratch, { recursive: true });
  }
  return reasons.length > 0 ? 3 : 0;
}

function reasonsOf(earlier: Snapshot, later: Snapshot): string[] {
  return [
    ...earlier.manifest.reasons.map((reason) => `${reason}, so that some "added" may not be new`),
    ...later.manifest.reasons.map((reason) => `${reason}, so some "removed" may still exist`),
  ];
}

function about(earlier: Snapshot, later: Snapshot) {
  const side = ({ name, manifest: { created_at, sha256 } }: Snapshot) => ({
    snapshot: name,
    created_at,
    sha256,
  });
  return { from: side(earlier), to: side(later) };
}

async function print(
  db: Database,
  format: string,
  later: Snapshot,
  head: ReturnType<typeof about> & { site: string; reasons: string[] },
): Promise<void> {
  const summary = await db.rows<SummaryRow>(await readChangesQuery("summary"));
  if (format === "table") {
    const most = { most: MOST_SHOWN };
    const shown = await db.rows<ShownChange>(await readChangesQuery("shown"), most);
    return await write([changesText(later.manifest, head, summary, shown)]);
  }
  const rows = db.stream(ALL);
  if (format === "json") return await write(toJson({ ...head, summary }, rows));
  const columns = await db.rows<{ column_name: string }>("describe changes.changes");
  await write(toCsv(rows, columns.map(({ column_name }) => column_name)));
}

/** Writes text to standard output; a reader that has seen enough ends it. */
async function write(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const encoder = new TextEncoder();
  try {
    for await (const piece of pieces) {
      const data = encoder.encode(piece);
      for (let at = 0; at < data.length;) at += await Deno.stdout.write(data.subarray(at));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
