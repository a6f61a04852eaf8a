/**
 * Measures throughput and memory, each figure as a ratio in one run.
 * Reads: nothing; the demo's generator makes the data
 * Writes: the table in docs/benchmarks.md; a temporary folder, removed at the end
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { runCommand } from "../lib/cli/command.ts";
import type { Command, Given } from "../lib/cli/flags.ts";
import { UsageError } from "../lib/cli/errors.ts";
import { benchBackup } from "./bench/backup.ts";
import { benchCodeSearch } from "./bench/code_search.ts";
import { benchCorpus } from "./bench/corpus.ts";
import { benchDataJson } from "./bench/data_json.ts";
import { benchDelivery } from "./bench/delivery.ts";
import { benchExplorer } from "./bench/explorer.ts";
import { benchPublish } from "./bench/publish.ts";
import { benchMillionLines } from "./bench/million_lines.ts";
import { benchPipeline } from "./bench/pipeline.ts";
import { benchRealCkan } from "./bench/real_ckan.ts";
import { benchStart } from "./bench/start.ts";
import { type Figure, reportFigures } from "./bench/limits.ts";

/** A benchmark and the sizes of the portals (or files) it is run on. */
interface Benchmark {
  /** Prints its tables to standard output, or gives figures with limits. */
  run: (scratch: string, sizes: number[]) => Promise<Figure[] | void>;
  sizes: number[];
  /** Benchmarks of one data share their folder, so that it is made once. */
  data?: string;
}

const BENCHMARKS: Record<string, Benchmark> = {
  start: { run: benchStart, sizes: [] },
  pipeline: { run: benchPipeline, sizes: [10_000, 100_000, 300_000] },
  real_ckan: { run: benchRealCkan, sizes: [] },
  data_json: { run: benchDataJson, sizes: [266_000] },
  code_search: { run: benchCodeSearch, sizes: [1500, 13_000] },
  corpus: { run: benchCorpus, sizes: [] },
  million_lines: { run: benchMillionLines, sizes: [133_000] },
  delivery: { run: benchDelivery, sizes: [300_000], data: "large" },
  explorer: { run: benchExplorer, sizes: [300_000], data: "large" },
  publish: { run: benchPublish, sizes: [300_000], data: "large" },
  backup: { run: benchBackup, sizes: [10_000] },
};

const command: Command = {
  name: "bench",
  action: "run the benchmarks",
  description: "Measure throughput and memory against what could be done at best",
  options: [
    {
      name: "only",
      value: "NAME",
      help: `one of ${Object.keys(BENCHMARKS).join(", ")}; default all`,
    },
    {
      name: "datasets",
      value: "LIST",
      help: `sizes of the portal; default ${
        Object.entries(BENCHMARKS).filter(([, { sizes }]) => sizes.length > 0).map((
          [name, { sizes }],
        ) => `${sizes} (${name})`).join(", ")
      }`,
    },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, runBenchmarks));

/** Runs the chosen benchmarks one after another; gives the exit status. */
export async function runBenchmarks({ flags }: Given): Promise<number> {
  const only = flags.only as string | undefined;
  if (only !== undefined && !(only in BENCHMARKS)) {
    throw new UsageError(`--only "${only}" is none of ${Object.keys(BENCHMARKS).join(", ")}`);
  }
  const asked = flags.datasets === undefined
    ? undefined
    : String(flags.datasets).split(",").map(Number);
  if (!(asked ?? []).every((size) => Number.isInteger(size) && size > 0)) {
    throw new UsageError(`--datasets "${flags.datasets}" is not a list of whole numbers`);
  }
  const chosen = Object.entries(BENCHMARKS).filter(([name]) => only === undefined || name === only);
  const figures: Figure[] = [];
  const root = await Deno.makeTempDir({ prefix: "bench_" });
  try {
    for (const [at, [name, { run, sizes, data = name }]] of chosen.entries()) {
      const scratch = join(root, data);
      await ensureDir(scratch);
      figures.push(...await run(scratch, asked ?? sizes) ?? []);
      const isWanted = chosen.slice(at + 1).some(([, next]) => next.data === data);
      if (!isWanted) await Deno.remove(scratch, { recursive: true });
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
  if (figures.length > 0) await reportFigures(figures);
  return 0;
}
