import { join } from "node:path";
import { listNames, sitePaths } from "../../lib/storage/paths.ts";
import { type Config, readConfig } from "../../lib/pipeline/config.ts";
import { messageOf, UsageError } from "../../lib/cli/errors.ts";
import { artifactsDirOf, type Given } from "../../lib/cli/flags.ts";
import { tellSites } from "./sites_summary.ts";

/** The pipeline for every config of a folder, one site after another. */

/** How a site's pipeline ended. */
export interface SiteEnd {
  /** The config, and the site that it names where it can be read. */
  file: string;
  site?: string;
  /** Undefined where it was not run any more. */
  exit?: number;
  started: Date;
  seconds: number;
  /** Why the config cannot be used. */
  faults?: string[];
}

/** A signal ends a process with a status from here on. */
const SIGNALS_FROM = 128;

/**
 * Runs every config of a folder through `runSite`. One that fails, or whose config is wrong, does
 * not stop the others; a signal does. Gives 1 where one failed, else 3 where one is incomplete,
 * else 0; 2 where no config at all can be used.
 */
export async function runAllSites(
  folder: string,
  given: Given,
  runSite: (given: Given) => Promise<number>,
): Promise<number> {
  const ends: SiteEnd[] = [];
  const sites = await readSites(folder);
  for (const [index, { file, config, faults }] of sites.entries()) {
    const started = new Date();
    const end: SiteEnd = { file, site: config?.site.short_name, faults, started, seconds: 0 };
    ends.push(end);
    if (ends.some(({ exit = 0 }) => exit >= SIGNALS_FROM)) continue;
    const time = started.toISOString().slice(0, 16).replace("T", " ");
    given.stderr(
      `\n== ${index + 1} of ${sites.length}: ${end.site ?? file} · ${file} · ${time} UTC ==\n\n`,
    );
    if (faults !== undefined) {
      end.exit = 2;
      for (const fault of faults) given.stderr(`Cannot run the pipeline: ${fault}\n`);
      continue;
    }
    end.exit = await runSite({ ...given, flags: { ...given.flags, "config-file": file } });
    end.seconds = (Date.now() - started.getTime()) / 1000;
  }
  await tellSites(ends, given.flags, (site) => sitePaths(artifactsDirOf(given), site));
  return exitOf(ends);
}

interface SiteConfig {
  file: string;
  config?: Config;
  faults?: string[];
}

async function readSites(folder: string): Promise<SiteConfig[]> {
  const names = await listNames(folder, (it) => !it.isDirectory && it.name.endsWith(".toml"));
  if (names.length === 0) {
    throw new UsageError(`--all "${folder}" holds no config: name a folder with .toml files`);
  }
  const sites: SiteConfig[] = [];
  for (const name of names) {
    const file = join(folder, name);
    try {
      const config = await readConfig(file);
      const { short_name } = config.site;
      const other = sites.find((it) => it.config?.site.short_name === short_name);
      sites.push(
        other === undefined ? { file, config } : {
          file,
          faults: [`${file}: site.short_name is "${short_name}", which ${other.file} has already`],
        },
      );
    } catch (error) {
      // whatever is wrong with one file, the others can be run
      sites.push({ file, faults: error instanceof UsageError ? error.faults : [messageOf(error)] });
    }
  }
  return sites;
}

function exitOf(ends: SiteEnd[]): number {
  const signal = ends.find(({ exit = 0 }) => exit >= SIGNALS_FROM);
  if (signal !== undefined) return signal.exit!;
  if (ends.every(({ faults }) => faults !== undefined)) return 2;
  if (ends.some(({ exit }) => exit === 1 || exit === 2)) return 1;
  return ends.some(({ exit }) => exit === 3) ? 3 : 0;
}
