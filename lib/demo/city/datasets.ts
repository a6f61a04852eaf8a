/**
 * The catalogue of Port Aurelia, an invented port city: a CKAN package for every index, made on
 * demand and always the same for the same seed. It has the oddities measured on real portals.
 * @module
 */
import { hashText, indexedUuid, Random } from "../random.ts";
import { type Address, addresses, HOME_PAGE, pickLayout } from "./urls.ts";
import {
  DISTRICTS,
  FORMATS,
  GROUPS,
  LICENSES,
  ORGANIZATIONS,
  PEOPLE,
  SUBJECTS,
} from "./vocabulary.ts";

export const DEFAULT_SEED = 20261124;

/** A CKAN package dict; keys in CKAN's order, undefined values are absent keys. */
export interface DemoDataset {
  id: string;
  name: string;
  title: string;
  url: string | null;
  owner_org: string | null;
  metadata_modified: string;
  resources: DemoResource[];
  [key: string]: unknown;
}

/** `seed` picks the city's numbers; the default is the same in demo, tests and benchmarks. */
export interface CityOptions {
  readonly seed?: number;
}

export function demoDatasetId(index: number, { seed = DEFAULT_SEED }: CityOptions = {}): string {
  return indexedUuid(seed, "dataset", index);
}

function demoResourceId(seed: number, index: number, position: number): string {
  return indexedUuid(seed, "resource", index * 256 + position);
}

/** When the dataset changed last: UTC without a zone, one in nine without microseconds. */
export function demoModified(index: number, { seed = DEFAULT_SEED }: CityOptions = {}): string {
  const random = new Random(seed, "modified", index);
  const day = Date.UTC(2019, 0, 1) + random.below(2870) * 86400000;
  const time = new Date(day + random.below(86400000)).toISOString().slice(0, 19);
  return index % 9 === 4 ? time : `${time}.${random.text(6, "0123456789")}`;
}

function slugOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/** Names are unique: the index is spread over subject, district and year, then numbered. */
function identity(seed: number, index: number) {
  const years = 13;
  const combinations = SUBJECTS.length * DISTRICTS.length * years;
  const spread = (index * 7919 + (hashText(`${seed}`) % combinations)) % combinations;
  const subjectNumber = spread % SUBJECTS.length;
  const rest = Math.floor(spread / SUBJECTS.length);
  const districtNumber = rest % DISTRICTS.length;
  const year = 2013 + Math.floor(rest / DISTRICTS.length);
  const round = Math.floor(index / combinations);
  const subject = SUBJECTS[subjectNumber] ?? SUBJECTS[0]!;
  const district = DISTRICTS[districtNumber] ?? "";
  const title = `${subject.title}, ${district} ${year}${round === 0 ? "" : `, part ${round + 1}`}`;
  return {
    subject,
    district,
    year,
    title,
    name: slugOf(title),
    organization: (subjectNumber * 7 + districtNumber) % ORGANIZATIONS.length,
  };
}

/** The publisher as it is in a package; copies of one publisher differ now and then. */
function organizationDict(seed: number, number: number, index: number) {
  const title = ORGANIZATIONS[number] ?? "";
  const edited = index % 97 === 11;
  return {
    id: indexedUuid(seed, "organization", number),
    name: slugOf(title),
    title: edited ? `${title} of Port Aurelia` : title,
    type: "organization",
    description: edited ? "" : `${title} publishes what it knows about Port Aurelia.\r\n`,
    image_url: number % 5 === 0 ? "" : `https://www.port-aurelia.example/logos/${number}.png`,
    created: `201${number % 10}-03-0${1 + number % 9}T08:15:00.${100000 + number}`,
    is_organization: true,
    approval_status: "approved",
    state: "active",
  };
}

function tagDicts(seed: number, tags: readonly string[], district: string) {
  return [...tags, district].map((name) => ({
    display_name: name,
    id: indexedUuid(seed, "tag", hashText(name)),
    name,
    state: "active",
    vocabulary_id: null,
  }));
}

function notesOf(index: number, random: Random, title: string, year: number): string {
  const sentences = [
    `${title}.`,
    random.pick([
      "Collected by the department in the course of its work and published once a year.",
      "Updated every night; the newest values are provisional.",
      "Derived from aerial images, checked in the field by two people.",
      "Figures below five are suppressed for reasons of data protection.",
    ]),
    `Covers the time from ${year - 3} to ${year}.`,
    random.pick(["", "See the legend for the meaning of the columns.", "CRS: EPSG:25832."]),
  ];
  if (index % 29 === 4) sentences.push("Area \u0096 in square metres.");
  if (index % 23 === 6) sentences.push("Prices in\u00a0EUR\u00a0per m².");
  if (index % 31 === 7) sentences.push("Counted by volunteers 🌳🚲 on a Sunday.");
  if (index % 41 === 8) sentences.push("zero\u200bwidth");
  return sentences.join(random.chance(0.2) ? "\r\n\r\n" : " ");
}

