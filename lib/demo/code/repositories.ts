/**
 * Invented public repositories that mention the city's catalogue in all the ways people do, and the
 * truth about them: every place that names something by the contract, and what it names.
 * @module
 */
import { CatalogueIndex } from "../city/catalogue_index.ts";
import { DEFAULT_SEED } from "../city/datasets.ts";
import { PORTAL_HOST } from "../city/urls.ts";
import { Random } from "../random.ts";
import { homePageMention, makeDecoy, makeMention, type MatchKind, type Place } from "./mentions.ts";
import { LANGUAGES, writeLine } from "./lines.ts";

/** One row of the truth: one place and one thing it names. */
export interface TruthRow {
  readonly repository: string;
  readonly path: string;
  /** From 1. */
  readonly line_number: number;
  readonly match_kind: MatchKind;
  readonly dataset_id: string;
  readonly resource_id: string | null;
  /** The mention as it is in the line. */
  readonly text: string;
  /** The city's home page, which names many datasets. */
  readonly is_generic: boolean;
  readonly is_fork: boolean;
  readonly is_catalogue_mirror: boolean;
}

export interface CodeOptions {
  /** How many datasets of the city the repositories know. */
  readonly datasets: number;
  /** How many repositories; default 300. */
  readonly repositories?: number;
  readonly seed?: number;
}

export interface DemoCode {
  readonly repositories: DemoRepository[];
  readonly truth: TruthRow[];
}

const KINDS: readonly MatchKind[] = [
  ...Array<MatchKind>(26).fill("exact"),
  ...Array<MatchKind>(20).fill("normalized"),
  ...Array<MatchKind>(8).fill("query_variant"),
  ...Array<MatchKind>(18).fill("identifier"),
  ...Array<MatchKind>(14).fill("template"),
  ...Array<MatchKind>(14).fill("landing_page"),
];
const OWNERS =
  "openaurelia,ihalvard,codeforharbour,tbrenn,mokonjo,civic-tools,lferrer,data-desk,saltmarsh-lab,jweyl"
    .split(",");
const SUBJECTS = "trees,harbour,bikes,budget,noise,ferries,tides,schools,parking,votes,rents,air"
  .split(",");
const SHAPES = "map,dashboard,notebooks,pipeline,bot,viewer,analysis,api,scraper,atlas".split(",");
const LICENSES = ["MIT", "Apache-2.0", "GPL-3.0", undefined];

/** The datasets people write about: few, and few of these often. */
function popularDataset(catalogue: CatalogueIndex, random: Random): number {
  const known = Math.max(1, Math.floor(catalogue.size * 0.3));
  const rank = Math.floor(known ** random.unit()) - 1;
  return (rank * 7368787 + 101) % catalogue.size;
}

function mentionOf(catalogue: CatalogueIndex, ours: readonly number[], random: Random) {
  if (random.chance(0.2)) {
    return makeDecoy(catalogue, random.pick(ours), random);
  }
  if (random.chance(0.004)) return homePageMention(catalogue);
  const kind = random.pick(KINDS);
  for (let attempt = 0; attempt < 10; attempt++) {
    const dataset = attempt === 0 ? random.pick(ours) : popularDataset(catalogue, random);
    const mention = makeMention(kind, catalogue, dataset, random);
    if (mention !== undefined) return mention;
  }
  return undefined;
}

/** A project's files; `mentions` is about how many lines mention something or seem to. */
function projectFiles(catalogue: CatalogueIndex, mentions: number, random: Random) {
  const ours = Array.from(
    { length: random.between(1, 4) },
    () => popularDataset(catalogue, random),
  );
  const files: DemoFile[] = [];
  const places: Place[] = [];
  const names = Object.keys(LANGUAGES);
  const fileCount = random.between(2, 5);
  for (let number = 0; number < fileCount; number++) {
    const language = LANGUAGES[number === 0 ? "markdown" : random.pick(names)]!;
    const path = number === 0 ? "README.md" : random.pick(language.paths);
    if (files.some((file) => file.path === path)) continue;
    const lines: string[] = [];
    const fill = (count: number) => {
      for (let line = 0; line < count; line++) lines.push(random.pick(language.filler));
    };
    fill(random.between(2, 6));
    for (let turn = 0; turn < Math.ceil(mentions / fileCount); turn++) {
      const mention = mentionOf(catalogue, ours, random);
      const written = mention === undefined ? undefined : writeLine(language, mention, random);
      if (mention !== undefined && written !== undefined) {
        lines.push(written.line);
        places.push({ ...mention, text: written.text, path, line: lines.length });
      }
      fill(random.between(0, 4));
    }
    files.push({ path, text: lines.join("\n") + "\n" });
  }
  return { files, places };
}

function stars(random: Random): number {
  return Math.floor(10 ** (3.6 * random.unit() ** 3)) - 1;
}

