import { fileURLToPath } from "node:url";

/** One process, measured from outside: wall time and the most memory it ever held. */
export interface Measured {
  seconds: number;
  /** Of the largest moment, as Linux counts it (VmHWM); 0 where the system does not tell. */
  peakBytes: number;
  exit: number;
  stderr: string;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const POLL_MS = 20;

/** Runs one of the project's scripts in a process of its own. */
export async function measureScript(script: string, args: string[]): Promise<Measured> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-A", script, ...args],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let peakBytes = 0;
  const poll = setInterval(() => {
    peakBytes = Math.max(peakBytes, highWater(child.pid));
  }, POLL_MS);
  const stderr = await new Response(child.stderr).text();
  const { code } = await child.status;
  clearInterval(poll);
  return { seconds: (performance.now() - started) / 1000, peakBytes, exit: code, stderr };
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

function highWater(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
