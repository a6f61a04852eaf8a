/**
 * Kept records of catalogues that are not CKAN's, as CKAN's packages.
 *
 * @module
 */

import type { RecordPage } from "../catalogue.ts";
import { RecordCutter } from "../json_bytes.ts";
import { joined, makeReadable } from "../readable.ts";
import { type Fields, fieldsOf, textOf } from "./json_values.ts";
import { type Beside, idOfRecord, packageOf } from "./packages.ts";

/** The two kinds, and the list of a file or answer that holds the records. */
export const LISTS = { dcat_us: "dataset", data_gov: "results" } as const;
export type DcatApi = keyof typeof LISTS;

/** What goes into one page: memory and DuckDB's threads need neither more nor much less. */
const PAGE_BYTES = 8e6;

/**
 * Packages of the records in kept bodies; each package has its record's own text beside it, as
 * `source_text`.
 */
export async function* packagesOf(
  api: DcatApi,
  bodies: AsyncIterable<{ bytes: Uint8Array }>,
): AsyncGenerator<RecordPage> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();
  let cutter = new RecordCutter(LISTS[api]);
  let packages: Uint8Array[] = [];
  let length = 0;
  let replaced = 0;
  const page = () => {
    const joinedPage = { ...joined(packages), replaced };
    packages = [];
    length = replaced = 0;
    return joinedPage;
  };
  for await (const { bytes } of bodies) {
    // a data.json is one file in pieces, answers of the search API are files of their own
    if (api === "data_gov") cutter = new RecordCutter(LISTS[api]);
    for (const record of cutter.push(bytes)) {
      const readable = makeReadable({ bytes: record, bounds: [0, record.length] });
      const text = decoder.decode(readable.bytes.subarray(0, readable.bounds[1]));
      const line = JSON.stringify({ ...packageOfRecord(api, text), source_text: text });
      const encoded = encoder.encode(line);
      packages.push(encoded);
      length += encoded.length;
      replaced += readable.replaced;
      if (length > PAGE_BYTES) yield page();
    }
  }
  if (packages.length > 0) yield page();
}

/** The id of a record. */
export function idOf(api: DcatApi, record: Fields): { id: string; isDerived: boolean } {
  return api === "dcat_us" ? idOfRecord(record) : idOfHit(record);
}

function packageOfRecord(api: DcatApi, text: string): Fields {
  const record = fieldsOf(JSON.parse(text));
  if (api === "dcat_us") return packageOf(record, idOfRecord(record));
  return packageOf(dcatOf(record), besideOf(record));
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
