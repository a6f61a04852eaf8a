/**
 * A graph of datasets and the repositories that mention them: a neighbourhood, or the most mentioned.
 * The same address always gives the same picture.
 * @module
 */
import Graphology from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import type { CodeColumn } from "./columns.ts";
import { MOST_DATASETS_TO_RELATE } from "./lists.ts";
import { BadRequest, onlyParameters, quoted } from "./responses.ts";
import type { SiteData } from "./site_data.ts";
import type { SiteTables } from "./site_tables.ts";

/** A dataset or a repository with its position. */
export interface GraphNode {
  id: string;
  kind: "dataset" | "repository";
  /** The id that the node's page is found by. */
  key: string;
  label: string;
  x: number;
  y: number;
  /** Number of pairs that the node is in. */
  size: number;
}

/** A repository mentions a dataset. */
export interface GraphEdge {
  source: string;
  target: string;
  match_kind: string;
  mentions: number;
}

/** Nodes and edges. */
export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** The centre of the graph; with none of the three it shows what is mentioned most. */
export interface GraphQuery {
  dataset_id?: string;
  organization_id?: string;
  repository?: string;
  /** The most pairs of dataset and repository that are shown. */
  edges: number;
}

/** Pairs that are shown unless the address says otherwise: as many as a person can read. */
const DEFAULT_EDGES = 400;
/** So that there are never more than 5,000 nodes. */
const MOST_EDGES = 4999;
const TOP_DATASETS = 1000;
const PAIRS_OF_A_DATASET = 12;

/** Reads the address of a graph. @throws {BadRequest} */
export function readGraphQuery(query: URLSearchParams): GraphQuery {
  onlyParameters(query, "edges", "dataset_id", "organization_id", "repository");
  const read: GraphQuery = { edges: DEFAULT_EDGES };
  for (const [name, value] of query) {
    if (name === "edges") {
      const edges = /^\d{1,5}$/.test(value) ? Number(value) : 0;
      if (edges < 1 || edges > MOST_EDGES) {
        throw new BadRequest(
          `edges is ${quoted(value)}: expected a number from 1 to ${MOST_EDGES}`,
        );
      }
      read.edges = edges;
    } else read[name as "dataset_id"] = value.slice(0, 2000);
  }
  if (Object.keys(read).length > 2) {
    throw new BadRequest("expected only one of dataset_id, organization_id, repository");
  }
  return read;
}

