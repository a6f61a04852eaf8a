import Graphology from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import type { Graph, GraphNode, Pair } from "./graph_data.ts";

/** What is used of graphology. */
interface GraphLike {
  addNode(id: string, place: Place): void;
  addEdge(source: string, target: string): void;
  getNodeAttributes(id: string): Place;
}

interface Place {
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

/** Iterations in one go. */
const SLICE = 5;

/**
 * Gives every node its place. ForceAtlas2 begins from places on a spiral, without chance, so that the
 * same pairs always give the same picture.
 */
export async function layOut({ nodes, edges }: Graph): Promise<Graph> {
  if (nodes.length <= 2) return { nodes, edges };
  const graph = new GraphClass({ type: "undirected" });
  for (const { id, x, y } of nodes) graph.addNode(id, { x, y });
  for (const { source, target } of edges) graph.addEdge(source, target);
  const settings = { ...layout.inferSettings(nodes.length), adjustSizes: false };
  for (let left = iterationsFor(nodes.length); left > 0; left -= SLICE) {
    layout.assign(graph, { iterations: Math.min(SLICE, left), settings });
    // other readers are answered in between
    await new Promise((resolve) => setTimeout(resolve));
  }
  return {
    nodes: nodes.map((node) => ({ ...node, ...rounded(graph.getNodeAttributes(node.id)) })),
    edges,
  };
}

/** Datasets and repositories with what joins them, every node on a spiral by order. */
export function graphOf(pairs: Pair[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const add = (kind: GraphNode["kind"], key: string, label: string): string => {
    const id = `${kind}:${key}`;
    if (!nodes.has(id)) {
      const at = nodes.size + 1;
      const place = {
        x: Math.sqrt(at) * Math.cos(at * 2.4),
        y: Math.sqrt(at) * Math.sin(at * 2.4),
      };
      nodes.set(id, { id, kind, key, label: label.slice(0, 120), ...place, size: 0 });
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

/** Fewer for large graphs: a page shall not wait, and a second of layout says most of it. */
function iterationsFor(nodes: number): number {
  return Math.max(20, Math.min(200, Math.round(60_000 / nodes)));
}

function rounded({ x, y }: Place) {
  return { x: Number(x.toFixed(2)), y: Number(y.toFixed(2)) };
}
