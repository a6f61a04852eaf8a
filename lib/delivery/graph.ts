import type { Database } from "../duckdb/database.ts";
import { tame } from "../web/html.ts";

/** The graph of organizations, datasets and repositories for Gephi and others, streamed row by row. */

interface Node {
  node_id: string;
  kind: string;
  label: string;
  weight: number;
  x: number;
  y: number;
}

interface Edge {
  source: string;
  target: string;
  kind: string;
  match_kind: string | null;
  weight: number;
}

/** One file format: what stands around and between the rows. */
interface Format {
  begin: string;
  node(node: Node): string;
  between: string;
  edge(edge: Edge, index: number): string;
  end: string;
}

/** So that kinds differ by more than their colour. */
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

/** GEXF 1.3, with kinds, weights and places. */
const GEXF: Format = {
  begin: `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="directed">
<attributes class="node"><attribute id="kind" title="kind" type="string"/><attribute id="weight" title="weight" type="integer"/></attributes>
<attributes class="edge"><attribute id="edge_kind" title="edge_kind" type="string"/><attribute id="match_kind" title="match_kind" type="string"/></attributes>
<nodes>
`,
  node: (node) =>
    `<node id="${xml(node.node_id)}" label="${xml(shorten(node.label))}"><attvalues>` +
    `<attvalue for="kind" value="${
      xml(node.kind)
    }"/><attvalue for="weight" value="${node.weight}"/>` +
    `</attvalues><viz:color ${COLOURS[node.kind]}/>` +
    `<viz:position x="${node.x.toFixed(2)}" y="${node.y.toFixed(2)}"/>` +
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
};

/** GraphML, for programs that read no GEXF. */
const GRAPHML: Format = {
  begin: `<?xml version="1.0" encoding="UTF-8"?>
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
    `<node id="${xml(node.node_id)}"><data key="label">${xml(shorten(node.label))}</data>` +
    `<data key="kind">${xml(node.kind)}</data><data key="size">${node.weight}</data>` +
    `<data key="x">${node.x.toFixed(2)}</data><data key="y">${node.y.toFixed(2)}</data></node>\n`,
  between: "",
  edge: (edge) =>
    `<edge source="${xml(edge.source)}" target="${xml(edge.target)}">` +
    `<data key="edge_kind">${xml(edge.kind)}</data>` +
    (edge.match_kind === null ? "" : `<data key="match_kind">${xml(edge.match_kind)}</data>`) +
    `<data key="weight">${edge.weight}</data></edge>\n`,
  end: `</graph>\n</graphml>\n`,
};

/** Writes the graph of the catalog in use as GEXF. */
export async function writeGexf(db: Database, file: string): Promise<void> {
  await write(db, file, GEXF);
}

/** Writes the graph of the catalog in use as GraphML. */
export async function writeGraphml(db: Database, file: string): Promise<void> {
  await write(db, file, GRAPHML);
}

async function write(db: Database, file: string, format: Format): Promise<void> {
  const handle = await Deno.open(file, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  const put = async (text: string) => {
    const data = encoder.encode(text);
    for (let at = 0; at < data.length;) at += await handle.write(data.subarray(at));
  };
  try {
    await put(format.begin);
    const nodes = db.stream<Node>("select * from final_graph_nodes order by kind, node_id");
    for await (const rows of nodes) await put(rows.map((row) => format.node(row)).join(""));
    await put(format.between);
    let written = 0;
    const edges = db.stream<Edge>("select * from final_graph_edges order by source, target");
    for await (const rows of edges) {
      await put(rows.map((row, index) => format.edge(row, written + index)).join(""));
      written += rows.length;
    }
    await put(format.end);
  } finally {
    handle.close();
  }
}

function shorten(label: string): string {
  const characters = Array.from(tame(label).slice(0, 400));
  return characters.length <= 120 ? characters.join("") : characters.slice(0, 119).join("") + "…";
}

/** Text for XML, which has no place for control characters and half characters. */
function xml(text: string): string {
  return text
    .toWellFormed()
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
