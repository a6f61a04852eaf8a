import type { Single } from "./columns.ts";
import { WrongRequest } from "./failures.ts";
import type { SiteData } from "./site_data.ts";
import type { Things } from "./things.ts";

/** A graph of datasets and the repositories that mention them: a neighbourhood, or the top. */

/** A dataset or a repository with its place. */
export interface GraphNode {
  id: string;
  kind: "dataset" | "repository";
  /** What the node's page is found by. */
  key: string;
  label: string;
  x: number;
  y: number;
  size: number;
}

/** A repository mentions a dataset. */
export interface GraphEdge {
  source: string;
  target: string;
  match_kind: string;
  mentions: number;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** What the graph is of; with none of the three it is the top. */
export interface GraphQuery {
  dataset_id?: string;
  organization_id?: string;
  repository?: string;
  /** At most so many pairs of dataset and repository. */
  edges: number;
}

/** Pairs that are shown unless the address says otherwise: what a person can still read. */
export const USUAL_EDGES = 400;
/** So that there are never more than 5,000 nodes. */
const MOST_EDGES = 4999;

/** A repository that mentions more says little about any two of them. */
const TELLING_DATASETS = 50;
const TOP_DATASETS = 1000;
const PAIRS_OF_A_DATASET = 12;

/** Reads the address of a graph. @throws {WrongRequest} */
export function readGraphQuery(query: URLSearchParams): GraphQuery {
  const read: GraphQuery = { edges: USUAL_EDGES };
  for (const [name, value] of query) {
    if (name === "edges") {
      const edges = /^\d{1,5}$/.test(value) ? Number(value) : 0;
      if (edges < 1 || edges > MOST_EDGES) {
        throw new WrongRequest(
          `edges is ${JSON.stringify(value.slice(0, 80))}, wanted is 1 to ${MOST_EDGES}`,
        );
      }
      read.edges = edges;
    } else if (name === "dataset_id" || name === "organization_id" || name === "repository") {
      read[name] = value.slice(0, 2000);
    } else {throw new WrongRequest(
        `${JSON.stringify(name.slice(0, 80))} is nothing that a graph is of`,
      );}
  }
  if (Object.keys(read).length > 2) throw new WrongRequest("a graph is of one thing");
  return read;
}

/** Chooses pairs near the thing asked for; the same address always gives the same graph. */
export function readPairs({ things }: SiteData, { edges, ...of }: GraphQuery): Pair[] {
  const { datasets, pairs } = things;
  const { dataset_id, repository, match_kind } = pairs.columns;
  return pairsNear(things, of, edges).map((pair) => ({
    dataset_id: dataset_id.at(pair)!,
    repository: repository.at(pair)!,
    match_kind: match_kind.at(pair)!,
    mentions: pairs.mentions[pair]!,
    title: datasets.named.labelOf(dataset_id.codes[pair]!),
  }));
}

/** A repository that mentions a dataset. */
export interface Pair {
  dataset_id: string;
  repository: string;
  match_kind: string;
  mentions: number;
  title: string;
}

/** Rows of pairs: first those of the thing itself, then those of its neighbours. */
function pairsNear(things: Things, of: Omit<GraphQuery, "edges">, most: number): number[] {
  const { pairs } = things;
  const { dataset_id: datasets, organization_id: organizations, repository: repositories } =
    pairs.columns;
  const own = (column: Single, value: string): number[] => {
    const code = column.names.codeOf(value);
    return code === undefined ? [] : original(things, column.rowsOf(code));
  };
  // neighbours in the order of the list, however they were come by
  const around = (near: number[], through: Single, isTold = (_pair: number) => true): number[] => {
    const known = new Set(near);
    const codes = new Set(near.map((pair) => through.codes[pair]!));
    const others = [...codes].flatMap((code) => original(things, through.rowsOf(code)))
      .filter((pair) => !known.has(pair) && isTold(pair));
    return [...near, ...others.sort((one, other) => one - other)].slice(0, most);
  };
  if (of.repository !== undefined) return around(own(repositories, of.repository), datasets);
  if (of.dataset_id !== undefined) {
    // a repository with very many datasets would bury all others
    const isTelling = (pair: number) => pairs.repositoryDatasets[pair]! <= TELLING_DATASETS;
    return around(own(datasets, of.dataset_id), repositories, isTelling);
  }
  if (of.organization_id !== undefined) {
    return own(organizations, of.organization_id).slice(0, most);
  }
  return top(things, most);
}

/**
 * The datasets that most repositories mention, each with the repositories that join it to others
 * first, and not so many that one dataset is all there is.
 */
function top(things: Things, most: number): number[] {
  const { datasets, pairs } = things;
  const chosen: number[] = [];
  for (let dataset = 0; dataset < Math.min(TOP_DATASETS, datasets.size); dataset += 1) {
    if (chosen.length >= most) break;
    const all = original(things, pairs.columns.dataset_id.rowsOf(dataset));
    const isJoining = (pair: number) => {
      const count = pairs.repositoryDatasets[pair]!;
      return count >= 2 && count <= TELLING_DATASETS;
    };
    const few = [...all.filter(isJoining), ...all.filter((pair) => !isJoining(pair))]
      .slice(0, PAIRS_OF_A_DATASET);
    chosen.push(...few.sort((one, other) => one - other));
  }
  return chosen.slice(0, most);
}

function original({ pairs }: Things, rows: Uint32Array): number[] {
  const { codes, names } = pairs.columns.counted_as;
  const code = names.codeOf("original");
  return Array.from(rows).filter((row) => codes[row] === code);
}
