/**
 * What the demo's code generator must know of the whole catalogue to say what a mention names.
 * @module
 */
import { type CityOptions, type DemoDataset, demoDataset } from "./datasets.ts";
import { HOME_PAGE } from "./urls.ts";

/** A resource as the truth names it. */
export interface ResourceRef {
  readonly dataset: number;
  readonly datasetId: string;
  readonly resourceId: string;
  readonly url: string;
}

/** `scheme://host/path?query` in its parts; undefined when the text is no URL on a real host. */
export function partsOf(url: string) {
  const found =
    /^(?:(https?):)?(?:\/\/)?([A-Za-z0-9.-]+\.[A-Za-z]+)(?::(?:80|443))?(\/[^?#]*)?(\?[^#]*)?(#.*)?$/
      .exec(url);
  if (found === null) return undefined;
  const [, scheme = "", host = "", path = "", query = ""] = found;
  return { scheme, host, path, query };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The URL without all that the contract's kind "normalized" lets differ. */
export function keyOf(url: string): string {
  const parts = partsOf(url);
  if (parts === undefined) return url;
  const rest = decoded(parts.path + parts.query);
  return (parts.host.toLowerCase().replace(/^www\./, "") + rest).replace(/\/$/, "");
}

/** The key without its query. */
export function pathKeyOf(url: string): string {
  return (keyOf(url).split("?")[0] ?? "").replace(/\/$/, "");
}

function push(map: Map<string, ResourceRef[]>, key: string, ref: ResourceRef): void {
  const refs = map.get(key);
  if (refs === undefined) map.set(key, [ref]);
  else refs.push(ref);
}

export class CatalogueIndex {
  readonly #byUrl = new Map<string, ResourceRef[]>();
  readonly #byKey = new Map<string, ResourceRef[]>();
  readonly #byPath = new Map<string, ResourceRef[]>();
  readonly #sorted: { readonly key: string; readonly dataset: number }[] = [];
  readonly #datasets = new Map<number, DemoDataset>();

  /** Reads the first `size` datasets of the city. */
  constructor(readonly size: number, readonly options: CityOptions) {
    for (let dataset = 0; dataset < size; dataset++) {
      const { id: datasetId, resources } = demoDataset(dataset, options);
      for (const { id: resourceId, url } of resources) {
        if (partsOf(url.trim()) === undefined) continue;
        const ref = { dataset, datasetId, resourceId, url };
        push(this.#byUrl, url, ref);
        push(this.#byKey, keyOf(url.trim()), ref);
        push(this.#byPath, pathKeyOf(url.trim()), ref);
        this.#sorted.push({ key: keyOf(url.trim()), dataset });
      }
    }
    this.#sorted.sort((left, right) => left.key < right.key ? -1 : left.key > right.key ? 1 : 0);
  }

  dataset(index: number): DemoDataset {
    const known = this.#datasets.get(index);
    if (known !== undefined) return known;
    const dataset = demoDataset(index, this.options);
    if (this.#datasets.size > 5000) this.#datasets.clear();
    this.#datasets.set(index, dataset);
    return dataset;
  }

  exact(url: string): readonly ResourceRef[] {
    return this.#byUrl.get(url) ?? [];
  }

  normalized(url: string): readonly ResourceRef[] {
    return this.#byKey.get(keyOf(url)) ?? [];
  }

  samePath(url: string): readonly ResourceRef[] {
    return this.#byPath.get(pathKeyOf(url)) ?? [];
  }

  /** How many datasets have URLs that begin so; counts to two at most. */
  datasetsUnder(prefix: string): number {
    const parts = partsOf(prefix);
    if (parts === undefined) return 0;
    // Unlike keyOf this keeps a slash at the end: a folder is not its namesake.
    const key = parts.host.toLowerCase().replace(/^www\./, "") + decoded(parts.path + parts.query);
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]!.key < key) low = middle + 1;
      else high = middle;
    }
    const datasets = new Set<number>();
    for (let at = low; this.#sorted[at]?.key.startsWith(key) && datasets.size < 2; at++) {
      datasets.add(this.#sorted[at]!.dataset);
    }
    return datasets.size;
  }

  /** Resources whose mention means one thing only: URLs as such, ids that no other dataset has. */
  usable(index: number): readonly ResourceRef[] {
    // Here the city gives a resource id to two datasets, or a URL with blanks around it.
    if (index % 401 === 9 || (index + 7) % 401 === 9 || index % 80 === 21) return [];
    const { id: datasetId, resources } = this.dataset(index);
    return resources
      .filter(({ url }) => url !== HOME_PAGE && partsOf(url) !== undefined)
      .map(({ id: resourceId, url }) => ({ dataset: index, datasetId, resourceId, url }));
  }
}
