/**
 * Measures throughput and memory, each figure as a ratio in one run.
 * Reads: nothing; the demo's generator makes the data
 * Writes: a temporary folder, removed at the end
 */
import { runCommand } from "../lib/command.ts";
import type { Command, Given } from "../lib/flags.ts";
import { UsageError } from "../lib/errors.ts";
import { benchPipeline } from "./bench/pipeline.ts";

/** The benchmarks by name; each prints its own table to standard output. */
const BENCHMARKS: Record<string, (scratch: string, sizes: number[]) => Promise<void>> = {
  pipeline: benchPipeline,
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
      help: "sizes of the portal; default 1000,10000,50000",
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
  const sizes = String(flags.datasets ?? "1000,10000,50000").split(",").map(Number);
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new UsageError(`--datasets "${flags.datasets}" is no list of whole numbers`);
  }
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (only !== undefined && name !== only) continue;
    const scratch = await Deno.makeTempDir({ prefix: "bench_" });
    try {
      await run(scratch, sizes);
    } finally {
      await Deno.remove(scratch, { recursive: true });
    }
  }
  return 0;
}
