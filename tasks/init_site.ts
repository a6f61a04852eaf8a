// Finds out what kind of catalogue a portal has and writes its config.
// Reads: the portal
// Writes: configs/{site}.toml
import { join } from "node:path";
import { exists } from "@std/fs/exists";
import { findCatalogue, type FoundCatalogue } from "../lib/catalogues/detect.ts";
import { runCommand } from "../lib/cli/command.ts";
import { parseConfig } from "../lib/pipeline/config.ts";
import { UsageError } from "../lib/cli/errors.ts";
import type { Command, Given } from "../lib/cli/flags.ts";
import { createLog, formatCount, standardError } from "../lib/cli/progress.ts";

const command: Command = {
  name: "init_site",
  action: "make a config",
  description: "Detect what kind of catalogue a portal has, and write its config",
  argument: { name: "address", example: "https://data.example.org" },
  options: [
    { name: "name", value: "NAME", help: "the site's short name; default its host" },
    { name: "configs-dir", value: "DIR", help: "where the config goes; default configs" },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, initSite));

/** Asks the portal, says what was found and writes the config; gives the exit status. */
export async function initSite({ flags, env }: Given): Promise<number> {
  const address = addressOf(flags.address as string | undefined);
  const name = flags.name as string | undefined ?? nameOf(address);
  const file = join(flags["configs-dir"] as string | undefined ?? "configs", `${name}.toml`);
  if (!/^[a-z0-9_]+$/.test(name)) {
    throw new UsageError(`--name is "${name}", expected a name of a-z, 0-9 and _`);
  }
  if (await exists(file)) {
    throw new UsageError(`"${file}" is there already: name another with --name, or delete it`);
  }
  const log = createLog(command.name, standardError(env("NO_COLOR") !== undefined));
  log.info(`Asking ${address.host}`);
  const { signal } = new AbortController();
  const effects = {
    fetch: globalThis.fetch,
    now: () => new Date(),
    random: Math.random,
    signal,
    log,
  };
  const found = await findCatalogue(address.href, env, effects);
  const text = configText(found, name, address);
  parseConfig(text, file);
  await Deno.writeTextFile(file, text, { createNew: true });
  for (const [label, value] of facts(found)) console.log(`${label.padEnd(10)} ${value}`);
  console.log(`Wrote ${file}: deno task pipeline --config-file ${file}`);
  return 0;
}

function addressOf(given: string | undefined): URL {
  if (given === undefined) {
    throw new UsageError("no address given: name the portal, e.g. https://data.example.org");
  }
  const address = URL.canParse(given) ? given : `https://${given}`;
  if (!/^https?:\/\/[^/\s]+/.test(address) || !URL.canParse(address)) {
    throw new UsageError(
      `"${given}" is no http(s) address: name the portal, e.g. https://data.example.org`,
    );
  }
  return new URL(address);
}

/** `https://www.data.example.org` → `data_example_org`. */
function nameOf({ hostname }: URL): string {
  return hostname.replace(/^(www|ckan|api)\./, "").replace(/[^a-z0-9]+/g, "_");
}

function facts(found: FoundCatalogue): [string, string][] {
  const { api, version, count, endpoint, clamp, isKeyset, hasRanges } = found;
  if (api === "dcat_us") {
    return [["Kind", "one data.json of DCAT-US"], ["Address", endpoint], ["Size", sizeOf(count)]];
  }
  return [
    [
      "Kind",
      `CKAN ${version === undefined ? "of unknown version" : plain(version)}`,
    ],
    ["Address", endpoint],
    ["Size", sizeOf(count)],
    [
      "Pages",
      clamp === undefined
        ? "as large as requested"
        : `at most ${formatCount(clamp)} datasets, whatever is requested`,
    ],
    [
      "Id ranges",
      isKeyset
        ? hasRanges ? "work, several can be read at once" : "work with a lower bound only"
        : "do not work: it is read by offset",
    ],
  ];
}

function sizeOf(count: number): string {
  return `${formatCount(count)} datasets`;
}

function configText(found: FoundCatalogue, name: string, address: URL): string {
  const title = plain(found.title ?? "") || address.host;
  return [
    `# ${title}: made by "deno task init_site ${address.href}".`,
    "#",
    ...facts(found).map(([label, value]) => `# ${label.padEnd(10)} ${value}`),
    "",
    "[site]",
    `short_name = ${JSON.stringify(name)}`,
    `title = ${JSON.stringify(title)}`,
    ...(found.api === "ckan" ? [] : [`api = "${found.api}"`]),
    `package_search_endpoint_url = ${JSON.stringify(found.endpoint)}`,
    ...(found.clamp === undefined ? [] : ["", "[download]", `page_size = ${found.clamp}`]),
    "",
  ].join("\n");
}

/** What a portal says of itself may hold anything: one line without control characters is left. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, " ").trim().slice(0, 200).toWellFormed();
}
