/**
 * A site's config: its keys, their defaults, and every fault of a file at once.
 *
 * @module
 */
import { parse } from "smol-toml";
import { z } from "zod";
import { UsageError } from "../cli/errors.ts";
import type { Given, Option } from "../cli/flags.ts";
import { faultsOf, shown } from "../storage/validation.ts";

/** The code searches there are; stage 05 writes what each found to a snapshot `<backend>_api`. */
export const SEARCH_BACKENDS = ["sourcegraph", "zoekt", "github", "local", "corpus"] as const;

const withoutCredentials = "an address without user name and password: a key is named by " +
  "site.api_key_env, as the environment variable that holds it";
const webAddress = z.string("an http(s) URL").refine(isWebAddress, "an http(s) URL")
  .refine(hasNoCredentials, withoutCredentials);
const addressOfHosts = z.string("an http(s) URL").refine(
  (address) => isWebAddress(address.replaceAll("{host}", "host")),
  "an http(s) URL, in which {host} is replaced by a repository's host",
).refine(hasNoCredentials, withoutCredentials);
const headers = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/),
  z.string().regex(/^[\x20-\x7e]*$/),
).refine(
  (given) => !Object.keys(given).some((name) => SECRET_HEADER.test(name)),
  "headers without secrets: a key is named by site.api_key_env",
);
const count = z.int().min(1);
/** Names that folders of the artifacts directory and pages of the explorer have already. */
const RESERVED_NAMES = ["read_only", "static", "runs", "compare", "corpora"];
const SHORT_NAME = "a name of a-z, 0-9 and _ of at most 60 characters";
const shortName = z.string(SHORT_NAME).regex(/^[a-z0-9_]{1,60}$/, SHORT_NAME).refine(
  (name) => !RESERVED_NAMES.includes(name),
  `another name than ${RESERVED_NAMES.join(", ")}`,
);
/** How the variables that hold a portal's key begin: the tasks may read no others (deno.json). */
export const SITE_KEY_VARIABLES = ["CKAN", "DATA_GOV", "PORTAL"];
const KEY_VARIABLE = new RegExp(`^(${SITE_KEY_VARIABLES.join("|")})_([A-Z0-9_]+_)?API_KEY$`);
const keyVariable = z.string().regex(
  KEY_VARIABLE,
  "CKAN_API_KEY, DATA_GOV_API_KEY or a name such as PORTAL_ZURICH_API_KEY",
);
const host = z.string().regex(/^[a-z0-9.-]+(:\d+)?$/i, "a host name without scheme or path");

const owner = z.string().regex(
  /^[a-z0-9.-]+(\/[^\s/]+)+$/i,
  'an owner of repositories, such as "github.com/opendata-swiss"',
);
/** Headers that would put a secret into the config, and from there into manifests. */
const SECRET_HEADER = /^(proxy-)?authorization$|^cookie$|key|token|secret/i;

/** The shape of `configs/<site>.toml`, with every default. Keys are the file's own. */
const schema = z.strictObject({
  site: z.strictObject({
    short_name: shortName,
    title: z.string().min(1).optional(),
    api: z.enum(["ckan", "dcat_us", "data_gov"]).default("ckan"),
    package_search_endpoint_url: webAddress,
    api_key_env: keyVariable.optional(),
    portal_hosts: z.array(host).min(1).optional(),
    host_aliases: z.record(host, host).default({}),
    own_owners: z.array(owner).default([]),
    include_private: z.boolean().default(false),
    languages: z.array(z.string().regex(/^[A-Za-z]{2,3}([-_]\w+)*$/, "a language, such as de"))
      .default([]),
    headers: headers.default({}),
  }),
  download: z.strictObject({
    page_size: count.default(1000),
    concurrency: count.max(16).default(2),
    requests_per_second: z.number().positive().default(5),
    timeout_seconds: z.number().positive().default(60),
    attempts: count.default(8),
    full_harvest_every: count.default(30),
  }).prefault({}),
  code_search: z.strictObject({
    backend: z.enum(SEARCH_BACKENDS).default("sourcegraph"),
    endpoint_url: z.string().min(1).default("https://sourcegraph.com"),
    formats: z.array(z.string()).default([]),
    concurrency: count.max(16).default(2),
    requests_per_second: z.number().positive().default(1),
    timeout_seconds: z.number().positive().default(90),
    attempts: count.default(8),
    whole_files: z.boolean().default(true),
  }).prefault({}),
  repositories: z.strictObject({
    github_api_url: webAddress.default("https://api.github.com"),
    gitlab_api_url: addressOfHosts.default("https://{host}/api/v4"),
    gitlab_hosts: z.array(host).default([]),
    bitbucket_api_url: webAddress.default("https://api.bitbucket.org/2.0"),
  }).prefault({}),
  dependents: z.strictObject({
    packages_api_url: webAddress.default("https://packages.ecosyste.ms/api/v1"),
  }).prefault({}),
  backup: z.strictObject({
    api_endpoint: z.union([z.literal(""), webAddress]).default(""),
  }).prefault({}),
});

