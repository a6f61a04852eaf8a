/**
 * Mentions of the catalogue as people write them, each with what it names by the contract.
 * @module
 */
import { type CatalogueIndex, partsOf, type ResourceRef } from "../city/catalogue_index.ts";
import {
  ARCGIS_HOST,
  DASHBOARD_HOST,
  FILE_HOST,
  HOME_PAGE,
  PORTAL_HOST,
  SOCRATA_HOST,
  WFS_HOST,
} from "../city/urls.ts";
import type { Random } from "../random.ts";

export type MatchKind =
  | "exact"
  | "normalized"
  | "query_variant"
  | "identifier"
  | "template"
  | "landing_page";

/** How a text may are in a line. */
export type Form = "url" | "placeholder" | "joined" | "html" | "json" | "bare";

export interface Mention {
  /** As it is in the code; in a placeholder form `\u0001` marks where the placeholder goes. */
  readonly text: string;
  readonly form: Form;
  /** Undefined: a decoy that names nothing. */
  readonly kind: MatchKind | undefined;
  readonly named: readonly Named[];
  readonly isGeneric?: true;
}

/** A mention in a file, before the repository's name is known. */
export interface Place extends Mention {
  readonly path: string;
  readonly line: number;
}

const PORTAL = `https://${PORTAL_HOST}`;

function namedBy(refs: readonly ResourceRef[]): Named[] {
  return refs.map(({ datasetId, resourceId }) => ({ datasetId, resourceId }));
}

function pickResource(catalogue: CatalogueIndex, dataset: number, random: Random) {
  const usable = catalogue.usable(dataset);
  return usable.length === 0 ? undefined : random.pick(usable);
}

function exact(catalogue: CatalogueIndex, dataset: number, random: Random): Mention | undefined {
  const resource = pickResource(catalogue, dataset, random);
  if (resource === undefined || resource.url.includes(" ")) return undefined;
  const named = namedBy(catalogue.exact(resource.url));
  return { text: resource.url, form: "url", kind: "exact", named };
}

/** The same URL in other clothes; undefined where the clothes do not fit. */
function disguise(url: string, random: Random): { text: string; form: Form } | undefined {
  const parts = partsOf(url)!;
  const { scheme, host, path, query } = parts;
  const rest = path + query;
  switch (random.below(12)) {
    case 0:
    case 1:
      return { text: `${scheme === "https" ? "http" : "https"}://${host}${rest}`, form: "url" };
    case 2: {
      const other = host.startsWith("www.") ? host.slice(4) : `www.${host}`;
      return { text: `${scheme}://${other}${rest}`, form: "url" };
    }
    case 3: {
      const shouted = host.replace(/(^|[.-])[a-z]/g, (start) => start.toUpperCase());
      return { text: `${scheme}://${shouted}${rest}`, form: "url" };
    }
    case 4:
      return { text: `${scheme}://${host}:${scheme === "https" ? 443 : 80}${rest}`, form: "url" };
    case 5:
      return query === "" ? { text: `${url}/`, form: "url" } : undefined;
    case 6:
      return { text: `${url}#${random.pick(["data", "L20", "section-2"])}`, form: "url" };
    case 7: {
      const encoded = scheme + "://" + host + encodeURI(decodeURI(path)) + query;
      return encoded === url ? undefined : { text: encoded, form: "url" };
    }
    case 8:
      return url.includes("&") ? { text: url.replaceAll("&", "&amp;"), form: "html" } : undefined;
    case 9:
      return { text: url.replaceAll("/", "\\/"), form: "json" };
    case 10:
      return url.includes("&") ? { text: url.replaceAll("&", "\\u0026"), form: "json" } : undefined;
    default:
      return { text: `${random.chance(0.3) ? "//" : ""}${host}${rest}`, form: "url" };
  }
}

function normalized(
  catalogue: CatalogueIndex,
  dataset: number,
  random: Random,
): Mention | undefined {
  const resource = pickResource(catalogue, dataset, random);
  if (resource === undefined) return undefined;
  const disguised = disguise(resource.url, random);
  if (disguised === undefined || disguised.text.includes(" ")) return undefined;
  if (catalogue.exact(disguised.text).length > 0) return undefined;
  const named = namedBy(catalogue.normalized(resource.url));
  return { ...disguised, kind: "normalized", named };
}

function queryVariant(
  catalogue: CatalogueIndex,
  dataset: number,
  random: Random,
): Mention | undefined {
  const resource = pickResource(catalogue, dataset, random);
  if (resource === undefined || /[^!-~]/.test(resource.url)) return undefined;
  const { path, query } = partsOf(resource.url)!;
  if (path.split("/").filter(Boolean).length < 2) return undefined;
  const extra = random.pick(["limit=500", "v=2", "format=csv&bom=true", "$limit=5000", "raw=1"]);
  const text = query !== "" && random.chance(0.3)
    ? resource.url.slice(0, -query.length)
    : resource.url + (query === "" ? "?" : "&") + extra;
  const refs = catalogue.samePath(text);
  if (catalogue.normalized(text).length > 0) return undefined;
  if (refs.some((ref) => ref.dataset !== dataset)) return undefined;
  return { text, form: "url", kind: "query_variant", named: oneOrDataset(refs) };
}

