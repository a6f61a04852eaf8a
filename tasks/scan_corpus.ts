/**
 * Reads a bulk corpus of public code once and keeps every line that names a host of interest.
 * Reads: the corpus that the config names; for its hosts the newest snapshot clean_ckan_api of every site
 * Writes: artifacts/corpora/{corpus}/{revision}/
 */
import { readCatalogue } from "../lib/code_search/catalogue.ts";
import { readCorpusConfig } from "../lib/code_search/corpus/corpus_config.ts";
import { type Pass, scanCorpus } from "../lib/code_search/corpus/scan.ts";
import { parseTargets, targetsOf } from "../lib/code_search/corpus/targets.ts";
import { reportError, runCommand } from "../lib/cli/command.ts";
import { StageError, UsageError } from "../lib/cli/errors.ts";
import { artifactsDirOf, type Command, type Given } from "../lib/cli/flags.ts";
import { collectGarbage } from "../lib/cli/gc.ts";
import {
  createLog,
  formatBytes,
  formatCount,
  formatSeconds,
  type Log,
  standardError,
} from "../lib/cli/progress.ts";
import { userAgent } from "../lib/http/client.ts";
import { lock } from "../lib/pipeline/lock.ts";
import { listenForSignals } from "../lib/pipeline/stage.ts";
import { corpusPaths, listSites, lockName, sitePaths } from "../lib/storage/paths.ts";
import { nameOfShard, readShard, SHARD_OPTION } from "../lib/storage/shards.ts";
import { newestSnapshot } from "../lib/storage/snapshots.ts";

export const command: Command = {
  name: "scan_corpus",
  action: "scan the corpus",
  description: [
    "Read a bulk corpus of public code once and keep every line that names a host of interest:",
    'a line store in artifacts/corpora/, which [code_search] backend = "corpus" answers from.',
    "An interrupted pass is continued by the same command; docs/corpora.md says what one costs",
  ].join("\n"),
  options: [
    { name: "corpus-file", value: "FILE", help: "the corpus's config; or CORPUS_PATH" },
    {
      name: "hosts",
      value: "FILE",
      help: "hosts to scan for, one per line; default those of the newest catalogue of every site",
    },
    { name: "parts", value: "A-B", help: "only parts A to B, counted from 0: a sample" },
    SHARD_OPTION,
    {
      name: "artifacts-dir",
      value: "DIR",
      help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
    },
    { name: "force", help: "scan again what is done" },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, runScan));

/** Scans, and says what the store holds; gives 3 where parts of the corpus are missing. */
export async function runScan(given: Given): Promise<number> {
  const { flags, env } = given;
  const file = (flags["corpus-file"] as string | undefined) ?? env("CORPUS_PATH");
  if (!file) {
    throw new UsageError(
      "no config file given: pass --corpus-file configs/corpora/<corpus>.toml or set CORPUS_PATH",
    );
  }
  const config = await readCorpusConfig(file);
  const root = artifactsDirOf(given);
  const shard = readShard(given);
  const part = shard && nameOfShard(shard);
  const paths = corpusPaths(root, config.short_name, config.revision);
  const log = createLog(
    [command.name, part].filter(Boolean).join(" "),
    standardError(env("NO_COLOR") !== undefined, given.stderr),
  );
  const range = readRange(flags.parts as string | undefined);
  const unlock = await lock(paths, lockName(command.name, part));
  const started = performance.now();
  const { signal, stopListening } = listenForSignals((interruption) => {
    Deno.exit(reportError(command, interruption, false, given.stderr));
  });
  try {
    const targets = flags.hosts === undefined
      ? await targetsOfSites(root, paths.scratch, log)
      : await readTargets(flags.hosts as string);
    const pass: Pass = { config, paths, targets, range, shard, force: flags.force === true };
    const { manifest, scanned } = await scanCorpus(pass, {
      fetch: globalThis.fetch,
      now: () => new Date(),
      random: Math.random,
      signal,
      log,
      sharers: shard?.of,
      waitFactor: given.waitFactor,
    }, userAgent(env));
    for (const reason of manifest.reasons) log.warn(`incomplete: ${reason}`);
    log.info(
      `${formatCount(scanned)} parts scanned: ${formatCount(manifest.counts.lines)} lines of ${
        formatCount(manifest.counts.files)
      } files in ${formatBytes(manifest.bytes)} → ${paths.store} · ${
        formatSeconds((performance.now() - started) / 1000)
      }`,
    );
    return manifest.complete ? 0 : 3;
  } finally {
    stopListening();
    unlock();
  }
}

function readRange(text: string | undefined): Pass["range"] {
  if (text === undefined) return undefined;
  const [, first, last] = /^(\d{1,7})-(\d{1,7})$/.exec(text) ?? [];
  if (first === undefined || Number(first) > Number(last)) {
    throw new UsageError(`--parts "${text}" is not a range: expected A-B, e.g. 0-99`);
  }
  return { first: Number(first), last: Number(last) };
}

async function readTargets(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(`--hosts "${file}": no such file`);
  }
  const targets = parseTargets(text, file);
  if (targets.length === 0) throw new UsageError(`--hosts "${file}" names no host`);
  return targets;
}

/** The union over the newest clean catalogue of every site. */
async function targetsOfSites(root: string, scratch: string, log: Log): Promise<string[]> {
  const targets = new Set<string>();
  for (const site of await listSites(root)) {
    const snapshot = await newestSnapshot(sitePaths(root, site), "clean_ckan_api");
    if (snapshot === undefined) continue;
    const index = await readCatalogue(snapshot, {
      scratch,
      portalHosts: snapshot.manifest.config.site.portal_hosts,
      hostAliases: snapshot.manifest.config.site.host_aliases ?? {},
      formats: [],
    });
    const own = targetsOf(index);
    for (const target of own) targets.add(target);
    log.info(`${site}: ${formatCount(own.length)} hosts and owners`);
    collectGarbage();
  }
  if (targets.size > 0) return [...targets].sort();
  throw new StageError(
    `no clean catalogue in ${root}: run "deno task 03_clean_datasets" first, or name hosts with --hosts FILE`,
  );
}