function extrasOf(index: number, random: Random) {
  const point = `{"type": "Point", "coordinates": [${8 + random.unit()}, ${53 + random.unit()}]}`;
  const extras = [
    { key: "spatial", value: index % 11 === 3 ? point.slice(0, -2) : point },
    { key: "frequency", value: random.pick(["daily", "yearly", "IRREG", "null", ""]) },
  ];
  if (index % 3 === 0) extras.push({ key: "harvest_object_id", value: random.text(36) });
  if (index % 5 === 0) extras.push({ key: "theme", value: '["http://themes.example/ENVI"]' });
  if (index % 7 === 0) extras.push({ key: "issued", value: random.pick(["22.09.2004", "2017"]) });
  if (index % 35 === 0) extras.push({ key: "issued", value: "jeu, 19/12/2019 - 03:00" });
  return extras;
}

function addressesOf(seed: number, index: number, about: ReturnType<typeof identity>): Address[] {
  const random = new Random(seed, "addresses", index);
  const found = addresses(pickLayout(random), random, {
    datasetId: indexedUuid(seed, "dataset", index),
    name: about.name,
    organization: slugOf(ORGANIZATIONS[about.organization] ?? ""),
    file: about.subject.file,
    year: about.year,
    resourceId: (position) => demoResourceId(seed, index, position),
  });
  const first = found[0];
  if (index % 12 === 5 && first !== undefined) found.push(first);
  if (index % 151 === 3 && index < 3000) found.push({ url: HOME_PAGE, ending: "html" });
  if (index % 90 === 17) found.push({ url: "", ending: "" });
  if (index % 110 === 19) {
    found.push({ url: "http://Project management see www intranet", ending: "html" });
  }
  if (index % 211 === 23) return [];
  return found;
}

/** The package with this index, as the portal's `package_search` gives it. */
export function demoDataset(index: number, options: CityOptions = {}): DemoDataset {
  const { seed = DEFAULT_SEED } = options;
  const random = new Random(seed, "dataset", index);
  const about = identity(seed, index);
  const id = indexedUuid(seed, "dataset", index);
  const modified = demoModified(index, options);
  const created = `20${random.between(12, 18)}-0${random.between(1, 9)}-1${random.below(10)}`;
  const organization = index % 113 === 12
    ? null
    : organizationDict(seed, about.organization, index);
  const [licenseId, licenseTitle, licenseUrl, isOpen] = random.pick(LICENSES);
  const person = random.pick(PEOPLE);
  const mail = `${slugOf(person.normalize("NFD").replace(/[^ a-zA-Z]/g, ""))}@port-aurelia.example`;
  const page = organization === null
    ? null
    : `https://www.port-aurelia.example/${organization.name}/topics/${about.name}`;
  const resources = addressesOf(seed, index, about).map((address, position) =>
    demoResource({
      // One resource id in two datasets: seen where a portal harvests itself.
      id: index % 401 === 9 && index >= 7 && position === 0
        ? demoResourceId(seed, index - 7, 0)
        : demoResourceId(seed, index, position),
      packageId: id,
      position,
      index,
      address,
      modified,
      random: new Random(seed, "resource", index * 256 + position),
    })
  );
  return {
    author: index % 37 === 5
      ? "B\ufffdro f\ufffdr Statistik"
      : random.pick([person, person, "", null]),
    author_email: index % 13 === 2
      ? `\n${mail}\n`
      : (index % 19 === 1 ? "port-aurelia.example/contact" : mail),
    creator_user_id: indexedUuid(seed, "user", about.organization),
    id,
    isopen: isOpen,
    license_id: licenseId,
    license_title: licenseTitle,
    license_url: licenseUrl,
    maintainer: random.pick([person, null, ""]),
    maintainer_email: random.pick([mail, mail + " ", null, ""]),
    metadata_created: index % 199 === 31 ? null : `${created}T07:30:11.${random.between(1e5, 9e5)}`,
    metadata_modified: modified,
    name: about.name,
    notes: index % 61 === 13 ? null : notesOf(index, random, about.title, about.year),
    num_resources: resources.length,
    num_tags: about.subject.tags.length + 1,
    organization,
    owner_org: organization?.id ?? null,
    private: false,
    state: "active",
    title: index % 17 === 3 ? `  ${about.title}\t` : about.title,
    type: index % 71 === 14 ? "harvest" : "dataset",
    url: index % 4 === 1 ? page : random.pick(["", null, "Statistics desk, room 12", HOME_PAGE]),
    version: random.pick(["", null, "1.0", "2.1"]),
    extras: extrasOf(index, random),
    groups: [{
      description: "",
      display_name: GROUPS[about.subject.group],
      id: indexedUuid(seed, "group", hashText(about.subject.group)),
      image_display_url: "",
      name: about.subject.group,
      title: GROUPS[about.subject.group],
    }],
    tags: tagDicts(seed, about.subject.tags, about.district),
    resources,
    // Plugin keys: present in some packages only, nested, one with integers above 2^53.
    tracking_summary: index % 43 === 8 ? { total: 9007199254740993n, recent: 12 } : undefined,
    title_translated: index % 10 === 3 ? { en: about.title, fr: `${about.title} (fr)` } : undefined,
    relationships_as_subject: [],
    relationships_as_object: [],
  };
}

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
