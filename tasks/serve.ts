/**
 * Shows the explorer: pages on 127.0.0.1 over the newest final tables of every site.
 *
 * Reads: newest snapshot final of each site and the one before; {site}/runs.ndjson; the manifests of all
 *        snapshots
 * Writes: nothing
 * @module
 */
import { runCommand } from "../lib/cli/command.ts";
import { StageError, UsageError } from "../lib/cli/errors.ts";
import { artifactsDirOf, type Command, type Given } from "../lib/cli/flags.ts";
import { chosenSite, SITE_CHOICE } from "../lib/pipeline/config.ts";
import { createLog, formatSeconds, type Log, standardError } from "../lib/cli/progress.ts";
import { createApp } from "../lib/explorer/app.ts";
import type { SiteData } from "../lib/explorer/site_data.ts";
import { openNewest } from "../lib/explorer/sites.ts";
import { listSites, sitePaths } from "../lib/storage/paths.ts";

const PORT = 8082;
/** Answers that are not finished so long after Ctrl-C are cut off. */
const GRACE_MS = 3000;

/** The command and its flags. */
export const command: Command = {
  name: "serve",
  action: "show the explorer",
  description: "Serve the explorer, a web site of the newest final tables tables, on 127.0.0.1",
  options: [
    ...SITE_CHOICE,
    { name: "port", value: "PORT", help: `port to listen on; 0 is any free one; default ${PORT}` },
    {
      name: "artifacts-dir",
      value: "DIR",
      help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
    },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, serve));

/** Opens the sites and answers until Ctrl-C or SIGTERM; a second one ends at once. */
export async function serve(given: Given): Promise<number> {
  const port = portOf(given);
  const root = artifactsDirOf(given);
  const log = createLog(command.name, standardError(given.env("NO_COLOR") !== undefined));
  const names = await listSites(root);
  const site = await chosenSite(given);
  const sites = await openSites(root, names, site, log);
  const histories = names.filter((name) => site === undefined || name === site)
    .map((name): [string, ReturnType<typeof sitePaths>] => [name, sitePaths(root, name)]);
  const app = createApp(sites, histories, log);
  const server = listen(port, app.fetch);
  // on standard output, because it is the result that a script may read
  console.log(`http://127.0.0.1:${server.addr.port}/`);
  log.info("Press Ctrl-C to stop");
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const stopped = new Promise<void>((resolve) => {
    let isStopping = false;
    const stop = () => {
      if (isStopping) return resolve();
      isStopping = true;
      void server.shutdown().then(resolve);
      setTimeout(resolve, GRACE_MS);
    };
    for (const signal of signals) Deno.addSignalListener(signal, stop);
  });
  await Promise.race([stopped, server.finished]);
  for (const data of sites.values()) data.close();
  return 0;
}

function portOf({ flags }: Given): number {
  const text = (flags.port as string | undefined) ?? String(PORT);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65535) return port;
  throw new UsageError(`--port is ${JSON.stringify(text)}: expected a number from 0 to 65535`);
}

async function openSites(
  root: string,
  names: string[],
  wanted: string | undefined,
  log: Log,
): Promise<Map<string, SiteData>> {
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new UsageError(
      `no site ${JSON.stringify(wanted)} in ${root}: found ${names.join(", ") || "none"}`,
    );
  }
  const sites = new Map<string, SiteData>();
  for (const name of wanted === undefined ? names : [wanted]) {
    const started = performance.now();
    const data = await openNewest(sitePaths(root, name), log);
    if (data === undefined) continue;
    sites.set(name, data);
    const seconds = (performance.now() - started) / 1000;
    log.info(`${name}: opened ${data.snapshot.name} in ${formatSeconds(seconds)}`);
  }
  if (sites.size > 0) return sites;
  throw new StageError(
    `no usable snapshot of "final" ${
      wanted === undefined ? "of any site" : `for site "${wanted}"`
    } in ${root}: run "deno task 09_build_final" first`,
  );
}

function listen(port: number, handler: (request: Request) => Response | Promise<Response>) {
  try {
    return Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, handler);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new StageError(`port ${port} is in use: choose another one with --port`);
  }
}