function identifier(
  catalogue: CatalogueIndex,
  dataset: number,
  random: Random,
): Mention | undefined {
  const resource = pickResource(catalogue, dataset, random);
  if (resource === undefined) return undefined;
  const { text, named } = idUrl(catalogue, resource, random);
  if (catalogue.samePath(text).length > 0) return undefined;
  return { text, form: "url", kind: "identifier", named };
}

function template(catalogue: CatalogueIndex, dataset: number, random: Random): Mention | undefined {
  const resource = pickResource(catalogue, dataset, random);
  if (resource === undefined || /[^!-~]|[?%]/.test(resource.url)) return undefined;
  if (/[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{32}|doi\.org/.test(resource.url)) return undefined;
  const folder = resource.url.replace(/[^\/]*$/, "");
  const stem = resource.url.replace(/(\d{4}|\d+)(\.[a-z.]+)?$/, "");
  const isFolder = stem === resource.url || random.chance(0.4);
  const prefix = isFolder ? folder : stem;
  const segments = (partsOf(prefix)?.path ?? "").split("/").filter(Boolean);
  if (segments.length === 0 || catalogue.datasetsUnder(prefix) !== 1) return undefined;
  // a first-level folder that every site has says nothing about whose data it is
  const isEveryday = /^(?:data|download|downloads|files|documents|export)$/.test(segments[0] ?? "");
  if (prefix.endsWith("/") && segments.length === 1 && isEveryday) return undefined;
  if (catalogue.samePath(prefix).length > 0) return undefined;
  const named = [{ datasetId: resource.datasetId, resourceId: null }];
  const ending = /\.[a-z.]+$/.exec(resource.url.slice(prefix.length))?.[0] ?? "";
  const form = random.pick<Form>(
    isFolder ? ["url", "joined", "placeholder"] : ["joined", "placeholder"],
  );
  const text = form === "placeholder" ? `${prefix}\u0001${ending}` : prefix;
  return { text, form, kind: "template", named };
}

function landingPage(
  catalogue: CatalogueIndex,
  dataset: number,
  random: Random,
): Mention | undefined {
  if (catalogue.usable(dataset).length === 0) return undefined;
  const { id, name, url } = catalogue.dataset(dataset);
  const named = [{ datasetId: id, resourceId: null }];
  const isOwnPage = url !== null && url.includes("/topics/") && random.chance(0.5);
  const page = isOwnPage ? url : `${PORTAL}/dataset/${name}`;
  const text = page + random.pick(["", "", "", "/", "#resources"]);
  return { text, form: "url", kind: "landing_page", named };
}

const MAKERS = {
  exact,
  normalized,
  query_variant: queryVariant,
  identifier,
  template,
  landing_page: landingPage,
} as const;

/** A mention of this kind of this dataset; undefined when the dataset has nothing of the kind. */
export function makeMention(
  kind: MatchKind,
  catalogue: CatalogueIndex,
  dataset: number,
  random: Random,
): Mention | undefined {
  const mention = MAKERS[kind](catalogue, dataset, random);
  return mention === undefined || mention.named.length === 0 ? undefined : mention;
}

/** The city's home page, which some datasets give as a resource: it names them all, and nothing. */
export function homePageMention(catalogue: CatalogueIndex): Mention | undefined {
  const named = namedBy(catalogue.exact(HOME_PAGE));
  if (named.length === 0) return undefined;
  return { text: HOME_PAGE, form: "url", kind: "exact", named, isGeneric: true };
}

/** What a place names: a resource, or a dataset alone. */
export interface Named {
  readonly datasetId: string;
  readonly resourceId: string | null;
}

/** One resource is named itself, several of a dataset only as their dataset. */
export function oneOrDataset(refs: readonly ResourceRef[]): Named[] {
  const [first] = refs;
  if (first === undefined) return [];
  return [{ datasetId: first.datasetId, resourceId: refs.length === 1 ? first.resourceId : null }];
}

/** Another URL with the portal's or the host's own id in it. */
export function idUrl(catalogue: CatalogueIndex, resource: ResourceRef, random: Random) {
  const { url, datasetId, resourceId, dataset } = resource;
  const { host, path } = partsOf(url)!;
  const siblings = (part: string) =>
    oneOrDataset(catalogue.usable(dataset).filter((other) => other.url.includes(part)));
  const socrata = /\/api\/views\/(\w{4}-\w{4})\//.exec(path)?.[1];
  if (host === SOCRATA_HOST && socrata !== undefined) {
    const form = random.pick([
      `resource/${socrata}.json?$limit=5000`,
      `resource/${socrata}.csv`,
      `d/${socrata}`,
      `api/v3/views/${socrata}/query.csv`,
    ]);
    return { text: `https://${host}/${form}`, named: siblings(socrata) };
  }
  const item = /[0-9a-f]{32}/.exec(path)?.[0];
  if (host === ARCGIS_HOST && item !== undefined) {
    return { text: `https://${host}/home/item.html?id=${item}`, named: siblings(item) };
  }
  if (host === "doi.org") {
    return { text: `https://dx.doi.org${path}`, named: siblings(path) };
  }
  const whole = [{ datasetId, resourceId }];
  const alone = [{ datasetId, resourceId: null }];
  const gone = `${random.text(8)}-${random.text(4)}-4${random.text(3)}-a${random.text(3)}-` +
    random.text(12);
  const { name } = catalogue.dataset(dataset);
  const isHosted = path.includes("/download/");
  switch (random.below(isHosted ? 6 : 3)) {
    case 0:
      return {
        text: `https://${PORTAL_HOST}/dataset/${name}/resource/${resourceId}`,
        named: whole,
      };
    case 1:
      return {
        text: `https://${PORTAL_HOST}/api/3/action/package_show?id=${datasetId}`,
        named: alone,
      };
    case 2:
      return {
        text: `https://${PORTAL_HOST}/api/3/action/resource_show?id=${resourceId}`,
        named: whole,
      };
    case 3: {
      const query = random.pick(["&limit=32000", "", "&q=Harbour"]);
      const text =
        `https://${host}/api/3/action/datastore_search?resource_id=${resourceId}${query}`;
      return { text, named: whole };
    }
    case 4: {
      const file = `${random.pick(["latest", "export", "daten_neu"])}.csv`;
      const text = `https://${host}/dataset/${datasetId}/resource/${resourceId}/download/${file}`;
      return { text, named: whole };
    }
    default: {
      const text = `https://${host}/dataset/${datasetId}/resource/${gone}/download/old_export.csv`;
      return { text, named: alone };
    }
  }
}

const HOLDS_ID = /[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{32}|\/api\/views\/|doi\.org/;

function decoy(text: string, form: Form = "url"): Mention {
  return { text, form, kind: undefined, named: [] };
}

/** A decoy near this dataset; undefined when it would name something after all. */
export function makeDecoy(
  catalogue: CatalogueIndex,
  dataset: number,
  random: Random,
): Mention | undefined {
  const usable = catalogue.usable(dataset);
  if (usable.length === 0) return undefined;
  const { url, datasetId, resourceId } = random.pick(usable);
  const isPlain = !HOLDS_ID.test(url) && /^[!-~]+$/.test(url) && !url.includes("?");
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2: {
      const longer = url + random.pick(["0", "7", "-old", ".bak", "/meta", "_v2.csv"]);
      if (!isPlain || catalogue.samePath(longer).length > 0) return undefined;
      return decoy(longer);
    }
    case 3:
    case 4: {
      const { scheme, host, path } = partsOf(url)!;
      const shouted = path.replace(/[a-z]+(?=[^\/]*$)/, (word) => word.toUpperCase());
      const other = `${scheme}://${host}${shouted}`;
      if (!isPlain || catalogue.samePath(other).length > 0) return undefined;
      return decoy(other);
    }
    case 5:
      return decoy(
        `https://data.saltholm.example/dataset/${datasetId}/resource/${resourceId}/download/a.csv`,
      );
    case 6: {
      const id = /\/api\/views\/(\w{4}-\w{4})\//.exec(url)?.[1];
      return id === undefined
        ? undefined
        : decoy(`https://data.saltholm.example/resource/${id}.json`);
    }
    case 7:
      return decoy(resourceId, "bare");
    case 8:
      return decoy(random.pick([PORTAL_HOST, FILE_HOST, SOCRATA_HOST]), "bare");
    case 9:
      return decoy(
        `https://${PORTAL_HOST}/` +
          random.pick(["api/3/action/", "dataset/", "organization/parks-and-green-spaces"]),
      );
    case 10:
      return decoy(`https://${PORTAL_HOST}/api/3/action/datastore_search?resource_id=RESOURCE_ID`);
    case 11: {
      const folder = `https://${FILE_HOST}/open-data/`;
      return catalogue.datasetsUnder(folder) > 1 ? decoy(folder) : undefined;
    }
    case 12: {
      const shared = random.chance(0.5)
        ? `https://${DASHBOARD_HOST}/view?r=${random.text(24)}`
        : `https://${WFS_HOST}/geoserver/ows?service=WFS&request=GetCapabilities`;
      const datasets = new Set(catalogue.samePath(shared).map((ref) => ref.dataset));
      return datasets.size > 1 ? decoy(shared) : undefined;
    }
    default: {
      const { name } = catalogue.dataset(dataset);
      return decoy(`https://${PORTAL_HOST}/dataset/${name}-draft`);
    }
  }
}
