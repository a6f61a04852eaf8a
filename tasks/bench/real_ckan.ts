/**
 * 01 beside ckanapi on real CKANs: the whole process of each, one after the other, in one run. The
 * CKANs are those of the list that the variable REAL_CKAN names (see tests/real_ckan/start.sh).
 *
 * @module
 */
import { ensureDir } from "@std/fs/ensure-dir";
import { dirname, join } from "node:path";
import { formatBytes, formatSeconds } from "../../lib/cli/progress.ts";
import { type Measured, measureProgram, measureScript, printTable } from "./measure.ts";

/** One CKAN of `sites.json`. */
export interface RealCkanSite {
  version: string;
  url: string;
  /** A token of the administrator. */
  api_key: string;
  /** The program ckanapi. */
  ckanapi: string;
}

/** The sites that the variable `REAL_CKAN` names by their list; none where it is not set. */
export function realCkanSites(): RealCkanSite[] {
  const list = Deno.env.get("REAL_CKAN");
  return list ? JSON.parse(Deno.readTextFileSync(list)) : [];
}

/** Prints the time of 01 and of ckanapi's two ways, and how many times longer each of these takes. */
export async function benchRealCkan(scratch: string): Promise<void> {
  const sites = realCkanSites();
  if (sites.length === 0) {
    console.log(
      "\nreal_ckan: skipped, REAL_CKAN names no list of CKANs (tests/real_ckan/start.sh makes one)",
    );
    return;
  }
  const rows: string[][] = [];
  for (const site of sites) rows.push(...await compare(join(scratch, site.version), site));
  printTable(
    "01 beside ckanapi on a real CKAN, whole processes",
    ["CKAN", "command", "datasets", "time", "memory", "time ÷ 01"],
    rows,
  );
}

async function compare(folder: string, site: RealCkanSite): Promise<string[][]> {
  await ensureDir(folder);
  const config = join(folder, "real.toml");
  await Deno.writeTextFile(
    config,
    `[site]\nshort_name = "real"\npackage_search_endpoint_url = "${site.url}/api/3/action/package_search"\n`,
  );
  const artifacts = ["--config-file", config, "--artifacts-dir", join(folder, "artifacts")];
  const ours = await measureScript("tasks/01_download_datasets.ts", [...artifacts, "--force"]);
  const search = join(folder, "search.jsonl");
  const searched = await measureProgram(
    site.ckanapi,
    ["search", "datasets", "-r", site.url, "-O", search],
  );
  const dump = join(folder, "dump.jsonl");
  // its workers are started by their name
  const path = { PATH: `${dirname(site.ckanapi)}:${Deno.env.get("PATH")}` };
  const dumped = await measureProgram(
    site.ckanapi,
    ["dump", "datasets", "--all", "-p", "4", "-q", "-r", site.url, "-O", dump],
    path,
  );
  const harvested = /([\d,]+) datasets/.exec(ours.stderr)?.[1] ?? "?";
  const row = (command: string, datasets: string, measured: Measured) => {
    if (measured.exit !== 0) {
      throw new Error(`"${command}" ended with ${measured.exit}: ${measured.stderr.trim()}`);
    }
    return [
      site.version,
      command,
      datasets,
      formatSeconds(measured.seconds),
      measured.peakBytes === 0 ? "" : formatBytes(measured.peakBytes),
      `${(measured.seconds / ours.seconds).toFixed(1)}×`,
    ];
  };
  return [
    row("01_download_datasets", harvested, ours),
    row("ckanapi search datasets", await countLines(search), searched),
    row("ckanapi dump datasets -p 4", await countLines(dump), dumped),
  ];
}

async function countLines(file: string): Promise<string> {
  const text = await Deno.readTextFile(file);
  return String(text.split("\n").filter((line) => line !== "").length);
}