type Parsed = z.infer<typeof schema>;

/** A site's config, whole: every table and key is there, defaults filled in. */
export type Config = Parsed & {
  site: Parsed["site"] & { title: string; portal_hosts: string[] };
};

/**
 * Reads and checks one config file.
 * @throws {UsageError} with one line per fault: the key, the value found and what is wanted.
 */
export async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
      throw new UsageError(
        `no config file "${file}": name one of configs/ with --config-file FILE`,
      );
    }
    throw error;
  }
  return parseConfig(text, file);
}

/** The flags of a command about one site or all. */
export const SITE_CHOICE: Option[] = [
  { name: "site", value: "NAME", help: "only this site; default all" },
  { name: "config-file", value: "FILE", help: "only the site of this config; or CONFIG_PATH" },
];

/**
 * The one site that `--site`, `--config-file` or CONFIG_PATH name; undefined for all.
 * @throws {UsageError} where two of them name different sites.
 */
export async function chosenSite({ flags, env }: Given): Promise<string | undefined> {
  const name = flags.site as string | undefined;
  const flag = flags["config-file"] as string | undefined;
  const file = flag ?? (name === undefined ? env("CONFIG_PATH") : undefined);
  if (!file) return name;
  const { short_name } = (await readConfig(file)).site;
  if (name === undefined || name === short_name) return short_name;
  throw new UsageError(
    `--site "${name}" and --config-file "${file}" name different sites: give one`,
  );
}

/** Checks the text of a config; `file` only is in the error sentences. */
export function parseConfig(text: string, file: string): Config {
  const { data, tables, faults } = checkToml(schema, text, file);
  const search = (tables as { code_search?: { backend?: unknown; endpoint_url?: unknown } })
    .code_search;
  const address = search?.endpoint_url;
  if (
    search?.backend !== "local" && search?.backend !== "corpus" && typeof address === "string"
  ) {
    const expected = !isWebAddress(address)
      ? "an http(s) URL"
      : hasNoCredentials(address)
      ? undefined
      : withoutCredentials;
    if (expected !== undefined) {
      faults.push(`code_search.endpoint_url is ${shown(address)}, expected ${expected}`);
    }
  }
  const { include_private, api_key_env } = data?.site ?? {};
  if (include_private === true && api_key_env === undefined) {
    faults.push("site.include_private is true, which needs site.api_key_env");
  }
  if (data === undefined || faults.length > 0) {
    throw new UsageError(...faults.map((fault) => `config "${file}": ${fault}`));
  }
  const { site } = data;
  return {
    ...data,
    site: {
      ...site,
      title: site.title ?? site.short_name,
      portal_hosts: site.portal_hosts?.map((name) => name.toLowerCase()) ??
        defaultPortalHosts(site.package_search_endpoint_url),
    },
  };
}

/**
 * Parses TOML and checks it against a schema: each fault is the key, the value found and what is
 * expected.
 * @throws {UsageError} where the text is not TOML.
 */
export function checkToml<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
): { data: z.output<Schema> | undefined; tables: unknown; faults: string[] } {
  let tables: unknown;
  try {
    // smol-toml gives objects without a prototype, which zod takes for no plain object
    tables = JSON.parse(JSON.stringify(parse(text)));
  } catch (error) {
    throw new UsageError(`config "${file}" is not valid TOML: ${String(error).split("\n")[0]}`);
  }
  const result = schema.safeParse(tables);
  if (result.success) return { data: result.data, tables, faults: [] };
  const faults = result.error.issues.flatMap((issue) =>
    faultsOf(issue, tables, "unknown key, see configs/README.md")
  );
  return { data: undefined, tables, faults };
}

/** The endpoint's host, and the same without a leading `ckan.`, `api.`, `catalog.` or `legado.`. */
export function defaultPortalHosts(endpointUrl: string): string[] {
  const name = new URL(endpointUrl).host.toLowerCase();
  const shorter = name.replace(/^(ckan|api|catalog|legado)\./, "");
  return shorter === name ? [name] : [name, shorter];
}

/** Whether a text is an http(s) address with a host. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]+/.test(text) && URL.canParse(text);
}

function hasNoCredentials(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}
