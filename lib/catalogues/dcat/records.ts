/**
 * Kept records of catalogues that are not CKAN's, as CKAN's packages.
 *
 * @module
 */

import type { RecordFault, RecordPage } from "../catalogue.ts";
import { RecordCutter } from "../json_bytes.ts";
import { addFaults, joined, type JsonFaults, makeReadable, mendJson } from "../mend_json.ts";
import { type Fields, fieldsOf, parseJson, textOf } from "./json_values.ts";
import { type Beside, idOfRecord, type Package, packageOf } from "./packages.ts";

/** The two kinds, and the list of a file or answer that holds the records. */
export const LISTS = { dcat_us: "dataset", data_gov: "results" } as const;
export type DcatApi = keyof typeof LISTS;

/** What goes into one page: memory and DuckDB's threads need neither more nor much less. */
const PAGE_BYTES = 8e6;
/** The fault of a record that is left out. */
const BROKEN_RECORD = "broken JSON, record left out";

/** A record as it was read. */
export interface ReadRecord {
  record: Fields;
  /** Its text, mended where it had to be. */
  text: string;
  /** What was wrong with it. */
  faults: JsonFaults;
}

/** A record by its bytes; undefined where its JSON has no single reading. */
export function readRecord(bytes: Uint8Array): ReadRecord | undefined {
  const faults: JsonFaults = new Map();
  const page = makeReadable(
    { bytes, bounds: [0, bytes.length] },
    (_record, more) => addFaults(faults, more),
  );
  const readable = page.bytes.subarray(0, page.bounds[1]);
  const parsed = tryToParse(readable);
  if (parsed !== undefined) return { ...parsed, faults };
  const mended = mendJson(readable, faults);
  const again = mended && tryToParse(mended);
  return again && { ...again, faults };
}

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

function tryToParse(bytes: Uint8Array): { record: Fields; text: string } | undefined {
  const text = DECODER.decode(bytes);
  try {
    return { record: fieldsOf(parseJson(text)), text };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** How a record that could not be read is named: by the id or title that can be seen in it. */
export function nameOfBroken(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 100_000));
  const [, member, name] = /"(identifier|slug|title)"\s*:\s*"([^"]{1,200})"/.exec(text) ?? [];
  return name === undefined ? "without a readable id" : `with the ${member} "${name}"`;
}

/**
 * Packages of the records in kept bodies; each package has its record's own text beside it, as
 * `source_text`.
 */
export async function* packagesOf(
  api: DcatApi,
  bodies: AsyncIterable<{ bytes: Uint8Array }>,
): AsyncGenerator<RecordPage> {
  const encoder = new TextEncoder();
  let cutter = new RecordCutter(LISTS[api]);
  let packages: Uint8Array[] = [];
  let faults: RecordFault[] = [];
  let length = 0;
  const page = () => {
    const joinedPage = { ...joined(packages), faults };
    packages = [];
    faults = [];
    length = 0;
    return joinedPage;
  };
  for await (const { bytes } of bodies) {
    // a data.json is one file in pieces, answers of the search API are files of their own
    if (api === "data_gov") cutter = new RecordCutter(LISTS[api]);
    for (const record of cutter.push(bytes)) {
      const read = readRecord(record);
      if (read === undefined) {
        faults.push({ dataset_id: null, fault: BROKEN_RECORD, places: 1 });
        continue;
      }
      const { text } = read;
      const made = packageOfRecord(api, read.record, read.faults);
      const encoded = encoder.encode(JSON.stringify({ ...made, source_text: text }));
      packages.push(encoded);
      for (const [fault, places] of read.faults) {
        faults.push({ dataset_id: made.id, fault, places });
      }
      length += encoded.length;
      if (length > PAGE_BYTES) yield page();
    }
  }
  if (packages.length > 0 || faults.length > 0) yield page();
}

/** The id of a record. */
export function idOf(api: DcatApi, record: Fields): { id: string; isDerived: boolean } {
  return api === "dcat_us" ? idOfRecord(record) : idOfHit(record);
}

function packageOfRecord(api: DcatApi, record: Fields, faults: JsonFaults): Package {
  if (api === "dcat_us") return packageOf(record, idOfRecord(record), faults);
  return packageOf(dcatOf(record), besideOf(record), faults);
}

/**
 * data.gov takes records from many catalogues, whose identifiers are unique in each alone; the slug
 * in a dataset's address is unique in all.
 */
function idOfHit(hit: Fields): { id: string; isDerived: boolean } {
  const slug = textOf(hit.slug);
  return slug === null ? idOfRecord(dcatOf(hit)) : { id: slug, isDerived: false };
}

/** The DCAT-US record of a hit; a hit without one says the most important things itself. */
function dcatOf(hit: Fields): Fields {
  const { title, description, identifier, publisher, keyword, theme, landingPage } = hit;
  const own = { title, description, identifier, publisher, keyword, theme, landingPage };
  return { ...own, ...fieldsOf(hit.dcat) };
}

function besideOf(hit: Fields): Beside {
  const { id, name, slug, organization_type, description, logo } = fieldsOf(hit.organization);
  const organization = textOf(id) ?? textOf(slug);
  return {
    id: idOfHit(hit).id,
    name: textOf(hit.slug),
    ...(organization === null ? {} : {
      organization: {
        id: organization,
        name: textOf(slug),
        title: textOf(name),
        type: textOf(organization_type),
        description: textOf(description),
        image_url: textOf(logo),
        is_organization: true,
      },
    }),
    extras: {
      publisher: textOf(dcatOf(hit).publisher),
      last_harvested_date: hit.last_harvested_date,
      popularity: hit.popularity,
      harvest_record: hit.harvest_record,
    },
  };
}
