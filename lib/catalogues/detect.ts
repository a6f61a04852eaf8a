/**
 * Finds out what kind of catalogue a portal has and where, by asking the addresses that are usual.
 *
 * @module
 */
import { parseJson } from "../http/response.ts";
import { type Config, parseConfig } from "../pipeline/config.ts";
import type { Environment } from "../cli/environment.ts";
import { messageOf, StageError } from "../cli/errors.ts";
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  TransientFailure,
} from "../http/failures.ts";
import type { Effects } from "../http/client.ts";
import { CkanPortal } from "./ckan/portal.ts";
import { assertStillCkan, catalogueClient } from "./client.ts";
import { LISTS } from "./dcat/records.ts";
import { type Fields, fieldsOf, textOf } from "./dcat/json_values.ts";
import { RecordCutter } from "./json_bytes.ts";

/** What was found. */
export interface FoundCatalogue {
  api: "ckan" | "dcat_us";
  endpoint: string;
  count: number;
  /** What the portal calls itself. */
  title?: string;
  /** Of CKAN, where it says so. */
  version?: string;
  /** Datasets of its largest page, where it gives fewer than were requested. */
  clamp?: number;
  /** Whether pages can begin behind an id, and whether ranges of ids can be read side by side. */
  isKeyset?: boolean;
  hasRanges?: boolean;
}

/** What a harvest asks for by default. */
const WANTED_ROWS = 1000;
/** Where CKAN was seen to answer below a host: dati.gov.it, open.canada.ca, avoindata.fi … */
const PREFIXES = ["", "/data", "/opendata"];
/** Catalogues that are one file; the second is the feed of ArcGIS Hub. */
const FILES = ["/data.json", "/api/feed/dcat-us/1.1.json"];
const ACTIONS = ["/api/3/action", "/api/action"];
const LARGEST_STATUS_BYTES = 1e6;

/**
 * @param address of the portal; what is left of an API's or a file's address serves as well
 * @throws {StageError} with what each address answered, where there is no catalogue
 */
export async function findCatalogue(
  address: string,
  env: Environment,
  effects: Effects,
): Promise<FoundCatalogue> {
  const given = (await finalAddress(address, effects)).replace(/[?#].*$/, "").replace(/\/+$/, "")
    .replace(/\/api(\/3)?(\/action(\/\w+)?)?$|\/data\.json$|\/api\/feed\/dcat-us\/.*$/, "");
  const { origin } = new URL(given);
  // an address copied from the browser is that of a page: the catalogue is at its origin
  const bases = [...new Set([given, ...PREFIXES.map((prefix) => `${origin}${prefix}`)])];
  const kinds: [string, typeof findCkan][] = [
    ...bases.flatMap((base) => ACTIONS.map((action) => `${base}${action}/package_search`))
      .map((endpoint): [string, typeof findCkan] => [endpoint, findCkan]),
    ...[...new Set([given, origin])].flatMap((base) => FILES.map((file) => `${base}${file}`))
      .map((endpoint): [string, typeof findCkan] => [endpoint, findDataJson]),
  ];
  const answers: string[] = [];
  for (const [endpoint, find] of kinds) {
    try {
      const config = configOf(endpoint);
      if (find === findCkan) assertStillCkan(config);
      return await find(config, env, effects);
    } catch (error) {
      if (!isAnswer(error)) throw error;
      if (find === findCkan && error instanceof FatalFailure) {
        throw new StageError(
          `"${endpoint}" answers, but wants a key (${error.message}): write its config by ` +
            "hand as configs/README.md says, with site.api_key_env",
        );
      }
      if (find === findCkan && /Search (Index |Connection )?Error/.test(error.message)) {
        throw new StageError(
          `"${endpoint}" is a CKAN portal whose search is down (${error.message}): run the same ` +
            "command again later",
        );
      }
      answers.push(`${new URL(endpoint).pathname} (${messageOf(error)})`);
    }
  }
  throw new StageError(
    `no catalogue was found below "${given}": ${answers.join(", ")}; look on the portal for the ` +
      "address of its API, and write the config by hand as configs/README.md says",
  );
}

/** Where an address leads: a config is to have the address that answers. */
async function finalAddress(address: string, { fetch, signal }: Effects): Promise<string> {
  try {
    const response = await fetch(address, { signal });
    await response.body?.cancel();
    const [from, to] = [new URL(address), new URL(response.url)];
    return from.origin === to.origin ? address : `${to.origin}${from.pathname}`;
  } catch {
    signal.throwIfAborted();
    return address;
  }
}

function isAnswer(error: unknown): error is Error {
  return error instanceof TransientFailure || error instanceof PermanentFailure ||
    error instanceof FatalFailure;
}

function configOf(endpoint: string): Config {
  const text = `[site]\nshort_name = "probe"\ntitle = ${JSON.stringify(new URL(endpoint).host)}
package_search_endpoint_url = ${JSON.stringify(endpoint)}
[download]\nattempts = 2\ntimeout_seconds = 30`;
  return parseConfig(text, "probe");
}

async function findCkan(
  config: Config,
  env: Environment,
  effects: Effects,
): Promise<FoundCatalogue> {
  const portal = new CkanPortal(config, env, effects);
  const { count } = await portal.state();
  const { endpoint } = portal;
  const { title, version } = await statusOf(portal);
  const paging = await portal.probe();
  const page = await portal.search({ sort: "id asc", rows: WANTED_ROWS, start: 0 });
  const came = page.ids.length;
  const clamp = came < Math.min(WANTED_ROWS, count) ? { clamp: came } : {};
  return {
    api: "ckan",
    endpoint,
    count,
    ...(title === null ? {} : { title }),
    ...(version === null ? {} : { version }),
    ...clamp,
    ...paging,
  };
}

/** What the portal says of itself; some do not let everybody ask. */
async function statusOf(portal: CkanPortal): Promise<Record<"title" | "version", string | null>> {
  const url = portal.endpoint.replace(/package_search$/, "status_show");
  try {
    const answer = await portal.http.requestBytes(url, (response, bytes) => {
      if (response.status !== 200) throw new PermanentFailure(`HTTP ${response.status}`);
      return jsonOf(bytes);
    }, LARGEST_STATUS_BYTES);
    const { site_title, ckan_version } = fieldsOf(answer.result);
    return { title: textOf(site_title), version: textOf(ckan_version) };
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return { title: null, version: null };
  }
}

function jsonOf(bytes: Uint8Array): Fields {
  try {
    return fieldsOf(parseJson(new TextDecoder().decode(bytes)));
  } catch {
    throw new PermanentFailure("no JSON");
  }
}

async function findDataJson(
  config: Config,
  env: Environment,
  effects: Effects,
): Promise<FoundCatalogue> {
  const endpoint = config.site.package_search_endpoint_url;
  const client = catalogueClient(config, env, effects, "authorization");
  return await client.request(endpoint, async (response) => {
    if (response.status !== 200) throw failureOfStatus(response, effects.now());
    const cutter = new RecordCutter(LISTS.dcat_us);
    let count = 0;
    try {
      for await (const piece of response.body ?? []) count += cutter.push(piece).length;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new PermanentFailure(error.message);
    }
    if (!cutter.isWhole) throw new TransientFailure("the file ends too early");
    if (!cutter.hasList) throw new PermanentFailure(`no list "${LISTS.dcat_us}"`);
    return { api: "dcat_us", endpoint, count };
  }, { limits: { bytes: 20e9, seconds: 3600 } });
}
