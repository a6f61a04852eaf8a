/**
 * Runs processes and measures their time and memory; prints tables.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** One process, measured from outside it: wall time and the most memory it ever held. */
export interface Measured {
  seconds: number;
  /** Of the largest moment, as Linux counts it (VmHWM); 0 where the system does not say. */
  peakBytes: number;
  exit: number;
  stderr: string;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs one of the project's scripts in a process of its own. */
export function measureScript(script: string, args: string[]): Promise<Measured> {
  return measureProgram(Deno.execPath(), ["run", "--quiet", "--no-prompt", "-A", script, ...args]);
}

/** Runs a program from the project's root; `env` adds to this process's own variables. */
export async function measureProgram(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Measured> {
  const started = performance.now();
  // the heap that a large demo portal needs is not the stages'
  const { DENO_V8_FLAGS: _, ...environment } = Deno.env.toObject();
  const child = new Deno.Command(program, {
    args,
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    clearEnv: true,
    env: { ...environment, NO_COLOR: "1", ...env },
  }).spawn();
  const watcher = watchMemory(child.pid);
  const stderr = await new Response(child.stderr).text();
  const { code } = await child.status;
  const seconds = (performance.now() - started) / 1000;
  return { seconds, peakBytes: await watcher, exit: code, stderr };
}

/** Prints a table whose first column is text and whose others are numbers already formatted. */
export function printTable(title: string, head: string[], rows: string[][]): void {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? "").length))
  );
  const line = (cells: string[]) =>
    "  " +
    cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
    ).join("  ");
  console.log(`\n${title}\n`);
  console.log(line(head));
  console.log(line(widths.map((width) => "-".repeat(width))));
  for (const row of rows) console.log(line(row));
}

/** Deno itself may not read /proc without all permissions, so a shell looks until the process is gone. */
async function watchMemory(pid: number): Promise<number> {
  const look = `while grep VmHWM /proc/${pid}/status; do sleep 0.05; done 2>/dev/null`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", look], stderr: "null" }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return 1024 * Number(/(\d+) kB/.exec(lines.at(-1) ?? "")?.[1] ?? 0);
}
