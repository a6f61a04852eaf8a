/**
 * DCAT-US records in the shape of CKAN's packages, so that the same tables take both. Nothing is made
 * up: what DCAT-US does not have (state, type, who created it) stays NULL.
 *
 * @module
 */

import type { JsonFaults } from "../mend_json.ts";
import {
  derivedId,
  type Fields,
  fieldsOf,
  firstTextOf,
  listOf,
  textOf,
  textsOf,
  wholeTextOf,
} from "./json_values.ts";

/** A dataset as `package_search` would give it. */
export type Package = Fields & { id: string };

/** What a catalogue says of a dataset beside its DCAT-US record. */
export interface Beside {
  id: string;
  name?: string | null;
  /** In the shape of CKAN; otherwise it is made of the publisher. */
  organization?: Fields;
  extras?: Fields;
}

/** Members of a record that have a column, or a table, of their own; all others become extras. */
const PLACED = new Set([
  "@type",
  "title",
  "description",
  "keyword",
  "theme",
  "publisher",
  "distribution",
  "landingPage",
  "license",
  "modified",
  "issued",
  "contactPoint",
]);

/**
 * The id of a record: its `identifier`. Where it has none, a UUID of version 5 made of its landing
 * page, or else of publisher and title, or else of its whole text: stable for as long as those are.
 */
export function idOfRecord(record: Fields): { id: string; isDerived: boolean } {
  const given = textOf(record.identifier)?.trim();
  if (given) return { id: given, isDerived: false };
  const page = textOf(record.landingPage);
  if (page !== null) return { id: derivedId("landingPage", page), isDerived: true };
  const title = textOf(record.title);
  const id = title === null
    ? derivedId("record", JSON.stringify(record))
    : derivedId("title", textOf(record.publisher) ?? "", title);
  return { id, isDerived: true };
}

/**
 * The package of a record.
 * @param faults counts distributions of a shape that is not read
 */
export function packageOf(
  record: Fields,
  beside: Beside,
  faults: JsonFaults = new Map(),
): Package {
  const { id, name = null, extras = {} } = beside;
  const organization = beside.organization ?? organizationOf(record.publisher);
  const contact = fieldsOf(listOf(record.contactPoint)[0]);
  const license = textOf(record.license);
  const tags = [...new Set(textsOf(record.keyword, true))];
  const resources = resourcesOf(record, id, faults);
  return {
    id,
    name,
    title: textOf(record.title),
    notes: textOf(record.description),
    url: textOf(record.landingPage),
    maintainer: textOf(contact.fn),
    maintainer_email: textOf(contact.hasEmail)?.replace(/^mailto:/i, "") ?? null,
    license_id: license,
    license_title: license,
    license_url: license !== null && /^https?:/i.test(license) ? license : null,
    metadata_created: textOf(record.issued),
    metadata_modified: textOf(record.modified),
    num_resources: resources.length,
    num_tags: tags.length,
    owner_org: organization?.id ?? null,
    organization,
    resources,
    tags: tags.map((tag) => ({ name: tag, display_name: tag })),
    groups: [...new Set(textsOf(record.theme))].map((theme) => ({
      name: slugOf(theme),
      title: theme,
      display_name: theme,
    })),
    extras: Object.entries({
      ...Object.fromEntries(Object.entries(record).filter(([key]) => !PLACED.has(key))),
      ...extras,
    })
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => ({ key, value: wholeTextOf(value) })),
  };
}

/**
 * A resource for each address of a distribution: the download, and the page or API that gives access
 * where that is another one. A distribution without either stays, without a URL.
 */
