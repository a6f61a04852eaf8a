/**
 * Programs of others that do the same, for whoever installs them:
 * `pip install ckanapi==4.11 'dlt[duckdb]==1.31.0'`. `BENCH_PYTHON` names a Python that has them;
 * default `python3`.
 * @module
 */
import { dirname, join } from "node:path";
import { type Measured, measureProgram } from "./measure.ts";

const PYTHON = Deno.env.get("BENCH_PYTHON") || "python3";

/** Runs a peer, or says in a line that it is skipped because Python does not have its package. */
export async function measurePeer(
  module: "ckanapi" | "dlt",
  args: string[],
): Promise<Measured | undefined> {
  const has = await measureProgram(PYTHON, ["-c", `import ${module}`]).catch(() => undefined);
  if (has?.exit !== 0) {
    console.log(`${module}: skipped, ${PYTHON} does not have it`);
    return undefined;
  }
  const program = module === "ckanapi" ? join(dirname(PYTHON), "ckanapi") : PYTHON;
  const measured = await measureProgram(program, args);
  if (measured.exit === 0) return measured;
  console.log(`${module}: skipped, it ended with ${measured.exit}: ${lastLine(measured.stderr)}`);
  return undefined;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
