import { join } from "node:path";

/** PostgreSQL where it is installed, started by a test in a folder of its own. */

/** The folder of its programs, or undefined: in PATH, or where Debian puts them. */
export async function findPostgres(): Promise<string | undefined> {
  const debian = "/usr/lib/postgresql";
  const versions: string[] = [];
  try {
    for await (const { name } of Deno.readDir(debian)) versions.push(join(debian, name, "bin"));
  } catch {
    // another system
  }
  for (const folder of [...versions.sort().reverse(), ...(Deno.env.get("PATH") ?? "").split(":")]) {
    if ((await Deno.stat(join(folder, "initdb")).catch(() => undefined))?.isFile) return folder;
  }
}

/** A running server with an empty database `lake` of user `lake`, on a socket in its own folder. */
export async function startPostgres(programs: string) {
  const folder = await Deno.makeTempDir({ prefix: "postgres_" });
  const owner = await unprivileged();
  if (owner.uid !== undefined) await Deno.chown(folder, owner.uid, owner.gid ?? null);
  const data = join(folder, "data");
  const initialised = await new Deno.Command(join(programs, "initdb"), {
    args: ["-D", data, "-U", "lake", "-A", "trust", "--no-sync"],
    cwd: folder,
    ...owner,
  }).output();
  if (!initialised.success) throw new Error(new TextDecoder().decode(initialised.stderr));
  const process = new Deno.Command(join(programs, "postgres"), {
    args: ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
    cwd: folder,
    stdout: "null",
    stderr: "null",
    ...owner,
  }).spawn();
  const stop = async () => {
    // ends at once, and its helpers with it
    process.kill("SIGQUIT");
    await process.status;
    await Deno.remove(folder, { recursive: true });
  };
  for (let tries = 0;; tries++) {
    const created = await new Deno.Command(join(programs, "createdb"), {
      args: ["-h", folder, "-U", "lake", "lake"],
    }).output();
    if (created.success) break;
    if (tries > 100) {
      await stop();
      throw new Error(new TextDecoder().decode(created.stderr));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { catalog: `postgres:host=${folder} user=lake dbname=lake password=open-sesame`, stop };
}

/** PostgreSQL does not run as root: there, the user that its package made. */
async function unprivileged(): Promise<{ uid?: number; gid?: number }> {
  if (Deno.uid() !== 0) return {};
  const [, , uid, gid] = /^postgres:.*$/m.exec(await Deno.readTextFile("/etc/passwd"))?.[0]
    .split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
