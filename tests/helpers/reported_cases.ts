/**
 * The cases of `../shared/data/reports` and those of the same form in tests/fixtures/reports: their
 * catalogue, their notation and what counts as the wanted outcome.
 * @module
 */

import {
  buildCatalogueIndex,
  type CatalogueDataset,
  type CatalogueIndex,
  type CatalogueResource,
} from "../../lib/code_search/match/catalogue_index.ts";

/** One case: a code file, and what has to be found in it. */
export interface Case {
  name: string;
  group: string;
  file: string;
  code: string;
  expected: string;
}

interface Package {
  id: string;
  name: string;
  url: string | null;
  resources: { id: string; name: string; url: string; format: string }[];
}

/** The catalogue that the cases are about. */
export class ReportedCatalogue {
  private constructor(readonly packages: Package[]) {}

  static async read(file: URL): Promise<ReportedCatalogue> {
    const { result } = JSON.parse(await Deno.readTextFile(file));
    return new ReportedCatalogue(result.results);
  }

  /** The index, of which only the resources of some formats are wanted. */
  index(formats: string[]): CatalogueIndex {
    const datasets: CatalogueDataset[] = [];
    const resources: CatalogueResource[] = [];
    for (const { id, name, url, resources: files } of this.packages) {
      datasets.push({ id, name, url });
      for (const file of files) {
        const is_wanted = formats.length === 0 || formats.includes(file.format.toLowerCase());
        resources.push({ id: file.id, dataset_id: id, url: file.url, is_wanted });
      }
    }
    return buildCatalogueIndex(resources, datasets, { portalHosts: ["data.city.example"] });
  }

  /** "kind dataset resource" by their names. */
  describe(
    one: { match_kind: string; dataset_id: string | null; resource_id: string | null },
  ): string {
    const dataset = this.packages.find(({ id }) => id === one.dataset_id);
    const resource = dataset?.resources.find(({ id }) => id === one.resource_id);
    return [one.match_kind, dataset?.name, resource?.name].filter(Boolean).join(" ");
  }

  /** Whether a name or id is in the catalogue. */
  has(reference: string): boolean {
    return this.packages.some(({ id, name, resources }) =>
      id === reference || name === reference || resources.some((one) => one.id === reference)
    );
  }
}

/** Reads a table of cases; undefined where there is none. */
export async function readCases(file: URL): Promise<Case[] | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return text.trim().split("\n").slice(1).map((row) => {
    const [name = "", group = "", path = "", code = "", expected = ""] = row.split("\t");
    return { name, group, file: path, code: unescaped(code), expected };
  });
}

/** `\n`, `\t`, `\\`, `\u0308` and `\{1900}`, which exists for so many characters. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:(\\)|(n)|(t)|u([0-9a-f]{4})|\{(\d+)\})/g,
    (_, slash, line, tab, code, count) =>
      slash ??
        (line
          ? "\n"
          : tab
          ? "\t"
          : code !== undefined
          ? String.fromCharCode(parseInt(code, 16))
          : "x".repeat(Number(count))),
  );
}

/**
 * Whether what was found is what is wanted.
 * @param got "kind dataset resource" of every mention, "dead reference" of every broken link
 */
export function isMet(expected: string, got: string[]): boolean {
  const mentions = got.filter((one) => !one.startsWith("dead ")).map((one) => one.split(" "));
  return expected.split(" ; ").every((wanted) => {
    const words = wanted.trim().split(" ");
    const [first = "", dataset = "", resource] = words;
    if (first === "none") return mentions.length === 0;
    if (first === "alive") return mentions.length === got.length;
    if (first === "dead") return got.includes(wanted.trim());
    if (first === "any" || first === "maybe") {
      const not = words.includes("not") ? words.slice(words.indexOf("not") + 1) : [];
      const isIt = ([, name]: string[]) => name === dataset;
      const isFound = first === "any" ? mentions.some(isIt) : mentions.every(isIt);
      return isFound && !mentions.some(([, , name = ""]) => not.includes(name));
    }
    const kinds = first.split("|");
    return mentions.some(([kind = "", name, part]) =>
      kinds.includes(kind) && name === dataset &&
      (resource === undefined || resource === "or" || part === resource)
    );
  });
}
