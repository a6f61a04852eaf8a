/** One resource of a package of Port Aurelia, with what real resources have and lack. */

import { FORMATS } from "./vocabulary.ts";
import type { Address } from "./urls.ts";
import type { Random } from "../random.ts";

/** A CKAN resource dict; undefined values are absent keys. */
export interface DemoResource {
  id: string;
  package_id: string;
  name: string | null;
  url: string;
  format: string;
  [key: string]: unknown;
}

/** What a resource is made from; `index` is its package's. */
export interface ResourceParts {
  readonly id: string;
  readonly packageId: string;
  readonly position: number;
  readonly index: number;
  readonly address: Address;
  readonly modified: string;
  readonly random: Random;
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  geojson: "application/geo+json",
  pdf: "application/pdf",
  xml: "application/xml",
  zip: "application/zip",
};

const SPELLINGS = new Map<string, string[]>();
for (const [spelling, ending] of FORMATS) {
  SPELLINGS.set(ending, [...(SPELLINGS.get(ending) ?? []), spelling]);
}

function sizeOf(random: Random): unknown {
  const bytes = Math.floor(10 ** (2 + 6 * random.unit()));
  switch (random.below(12)) {
    case 0:
      return String(bytes);
    case 1:
      return `${bytes} octets`;
    case 2:
      return "";
    case 3:
      return 10004794304;
    case 4:
    case 5:
    case 6:
      return bytes;
    default:
      return null;
  }
}

/** The resource dict; keys come and go as on real portals, so no page shows them all. */
export function demoResource(parts: ResourceParts): DemoResource {
  const { address, random, index, position, modified } = parts;
  const spellings = SPELLINGS.get(address.ending) ?? [""];
  const isUpload = address.url.includes("/download/");
  const file = address.url.split("/").at(-1) ?? "";
  const turn = index + position;
  return {
    cache_last_updated: null,
    cache_url: null,
    created: modified.replace(/^20\d\d/, "2018"),
    datastore_active: turn % 2 === 0 ? isUpload && address.ending === "csv" : undefined,
    description: turn % 14 === 3
      ? " Columns as in the legend.\u00a0"
      : random.pick(["", "", "One row per place and year.", null]),
    format: turn % 33 === 12 ? "" : random.pick(spellings),
    hash: isUpload ? random.text(32) : "",
    id: parts.id,
    last_modified: random.pick([modified, null, "", "2017-05-01 00:00:00", "22.09.2004"]),
    metadata_modified: turn % 4 === 0 ? undefined : modified,
    mimetype: MIME_TYPES[address.ending] ?? null,
    mimetype_inner: turn % 26 === 5 ? "null" : null,
    name: turn % 25 === 6 ? null : (turn % 16 === 7 ? `${file} ` : file),
    package_id: parts.packageId,
    position,
    resource_type: turn % 26 === 5 ? "null" : null,
    size: index % 86 === 9 ? 9007199254740995n : sizeOf(random),
    state: "active",
    url: index % 80 === 21 && position === 0 ? ` ${address.url} ` : address.url,
    url_type: isUpload ? "upload" : null,
    qa: turn % 15 === 2
      ? { openness_score: 3, openness_score_reason: 'Content of file appeared to be format "CSV"' }
      : undefined,
  };
}