/** Chooses the pairs around the centre. */
export function readPairs({ tables }: SiteData, { edges, ...of }: GraphQuery): Pair[] {
  const { datasets, pairs } = tables;
  const { dataset_id, repository, match_kind } = pairs.columns;
  return pairsNear(tables, of, edges).map((pair) => ({
    dataset_id: dataset_id.at(pair)!,
    repository: repository.at(pair)!,
    match_kind: match_kind.at(pair)!,
    mentions: pairs.mentions[pair]!,
    title: datasets.entities.labelOf(dataset_id.codes[pair]!),
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

/** Rows of pairs: first those of the centre itself, then those of its neighbours. */
function pairsNear(tables: SiteTables, of: Omit<GraphQuery, "edges">, most: number): number[] {
  const { pairs } = tables;
  const { dataset_id: datasets, organization_id: organizations, repository: repositories } =
    pairs.columns;
  const own = (column: CodeColumn, value: string): number[] => {
    const code = column.dictionary.codeOf(value);
    return code === undefined ? [] : original(tables, column.rowsOf(code));
  };
  // neighbours in the order of the list, however they were found
  const around = (
    near: number[],
    through: CodeColumn,
    isShown = (_pair: number) => true,
  ): number[] => {
    const known = new Set(near);
    const codes = new Set(near.map((pair) => through.codes[pair]!));
    const others = [...codes].flatMap((code) => original(tables, through.rowsOf(code)))
      .filter((pair) => !known.has(pair) && isShown(pair));
    return [...near, ...others.sort((one, other) => one - other)].slice(0, most);
  };
  if (of.repository !== undefined) return around(own(repositories, of.repository), datasets);
  if (of.dataset_id !== undefined) {
    // a repository with very many datasets would hide all others
    const isSelective = (pair: number) =>
      pairs.repositoryDatasets[pair]! <= MOST_DATASETS_TO_RELATE;
    return around(own(datasets, of.dataset_id), repositories, isSelective);
  }
  if (of.organization_id !== undefined) {
    return own(organizations, of.organization_id).slice(0, most);
  }
  return top(tables, most);
}

/**
 * The most mentioned datasets, each with a few repositories, first those that connect it to others.
 */
function top(tables: SiteTables, most: number): number[] {
  const { datasets, pairs } = tables;
  const chosen: number[] = [];
  for (let dataset = 0; dataset < Math.min(TOP_DATASETS, datasets.size); dataset += 1) {
    if (chosen.length >= most) break;
    const all = original(tables, pairs.columns.dataset_id.rowsOf(dataset));
    const isJoining = (pair: number) => {
      const count = pairs.repositoryDatasets[pair]!;
      return count >= 2 && count <= MOST_DATASETS_TO_RELATE;
    };
    const few = [...all.filter(isJoining), ...all.filter((pair) => !isJoining(pair))]
      .slice(0, PAIRS_OF_A_DATASET);
    chosen.push(...few.sort((one, other) => one - other));
  }
  return chosen.slice(0, most);
}

function original({ pairs }: SiteTables, rows: Uint32Array): number[] {
  const { codes, dictionary } = pairs.columns.counted_as;
  const code = dictionary.codeOf("original");
  return Array.from(rows).filter((row) => codes[row] === code);
}

/** The part of graphology that is used. */
interface GraphLike {
  addNode(id: string, position: Position): void;
  addEdge(source: string, target: string): void;
  getNodeAttributes(id: string): Position;
}

interface Position {
  x: number;
  y: number;
}

interface Layout {
  assign(graph: GraphLike, options: { iterations: number; settings: object }): void;
  inferSettings(nodes: number): object;
}

// both packages are CommonJS with ES types: Deno takes their default exports for namespaces
const GraphClass = Graphology as unknown as new (options: object) => GraphLike;
const layout = forceAtlas2 as unknown as Layout;

/** Iterations without a break. */
const SLICE = 5;

/**
 * Gives every node its position. ForceAtlas2 begins with positions on a spiral, without randomness, so
 * the same pairs always give the same picture.
 */
export async function layOut({ nodes, edges }: Graph): Promise<Graph> {
  if (nodes.length <= 2) return { nodes, edges };
  const graph = new GraphClass({ type: "undirected" });
  for (const { id, x, y } of nodes) graph.addNode(id, { x, y });
  for (const { source, target } of edges) graph.addEdge(source, target);
  const settings = { ...layout.inferSettings(nodes.length), adjustSizes: false };
  for (let left = iterationsFor(nodes.length); left > 0; left -= SLICE) {
    layout.assign(graph, { iterations: Math.min(SLICE, left), settings });
    // other requests are answered in between
    await new Promise((resolve) => setTimeout(resolve));
  }
  return {
    nodes: nodes.map((node) => ({ ...node, ...rounded(graph.getNodeAttributes(node.id)) })),
    edges,
  };
}

/** Datasets and repositories with their edges, the nodes on a spiral in their order. */
export function graphOf(pairs: Pair[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const add = (kind: GraphNode["kind"], key: string, label: string): string => {
    const id = `${kind}:${key}`;
    if (!nodes.has(id)) {
      const at = nodes.size + 1;
      const position = {
        x: Math.sqrt(at) * Math.cos(at * 2.4),
        y: Math.sqrt(at) * Math.sin(at * 2.4),
      };
      nodes.set(id, { id, kind, key, label: label.slice(0, 120), ...position, size: 0 });
    }
    nodes.get(id)!.size += 1;
    return id;
  };
  const edges = pairs.map(({ dataset_id, repository, match_kind, mentions, title }) => {
    const target = add("dataset", dataset_id, title);
    const source = add("repository", repository, repository);
    return { source, target, match_kind, mentions };
  });
  return { nodes: [...nodes.values()], edges };
}

/** Fewer for large graphs: no page should wait long, and a second of layout is nearly as good. */
function iterationsFor(nodes: number): number {
  return Math.max(20, Math.min(200, Math.round(60_000 / nodes)));
}

function rounded({ x, y }: Position) {
  return { x: Number(x.toFixed(2)), y: Number(y.toFixed(2)) };
}

/** Graphs that are remembered for each snapshot: one has up to 5,000 nodes. */
const MOST_GRAPHS = 50;
/** Layouts at the same time: each keeps the processor busy for up to a second. */
const MOST_LAYOUTS = 2;
/** Layouts that may wait for their turn. */
const MOST_WAITING = 8;

const remembered = new WeakMap<SiteData, Map<string, Promise<Graph>>>();
const waiting: (() => void)[] = [];
let running = 0;

/** Too many graphs are being laid out: status 503. */
export class TooBusy extends Error {}

/**
 * A graph with positions. Those requested before are remembered, because a layout takes a while.
 * @throws {TooBusy} where too many others wait already
 */
export function graphData(data: SiteData, query: GraphQuery): Promise<Graph> {
  const graphs = remembered.get(data) ?? new Map<string, Promise<Graph>>();
  remembered.set(data, graphs);
  const key = JSON.stringify(query);
  const known = graphs.get(key);
  if (known !== undefined) return known;
  if (running >= MOST_LAYOUTS && waiting.length >= MOST_WAITING) {
    return Promise.reject(new TooBusy("too many graphs are being laid out"));
  }
  const graph = inTurn(() => layOut(graphOf(readPairs(data, query))));
  if (graphs.size >= MOST_GRAPHS) graphs.delete(graphs.keys().next().value!);
  graphs.set(key, graph);
  graph.catch(() => graphs.delete(key));
  return graph;
}

async function inTurn<Made>(make: () => Promise<Made>): Promise<Made> {
  if (running >= MOST_LAYOUTS) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await make();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** The graph as the writers of lib/web/gexf.ts take it. */
export function asDocument({ nodes, edges }: Graph) {
  return {
    nodes: nodes.map((node) => ({ ...node, weight: node.size })),
    edges: edges.map(({ mentions, ...edge }) => ({ ...edge, kind: "mentions", weight: mentions })),
  };
}
