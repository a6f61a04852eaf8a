import type { Entry, SealedRun } from "../../storage/sealed_run.ts";
import { type Fields, fieldsOf, textOf } from "./json_values.ts";
import { type Beside, idOfRecord, packageOf } from "./packages.ts";
import { madeReadable } from "../readable.ts";
import { RecordCutter } from "../record_cutter.ts";

/** Kept records of catalogues that are none of CKAN's, as pages in the shape of CKAN's answers. */

/** The two kinds, and the list of a file or answer that holds the records. */
export const LISTS = { dcat_us: "dataset", data_gov: "results" } as const;
export type DcatApi = keyof typeof LISTS;

/** What goes into one page; memory and DuckDB's threads want neither more nor much less. */
const PAGE_CHARACTERS = 8e6;

/** Which of a run's entries make the catalogue, in the order in which they are to be read. */
export function recordEntries(run: SealedRun, entries: Entry[]): Entry[] {
  const kept = entries.filter(({ file }) => file !== undefined);
  // a file that was cut was fetched anew: what came before stays, and is none of it
  return run.seal.identity.api === "dcat_us"
    ? kept.filter(({ fetch }) => fetch === run.seal.details.fetch)
    : kept;
}

/**
 * Makes pages of the bodies of `recordEntries`; each package has its record's own text beside it, as
 * `source_text`. `replaced` is told of characters that no parser reads.
 */
export async function* packagePages(
  api: DcatApi,
  bodies: AsyncIterable<Uint8Array>,
  replaced: (characters: number) => void,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let cutter = new RecordCutter(LISTS[api]);
  let lines: string[] = [];
  let length = 0;
  const page = () => {
    const bytes = new TextEncoder().encode(`{"result":{"results":[${lines.join(",\n")}]}}`);
    lines = [];
    length = 0;
    return bytes;
  };
  for await (const body of bodies) {
    // a data.json is one file in pieces, answers of the search API are files of their own
    if (api === "data_gov") cutter = new RecordCutter(LISTS[api]);
    for (const bytes of cutter.push(body)) {
      const record = madeReadable(bytes);
      replaced(record.replaced);
      const text = decoder.decode(record.bytes);
      const line = JSON.stringify({ ...packageOfRecord(api, text), source_text: text });
      lines.push(line);
      length += line.length;
      if (length > PAGE_CHARACTERS) yield page();
    }
  }
  if (lines.length > 0) yield page();
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
