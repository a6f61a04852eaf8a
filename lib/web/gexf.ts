/**
 * Graphs as GEXF 1.3 and GraphML for Gephi, Cytoscape, networkx and others, row by row so that any
 * size streams. Text from catalogues and code is escaped, shortened and kept on one line.
 * @module
 */
import { escapeHtml, singleLine } from "./html.ts";

/** A dataset, an organization or a repository with its position. */
export interface GraphNode {
  id: string;
  kind: string;
  label: string;
  weight: number;
  x: number;
  y: number;
}

/** Who mentions or owns what. */
export interface GraphEdge {
  source: string;
  target: string;
  kind: string;
  match_kind: string | null;
  weight: number;
}

/** The formats by file extension. */
export type GraphFormat = "gexf" | "graphml";

type Chunks<Row> = AsyncIterable<Row[]> | Iterable<Row[]>;

interface Dialect {
  begin: (created: string) => string;
  node(node: GraphNode): string;
  between: string;
  edge(edge: GraphEdge, index: number): string;
  end: string;
}

/** Kinds differ by shape as well as by colour. */
const SHAPES: Record<string, string> = {
  organization: "triangle",
  dataset: "square",
  repository: "disc",
};

const COLOURS: Record<string, string> = {
  organization: `r="154" g="52" b="18"`,
  dataset: `r="13" g="92" b="102"`,
  repository: `r="120" g="120" b="120"`,
};

const DIALECTS: Record<GraphFormat, Dialect> = {
  gexf: {
    begin: (created) =>
      `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<meta lastmodifieddate="${created.slice(0, 10)}"><creator>Open data in public code</creator></meta>
<graph defaultedgetype="directed" mode="static">
<attributes class="node"><attribute id="kind" title="kind" type="string"/><attribute id="weight" title="weight" type="integer"/></attributes>
<attributes class="edge"><attribute id="edge_kind" title="edge_kind" type="string"/><attribute id="match_kind" title="match_kind" type="string"/></attributes>
<nodes>
`,
    node: (node) =>
      `<node id="${xml(node.id)}" label="${xml(shorten(node.label))}"><attvalues>` +
      `<attvalue for="kind" value="${xml(node.kind)}"/>` +
      `<attvalue for="weight" value="${node.weight}"/></attvalues>` +
      `<viz:color ${COLOURS[node.kind]}/>` +
      `<viz:position x="${node.x.toFixed(2)}" y="${node.y.toFixed(2)}" z="0"/>` +
      `<viz:size value="${(4 + 3 * Math.log2(1 + node.weight)).toFixed(1)}"/>` +
      `<viz:shape value="${SHAPES[node.kind]}"/></node>\n`,
    between: `</nodes>\n<edges>\n`,
    edge: (edge, index) =>
      `<edge id="${index}" source="${xml(edge.source)}" target="${xml(edge.target)}" ` +
      `weight="${edge.weight}"><attvalues><attvalue for="edge_kind" value="${xml(edge.kind)}"/>` +
      (edge.match_kind === null
        ? ""
        : `<attvalue for="match_kind" value="${xml(edge.match_kind)}"/>`) +
      `</attvalues></edge>\n`,
    end: `</edges>\n</graph>\n</gexf>\n`,
  },
  graphml: {
    begin: () =>
      `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="kind" for="node" attr.name="kind" attr.type="string"/>
<key id="size" for="node" attr.name="weight" attr.type="long"/>
<key id="x" for="node" attr.name="x" attr.type="double"/>
<key id="y" for="node" attr.name="y" attr.type="double"/>
<key id="edge_kind" for="edge" attr.name="kind" attr.type="string"/>
<key id="match_kind" for="edge" attr.name="match_kind" attr.type="string"/>
<key id="weight" for="edge" attr.name="weight" attr.type="double"/>
<graph edgedefault="directed">
`,
    node: (node) =>
      `<node id="${xml(node.id)}"><data key="label">${xml(shorten(node.label))}</data>` +
      `<data key="kind">${xml(node.kind)}</data><data key="size">${node.weight}</data>` +
      `<data key="x">${node.x.toFixed(2)}</data><data key="y">${node.y.toFixed(2)}</data></node>\n`,
    between: "",
    edge: (edge) =>
      `<edge source="${xml(edge.source)}" target="${xml(edge.target)}">` +
      `<data key="edge_kind">${xml(edge.kind)}</data>` +
      (edge.match_kind === null ? "" : `<data key="match_kind">${xml(edge.match_kind)}</data>`) +
      `<data key="weight">${edge.weight}</data></edge>\n`,
    end: `</graph>\n</graphml>\n`,
  },
};

/**
 * The document in pieces.
 * @param created when the tables were built, so that two documents of one snapshot are equal
 */
export async function* graphDocument(
  format: GraphFormat,
  created: string,
  nodes: Chunks<GraphNode>,
  edges: Chunks<GraphEdge>,
): AsyncGenerator<string> {
  const { begin, node, between, edge, end } = DIALECTS[format];
  yield begin(created);
  for await (const rows of nodes) yield rows.map(node).join("");
  yield between;
  let written = 0;
  for await (const rows of edges) {
    yield rows.map((row, index) => edge(row, written + index)).join("");
    written += rows.length;
  }
  yield end;
}

function shorten(label: string): string {
  const characters = Array.from(singleLine(label.slice(0, 400)));
  return characters.length <= 120 ? characters.join("") : characters.slice(0, 119).join("") + "…";
}

/** Text for XML, which has no place for control characters and unpaired surrogates. */
function xml(text: string): string {
  return escapeHtml(text.toWellFormed()).replace(/[\ufffe\uffff]/g, "");
}
