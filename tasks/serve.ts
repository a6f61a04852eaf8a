// Shows the explorer: pages on 127.0.0.1 over the newest final tables of every site.
// Reads: newest snapshot final of each site; {site}/runs.ndjson; the manifests of all snapshots
// Writes: nothing
import { listSites, sitePaths } from "../lib/storage/paths.ts";
import { runCommand } from "../lib/cli/command.ts";
import { StageError, UsageError } from "../lib/cli/errors.ts";
import { createApp } from "../lib/explorer/app.ts";
import { SiteData } from "../lib/explorer/site_data.ts";
import { artifactsDirOf, type Command, type Given } from "../lib/cli/flags.ts";
import { createLog, formatSeconds, type Log, standardError } from "../lib/cli/progress.ts";
import { newestSnapshot } from "../lib/storage/snapshots.ts";

const PORT = 8082;

/** What the command says of itself. */
export const command: Command = {
  name: "serve",
  action: "show the explorer",
  description: "Show the explorer, a web page over the newest final tables, on 127.0.0.1",
  options: [
    { name: "site", value: "NAME", help: "only this site; default all that have a final" },
    { name: "port", value: "PORT", help: `where to listen; 0 is any free one; default ${PORT}` },
    {
      name: "artifacts-dir",
      value: "DIR",
      help: "where everything is kept; or ARTIFACTS_DIR; default artifacts",
    },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, serve));

/** Opens the sites and answers until it is told to stop. */
export async function serve(given: Given): Promise<number> {
  const port = portOf(given);
  const root = artifactsDirOf(given);
  const log = createLog(command.name, standardError(given.env("NO_COLOR") !== undefined));
  const names = await listSites(root);
  const sites = await openSites(root, names, given.flags.site as string | undefined, log);
  const histories = names.filter((name) =>
    given.flags.site === undefined || name === given.flags.site
  )
    .map((name): [string, ReturnType<typeof sitePaths>] => [name, sitePaths(root, name)]);
  const app = createApp(sites, histories, log);
  const server = listen(port, app.fetch);
  // a result, and so on standard output: whoever started this may want to read it
  console.log(`http://127.0.0.1:${server.addr.port}/`);
  log.info("Ctrl-C ends it");
  const stop = () => void server.shutdown();
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
  await server.finished;
  for (const data of sites.values()) data.close();
  return 0;
}

function portOf({ flags }: Given): number {
  const text = (flags.port as string | undefined) ?? String(PORT);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65535) return port;
  throw new UsageError(`--port is ${JSON.stringify(text)}, wanted is a number from 0 to 65535`);
}

async function openSites(
  root: string,
  names: string[],
  wanted: string | undefined,
  log: Log,
): Promise<Map<string, SiteData>> {
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new UsageError(
      `no site ${JSON.stringify(wanted)} in ${root}: there is ${names.join(", ") || "none"}`,
    );
  }
  const sites = new Map<string, SiteData>();
  for (const name of wanted === undefined ? names : [wanted]) {
    const paths = sitePaths(root, name);
    const snapshot = await newestSnapshot(paths, "final");
    if (snapshot === undefined) continue;
    const started = performance.now();
    sites.set(name, await SiteData.open(paths, snapshot, log));
    const seconds = (performance.now() - started) / 1000;
    log.info(`${name}: opened ${snapshot.name} in ${formatSeconds(seconds)}`);
  }
  if (sites.size > 0) return sites;
  throw new StageError(
    `no snapshot of "final" ${wanted === undefined ? "of any site" : `for site "${wanted}"`} ` +
      `in ${root}: run "deno task 09_build_final" first`,
  );
}

function listen(port: number, handler: (request: Request) => Response | Promise<Response>) {
  try {
    return Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, handler);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new StageError(`port ${port} is in use: name another with --port`);
  }
}