/** The repositories and the truth about them; the same options give the same. */
export function demoCode(options: CodeOptions): DemoCode {
  const { datasets, repositories: count = 300, seed = DEFAULT_SEED } = options;
  const catalogue = new CatalogueIndex(datasets, { seed });
  const repositories: DemoRepository[] = [];
  const placesOf: Place[][] = [];
  const truth: TruthRow[] = [];
  for (let number = 0; number < count; number++) {
    const random = new Random(seed, "repository", number);
    const isMirror = number % 300 === 7;
    const parent = number % 10 === 9 && number > 10
      ? repositories[number - 1 - random.below(8)]
      : undefined;
    const host = random.chance(0.08) ? "gitlab.com" : "github.com";
    const project = `${random.pick(SUBJECTS)}-${random.pick(SHAPES)}`;
    const owner = random.pick(OWNERS) + (number < 100 ? "" : String(Math.floor(number / 100)));
    const parentIndex = parent === undefined ? -1 : repositories.indexOf(parent, number - 9);
    const own = isMirror
      ? mirrorFiles(catalogue)
      : random.chance(0.12)
      ? projectFiles(catalogue, 0, random)
      : projectFiles(catalogue, random.between(3, 14), random);
    const files = parent?.files ?? own.files;
    const places = parent === undefined ? own.places : placesOf[parentIndex] ?? [];
    const name = isMirror
      ? `github.com/catalogue-mirrors/port-aurelia-${number}`
      : parent !== undefined
      ? `github.com/fork-of-${number}/${parent.name.split("/").at(-1)}`
      : `${host}/${owner}/${project}-${number}`;
    repositories.push({
      name,
      description: isMirror
        ? "All datasets of Port Aurelia, mirrored"
        : `${project} of Port Aurelia`,
      stars: stars(random),
      forks: random.below(20),
      isFork: parent !== undefined,
      isArchived: random.chance(0.08),
      parent: parent?.name,
      topics: random.chance(0.5) ? ["open-data", project.split("-")[0]!] : [],
      license: random.pick(LICENSES),
      commit: random.text(40),
      fetchedAt: `2026-11-${random.between(10, 23)}T0${random.below(10)}:12:33.${
        random.between(1e5, 9e5)
      }Z`,
      files,
    });
    placesOf.push(places);
    const isCatalogueMirror = isMirror || (parent !== undefined && parentIndex % 300 === 7);
    for (const place of places) {
      if (place.kind === undefined) continue;
      for (const { datasetId, resourceId } of place.named) {
        truth.push({
          repository: name,
          path: place.path,
          line_number: place.line,
          match_kind: place.kind,
          dataset_id: datasetId,
          resource_id: resourceId,
          text: place.text,
          is_generic: place.isGeneric ?? false,
          is_fork: parent !== undefined,
          is_catalogue_mirror: isCatalogueMirror,
        });
      }
    }
  }
  return { repositories, truth };
}

export interface DemoFile {
  readonly path: string;
  readonly text: string;
}

export interface DemoRepository {
  /** `host/owner/name`. */
  readonly name: string;
  readonly description: string;
  readonly stars: number;
  readonly forks: number;
  readonly isFork: boolean;
  readonly isArchived: boolean;
  /** The repository this one was forked from, when it was. */
  readonly parent: string | undefined;
  readonly topics: readonly string[];
  readonly license: string | undefined;
  /** Forty hexadecimal digits. */
  readonly commit: string;
  /** When the code search fetched it last (RFC 3339). */
  readonly fetchedAt: string;
  readonly files: readonly DemoFile[];
}

const LARGEST = 400;

/** Pages of up to 400 datasets, with the places on them. */
export function mirrorFiles(catalogue: CatalogueIndex): { files: DemoFile[]; places: Place[] } {
  const files: DemoFile[] = [];
  const places: Place[] = [];
  for (let index = 0; index < Math.min(catalogue.size, LARGEST); index++) {
    const resources = catalogue.usable(index).filter(({ url }) => /^[!-~]+$/.test(url));
    if (resources.length === 0) continue;
    const { id, name, title } = catalogue.dataset(index);
    const path = `datasets/${name}.md`;
    const page = `https://${PORTAL_HOST}/dataset/${name}`;
    const lines = [`# ${title.trim()}`, "", `| Catalog | [Link](${page}) |`];
    const named = [{ datasetId: id, resourceId: null }];
    places.push({ text: page, form: "url", kind: "landing_page", named, path, line: 3 });
    for (const url of new Set(resources.map((resource) => resource.url))) {
      lines.push(`| Data | [file](${url}) |`);
      const refs = catalogue.exact(url);
      places.push({
        text: url,
        form: "url",
        kind: "exact",
        named: refs.map(({ datasetId, resourceId }) => ({ datasetId, resourceId })),
        path,
        line: lines.length,
      });
    }
    files.push({ path, text: lines.join("\n") + "\n" });
  }
  return { files, places };
}

/** Writes every file as `{folder}/{host}/{owner}/{name}/{path}`. */
export async function writeCheckouts(
  folder: string,
  repositories: readonly DemoRepository[],
): Promise<void> {
  for (const { name, files } of repositories) {
    for (const { path, text } of files) {
      const file = `${folder}/${name}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
  }
}
