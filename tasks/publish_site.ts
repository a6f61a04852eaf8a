/**
 * Writes the explorer of one site as static files, for any host and any path.
 *
 * Reads: newest snapshot final of the site and the one before
 * Writes: the folder of --out, replaced as a whole; a summary on standard output
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { exists } from "@std/fs/exists";
import { runCommand } from "../lib/cli/command.ts";
import { StageError, UsageError } from "../lib/cli/errors.ts";
import { artifactsDirOf, type Command, configFileOf, type Given } from "../lib/cli/flags.ts";
import { createLog, formatBytes, formatCount, standardError } from "../lib/cli/progress.ts";
import { publishSite } from "../lib/explorer/publish/publish.ts";
import { filterRows, readRows } from "../lib/explorer/list_query.ts";
import { MENTIONS } from "../lib/explorer/lists.ts";
import { readFigures } from "../lib/explorer/pages/home.ts";
import { SiteData } from "../lib/explorer/site_data.ts";
import { rowReader } from "../lib/explorer/view.ts";
import { singleLine } from "../lib/web/html.ts";
import { plural } from "../lib/web/labels.ts";
import { readConfig } from "../lib/pipeline/config.ts";
import { sitePaths } from "../lib/storage/paths.ts";
import { newestSnapshot } from "../lib/storage/snapshots.ts";

/** The file by which a published site is known, so that no other folder is ever replaced. */
const MARKER = "site.json";
/** Mentions that the summary lists. */
const LISTED = 20;

/** The command and its flags. */
export const command: Command = {
  name: "publish_site",
  action: "publish the site",
  description: "Write the explorer as static files, for any host and any path",
  options: [
    { name: "out", value: "DIR", help: "the folder to write; an earlier site in it is replaced" },
    {
      name: "base-url",
      value: "URL",
      help: "where the site will be; for its sitemap, feeds and previews",
    },
    { name: "config-file", value: "FILE", help: "the site's config; or CONFIG_PATH" },
    {
      name: "artifacts-dir",
      value: "DIR",
      help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
    },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, publish));

/** Builds the site beside the folder, and then puts it in place. */
export async function publish(given: Given): Promise<number> {
  const { out, "base-url": baseUrl } = given.flags as { out?: string; "base-url"?: string };
  if (out === undefined) throw new UsageError("--out is missing: the folder to write, e.g. site");
  const base = readBaseUrl(baseUrl);
  const folder = resolve(out);
  await refuseOtherContent(folder);
  const { site } = await readConfig(configFileOf(given));
  const paths = sitePaths(artifactsDirOf(given), site.short_name);
  const log = createLog(command.name, standardError(given.env("NO_COLOR") !== undefined));
  const snapshot = await newestSnapshot(paths, "final");
  if (snapshot === undefined) {
    throw new StageError(
      `no snapshot of "final" for site "${site.short_name}" in ${paths.snapshots}: ` +
        `run "deno task 09_build_final" first`,
    );
  }
  const building = join(dirname(folder), `.building_${basename(folder)}`);
  await remove(building);
  await ensureDir(building);
  log.info(`Opening ${snapshot.name}`);
  const data = await SiteData.open(paths, snapshot, log);
  try {
    const { files, bytes, largest, shared } = await publishSite(data, building, base, log);
    await putInPlace(building, folder);
    // on standard output, because it is the result: Markdown for a mail or the summary of a workflow
    console.log(await summaryOf(data, base));
    log.info(
      `${formatCount(files)} files, ${formatBytes(bytes)} → ${folder}; the largest is ` +
        `${largest.path} with ${formatBytes(largest.bytes)}`,
    );
    if (shared > 0) {
      log.info(
        `${formatCount(shared)} datasets and repositories have no page of their own: ` +
          "their details need JavaScript",
      );
    }
    for (const reason of snapshot.manifest.reasons.slice(0, 5)) log.warn(`incomplete: ${reason}`);
    return snapshot.manifest.complete ? 0 : 3;
  } finally {
    data.close();
    await remove(building);
  }
}

async function summaryOf(data: SiteData, base: string | undefined): Promise<string> {
  const figures = await readFigures(data);
  const get = (name: string) => figures[name] ?? 0;
  const lines = [
    `## Who uses the data of ${code(data.title)}`,
    "",
    `As of ${data.snapshot.manifest.created_at.slice(0, 10)}, public code mentions ${
      formatCount(get("mentioned_datasets"))
    } of ${plural(get("datasets"), "dataset")}, in ${plural(get("repositories"), "repository")}.`,
  ];
  const { complete, reasons } = data.snapshot.manifest;
  if (!complete) {
    lines.push("", "Known to be incomplete:", ...reasons.slice(0, 5).map((it) => `- ${code(it)}`));
  }
  if (data.previous !== undefined) {
    const rows = filterRows(data, MENTIONS, { is_new: "yes", counted_as: "original" })!;
    lines.push(
      "",
      `${plural(rows.length, "new mention")} since ${data.previous.createdAt.slice(0, 10)}${
        rows.length === 0 ? "." : ":"
      }`,
    );
    const read = rowReader(data.rows.bind(data));
    const shown = rows.subarray(0, LISTED);
    for (const row of await readRows(data, MENTIONS, shown, MENTIONS.columns!, read)) {
      const { repository, path, dataset } = row as Record<string, string>;
      lines.push(`- ${code(`${repository}/${path}`)} mentions ${code(dataset ?? "")}`);
    }
    if (rows.length > LISTED) lines.push(`- and ${formatCount(rows.length - LISTED)} more`);
  }
  if (base !== undefined) lines.push("", `[Open the site](${base})`);
  return lines.join("\n");
}

/** Text of others as code, so that Markdown finds nothing in it. */
function code(text: string): string {
  return `\`${singleLine(text).replaceAll("`", "'").slice(0, 200)}\``;
}

function readBaseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError(`--base-url is ${JSON.stringify(text)}: expected an http(s) URL`);
  }
  const url = new URL(text);
  if (url.search !== "" || url.hash !== "") {
    throw new UsageError(`--base-url is ${JSON.stringify(text)}: expected no "?" and no "#"`);
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

async function refuseOtherContent(folder: string): Promise<void> {
  if (!await exists(folder)) return;
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
  if (names.length === 0) return;
  const marker = await Deno.readTextFile(join(folder, MARKER)).catch(() => "");
  if (marker.includes(`"generator":"publish_site"`)) return;
  throw new UsageError(
    `"${folder}" has other files, and would be replaced: choose an empty or a new folder with --out`,
  );
}

async function putInPlace(building: string, folder: string): Promise<void> {
  const old = join(dirname(folder), `.old_${basename(folder)}`);
  await remove(old);
  if (await exists(folder)) await Deno.rename(folder, old);
  await Deno.rename(building, folder);
  await remove(old);
}

async function remove(folder: string): Promise<void> {
  if (await exists(folder)) await Deno.remove(folder, { recursive: true });
}
