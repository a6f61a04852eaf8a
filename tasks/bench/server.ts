/**
 * The explorer in a process of its own, for measurements.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Ticks of the processor clock that Linux counts in (sysconf(_SC_CLK_TCK) is 100 everywhere). */
const TICKS_A_SECOND = 100;

/** The explorer in a process of its own. */
export interface Server {
  origin: string;
  /** Processor time since it began, memory now and at most, as Linux counts them; 0 elsewhere. */
  measure(): Promise<{ seconds: number; bytes: number; peakBytes: number }>;
  stop(): Promise<void>;
}

/** Starts `serve` over an artifacts directory, on a free port. */
export async function startServer(root: string): Promise<Server> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const [, ...args] = tasks.serve.command.split(" ");
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, "--port", "0", "--artifacts-dir", root],
    cwd: ROOT,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await lines.read();
  if (value === undefined) throw new Error("the explorer did not start");
  return {
    origin: value.trim().replace(/\/$/, ""),
    measure: () => measure(child.pid),
    async stop() {
      child.kill("SIGTERM");
      await child.status;
      await lines.cancel();
    },
  };
}

/** Deno itself may not read /proc without all permissions, so a shell does. */
async function measure(pid: number) {
  const look = `cat /proc/${pid}/stat; grep Vm /proc/${pid}/status`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", look], stderr: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  // after the name, which is in brackets: state is field 3, user and system time are 14 and 15
  const fields = text.slice(text.indexOf(") ") + 2).split(" ");
  const bytes = (name: string) =>
    1024 * Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0);
  return {
    seconds: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND,
    bytes: bytes("VmRSS"),
    peakBytes: bytes("VmHWM"),
  };
}
