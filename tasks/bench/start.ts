/**
 * How long commands take that have nothing to do, and the demo: what people wait for most often.
 * @module
 */
import { join } from "node:path";
import type { Figure } from "./limits.ts";
import { type Measured, measureProgram } from "./measure.ts";

const START_SECONDS = 0.25;
const DEMO_SECONDS = 12;
const TRIES = 5;

/** Measures `--help`, a stage that is up to date, and the demo. */
export async function benchStart(scratch: string): Promise<Figure[]> {
  const root = join(scratch, "artifacts");
  const demo = await task("demo", "--artifacts-dir", root);
  const config = join(root, "port_aurelia", "demo.toml");
  const own = ["--config-file", config, "--artifacts-dir", root];
  const limits = { datasets: 0, seconds: START_SECONDS };
  return [
    { what: "demo", datasets: 0, ours: demo, seconds: DEMO_SECONDS },
    { what: "03 --help", ours: await fastest("03_clean_datasets", "--help"), ...limits },
    { what: "pipeline --help", ours: await fastest("pipeline", "--help"), ...limits },
    { what: "03 up to date", ours: await fastest("03_clean_datasets", ...own), ...limits },
    { what: "09 up to date", ours: await fastest("09_build_final", ...own), ...limits },
  ];
}

async function fastest(name: string, ...args: string[]): Promise<Measured> {
  const tries: Measured[] = [];
  for (let turn = 0; turn < TRIES; turn += 1) tries.push(await task(name, ...args));
  return tries.toSorted((one, other) => one.seconds - other.seconds)[0]!;
}

async function task(name: string, ...args: string[]): Promise<Measured> {
  const measured = await measureProgram(Deno.execPath(), ["task", "--quiet", name, ...args]);
  if (measured.exit === 0) return measured;
  throw new Error(`"${name}" ended with ${measured.exit}: ${measured.stderr.trim()}`);
}
