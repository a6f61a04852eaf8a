/**
 * fake-gcs-server, a Cloud Storage emulator of other people, where it is installed.
 *
 * @module
 */
import { join } from "node:path";

/** The program's path, or undefined: in PATH, or where `go install` puts it. */
export async function findFakeGcs(): Promise<string | undefined> {
  const home = Deno.env.get("GOPATH") ?? join(Deno.env.get("HOME") ?? "", "go");
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), join(home, "bin")];
  for (const folder of folders) {
    const file = join(folder, "fake-gcs-server");
    if ((await Deno.stat(file).catch(() => undefined))?.isFile) return file;
  }
}

/** A running emulator whose objects are files below `folder`, or else in its memory. */
export async function startFakeGcs(program: string, folder?: string) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = (listener.addr as Deno.NetAddr).port;
  listener.close();
  const process = new Deno.Command(program, {
    args: [
      ...["-scheme", "http", "-host", "127.0.0.1", "-port", String(port)],
      ...(folder === undefined
        ? ["-backend", "memory"]
        : ["-backend", "filesystem", "-filesystem-root", folder]),
      ...["-log-level", "error"],
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0;; tries++) {
    try {
      await (await fetch(`${url}/storage/v1/b`)).body?.cancel();
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    url,
    stop: async () => {
      process.kill("SIGKILL");
      await process.status;
    },
  };
}
