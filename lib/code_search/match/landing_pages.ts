// The pages that stand for a dataset: the portal's own and those that the catalogue gives.
import { type CatalogueIndex, type HostEntry } from "./catalogue_index.ts";
import { joinTail } from "./urls.ts";

// CKAN's page and old API paths; a language or a sub-folder may stand before ("/fr/dataset/…",
// "/data/en/dataset/…"); dados.gov.br says "conjuntos-dados".
const PAGE = /^(?:\/[^/]+){0,3}?\/(?:dataset|datasets|package|conjuntos-dados)\/([^/]+)/;
const SHOW = /\/api\/.*\/(?:package|dataset)_show$/;
const SERIALISATION = /\.(?:rdf|xml|ttl|n3|jsonld|json)$/;

/** Rows of the datasets whose page this is; several where the catalogue gives one page to many. */
export function datasetsOfPage(
  index: CatalogueIndex,
  host: HostEntry,
  path: string,
  query: string,
): number[] {
  const given = host.landings.get(joinTail(path, query));
  if (given) return given;
  if (!host.isPortal) return [];
  const name = SHOW.test(path)
    ? /(?:^|&)(?:id|name_or_id)=([^&]+)/.exec(query)?.[1]
    : PAGE.exec(path)?.[1];
  if (!name) return [];
  const row = rowOf(index, name) ?? rowOf(index, name.replace(SERIALISATION, ""));
  return row === undefined ? [] : [row];
}

function rowOf(index: CatalogueIndex, name: string): number | undefined {
  return index.datasetNames.get(name) ?? index.datasetRows.get(name);
}
