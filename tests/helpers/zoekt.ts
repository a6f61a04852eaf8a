import { join } from "node:path";
import type { DemoRepository } from "../../lib/demo/code/repositories.ts";

/** A real zoekt: git repositories are written and indexed, its web server answers on 127.0.0.1. */

const PROGRAMS = ["zoekt-git-index", "zoekt-webserver"] as const;

/** The folder that holds zoekt's programs: on the PATH, or where `go install` puts them. */
export function findZoekt(): string | undefined {
  const home = Deno.env.get("HOME") ?? "";
  const folders = [
    ...(Deno.env.get("PATH") ?? "").split(":"),
    Deno.env.get("GOBIN") ?? "",
    join(Deno.env.get("GOPATH") ?? join(home, "go"), "bin"),
  ];
  return folders.find((folder) =>
    folder !== "" && PROGRAMS.every((program) => isFile(join(folder, program)))
  );
}

/** Indexes the repositories and gives the server's address to `use`. */
export async function withZoekt(
  programs: string,
  repositories: readonly DemoRepository[],
  use: (url: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const index = join(root, "index");
    const folders: string[] = [];
    for (const repository of repositories) {
      // the path under the cache becomes the repository's name
      const folder = join(root, "cache", repository.name);
      folders.push(folder);
      await writeRepository(folder, repository);
    }
    const cache = join(root, "cache");
    await run(root, join(programs, PROGRAMS[0]), "-index", index, "-repo_cache", cache, ...folders);
    const port = freePort();
    const server = new Deno.Command(join(programs, PROGRAMS[1]), {
      args: ["-index", index, "-rpc", "-listen", `127.0.0.1:${port}`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      const url = `http://127.0.0.1:${port}`;
      await untilLoaded(url, repositories.length);
      await use(url);
    } finally {
      server.kill();
      await server.status;
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function writeRepository(folder: string, { name, stars, files }: DemoRepository) {
  for (const { path, text } of files) {
    const file = join(folder, path);
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  await run(folder, "git", "init", "-q", "-b", "main");
  // without a name or a remote the other settings are not read
  await run(folder, "git", "config", "zoekt.name", name);
  await run(folder, "git", "config", "zoekt.github-stars", String(stars));
  await run(folder, "git", "add", "-A", "-f");
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  await run(folder, "git", ...author, "commit", "-q", "--no-gpg-sign", "-m", "all");
}

async function untilLoaded(url: string, repositories: number): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    try {
      const response = await fetch(`${url}/api/list`, { method: "POST", body: `{"Q":"repo:."}` });
      const { List } = await response.json();
      if (List?.Repos?.length === repositories) return;
    } catch {
      // it does not listen yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("zoekt-webserver did not load its index in 20 s");
}

async function run(cwd: string, program: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(program, { args, cwd, stdin: "null" }).output();
  if (code !== 0) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
