/**
 * The plain way to search for a catalogue: ten URLs a query, as they are. A peer for the benchmark.
 *
 * @module
 */
import { sourcegraphQuery, streamAddress } from "../../lib/code_search/backends/sourcegraph.ts";
import { judgeStream, readStream } from "../../lib/code_search/backends/sourcegraph_stream.ts";
import type { Named } from "./recall.ts";

const BATCH = 10;
const CONCURRENCY = 2;

/** A resource of the catalogue. */
export interface Wanted {
  id: string;
  dataset_id: string;
  url: string;
}

/** What the plain way brought. */
export interface PlainSearch {
  queries: number;
  /** Queries whose answer was cut; this way does nothing about it. */
  incomplete: number;
  seconds: number;
  found: Named[];
}

/** Asks for every distinct URL and takes each line for a mention of the URLs that it holds. */
export async function searchBatchesOfTen(
  endpointUrl: string,
  resources: Wanted[],
): Promise<PlainSearch> {
  const byUrl = Map.groupBy(resources, ({ url }) => url);
  const urls = [...byUrl.keys()];
  const search: PlainSearch = { queries: 0, incomplete: 0, seconds: 0, found: [] };
  const started = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
    while (next < urls.length) {
      const batch = urls.slice(next, next += BATCH);
      search.queries += 1;
      const response = await fetch(streamAddress(endpointUrl, sourcegraphQuery(batch, "lines")));
      const body = new Uint8Array(await response.arrayBuffer());
      if (!response.ok) throw new Error(`a batch of ten URLs got HTTP ${response.status}`);
      const { limits, gaps, isWhole } = judgeStream(body);
      if (!isWhole || limits.length + gaps.length > 0) search.incomplete += 1;
      for (const mention of mentionsIn(body, batch, byUrl)) search.found.push(mention);
    }
  }));
  search.seconds = (performance.now() - started) / 1000;
  return search;
}

function* mentionsIn(
  body: Uint8Array,
  batch: string[],
  byUrl: Map<string, Wanted[]>,
): Generator<Named> {
  for (const { repository, path, lines } of readStream(body)) {
    for (const { line_number, text } of lines) {
      for (const url of batch.filter((it) => text.includes(it))) {
        for (const { id, dataset_id } of byUrl.get(url) ?? []) {
          yield {
            repository,
            path: path ?? "",
            line_number: line_number ?? 0,
            match_kind: "exact",
            dataset_id,
            resource_id: id,
          };
        }
      }
    }
  }
}
