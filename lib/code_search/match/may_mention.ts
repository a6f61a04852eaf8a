import type { CatalogueIndex } from "./catalogue_index.ts";
import { findUrlRuns } from "./url_finder.ts";

/**
 * Whether a line can mention anything of the catalogue: a host of it stands there, or a DOI. For
 * backends that see whole files and keep only lines worth keeping.
 */
export function mayMention(line: string, index: CatalogueIndex): boolean {
  if (line.length < 6) return false;
  if (index.dois.size > 0 && line.includes("10.") && /doi/i.test(line)) return true;
  for (const _run of findUrlRuns(line, (host) => index.hosts.has(host))) return true;
  return false;
}