function resourcesOf(record: Fields, datasetId: string, faults: JsonFaults): Fields[] {
  const resources: Fields[] = [];
  const met = new Map<string, number>();
  for (const item of distributionsOf(record, faults)) {
    const download = textOf(item.downloadURL);
    const access = textOf(item.accessURL);
    const places: [string | null, string | null][] = [];
    if (download !== null) places.push([download, "download"]);
    if (access !== null && access !== download) places.push([access, "access"]);
    if (places.length === 0) places.push([null, null]);
    for (const [url, type] of places) {
      const key = url ?? `without URL: ${JSON.stringify(item)}`;
      const before = met.get(key) ?? 0;
      met.set(key, before + 1);
      resources.push({
        // of the URL and not of the position: an id survives its neighbours
        id: derivedId(datasetId, key, ...(before === 0 ? [] : [String(before)])),
        package_id: datasetId,
        position: resources.length,
        name: textOf(item.title),
        description: textOf(item.description),
        format: textOf(item.format) ?? textOf(item.mediaType),
        mimetype: textOf(item.mediaType),
        size: item.byteSize ?? null,
        created: textOf(item.issued),
        last_modified: textOf(item.modified),
        resource_type: type,
        url,
      });
    }
  }
  return resources;
}

const DISTRIBUTION_MEMBERS = ["downloadURL", "accessURL", "title", "format", "mediaType", "@type"];
/** Where DCAT-US 1.0 has the addresses of a dataset: on the dataset itself. */
const OWN_ADDRESSES = ["downloadURL", "accessURL", "webService"];

/**
 * The distributions of a record: a list, one object, an object by number, addresses alone, JSON in a
 * text; and what DCAT-US 1.0 has on the dataset itself.
 */
function distributionsOf(record: Fields, faults: JsonFaults): Fields[] {
  const items: Fields[] = [];
  const add = (value: unknown, depth = 0): void => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) return value.forEach((element) => add(element, depth));
    if (typeof value === "object") {
      const item = value as Fields;
      const isOne = DISTRIBUTION_MEMBERS.some((name) => name in item);
      const inner = Object.values(item);
      const isKeyed = !isOne && inner.length > 0 &&
        inner.every((it) => it !== null && typeof it === "object");
      if (isKeyed && depth < 2) return inner.forEach((element) => add(element, depth + 1));
      items.push(item);
      return;
    }
    if (typeof value === "string" && /^\s*https?:\/\//i.test(value)) {
      items.push({ accessURL: value.trim() });
    } else if (typeof value === "string" && /^\s*[[{]/.test(value) && depth < 2) {
      try {
        add(JSON.parse(value), depth + 1);
      } catch {
        countFault(faults, 'text where "distribution" has an object, left out');
      }
    } else if (value !== "") {
      countFault(faults, `${typeof value} where "distribution" has an object, left out`);
    }
  };
  add(record.distribution);
  const known = new Set(
    items.flatMap((item) => [textOf(item.downloadURL), textOf(item.accessURL)]),
  );
  for (const name of OWN_ADDRESSES) {
    for (const url of textsOf(record[name])) {
      if (known.has(url)) continue;
      known.add(url);
      const member = name === "downloadURL" ? "downloadURL" : "accessURL";
      const format = name === "webService" ? {} : { format: record.format };
      items.push({ [member]: url, ...format });
    }
  }
  return items;
}

function countFault(faults: JsonFaults, fault: string): void {
  faults.set(fault, (faults.get(fault) ?? 0) + 1);
}

/** Publishers are nested (`subOrganizationOf`); no chain is longer than this. */
const LONGEST_CHAIN = 20;

/** The publisher as an organization: its id is made of its name and the names of those above it. */
function organizationOf(publisher: unknown): Fields | null {
  const chain: string[] = [];
  let level: unknown = listOf(publisher)[0];
  while (level !== undefined && chain.length < LONGEST_CHAIN) {
    const name = textOf(level);
    if (name === null) break;
    chain.push(name.trim());
    level = listOf(fieldsOf(level).subOrganizationOf)[0];
  }
  const [name, ...above] = chain;
  if (name === undefined) return null;
  return {
    id: derivedId("organization", ...chain),
    name: slugOf(firstTextOf(name) ?? name),
    title: name,
    description: above.length === 0 ? null : `Part of ${above.join(", part of ")}`,
    is_organization: true,
  };
}

/** `Centers for Disease Control` → `centers-for-disease-control`, as it is in addresses. */
function slugOf(name: string): string {
  return name.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
