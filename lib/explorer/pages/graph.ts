import { html, untrusted } from "../../web/html.ts";
import { idAddress, pageAddress, withQuery } from "../addresses.ts";
import {
  type Graph,
  type GraphNode,
  type GraphQuery,
  readGraphQuery,
  readPairs,
} from "../graph_data.ts";
import { graphOf, layOut } from "../graph_layout.ts";
import type { Page } from "../layout.ts";
import type { SiteData } from "../site_data.ts";
import { table } from "../table_parts.ts";
import { plural, wordFor } from "../../web/labels.ts";

export { readGraphQuery };

/** Rows of the table beside the picture; all of them are in the files. */
const TABLE_ROWS = 200;

/** Graphs that are remembered: one has up to 5,000 nodes. */
const MOST_GRAPHS = 50;

const known = new WeakMap<SiteData, Map<string, Promise<Graph>>>();

/** A graph with positions; those asked for before are remembered, for a layout takes a moment. */
export function graphData(data: SiteData, query: GraphQuery): Promise<Graph> {
  const graphs = known.get(data) ?? new Map<string, Promise<Graph>>();
  known.set(data, graphs);
  const key = JSON.stringify(query);
  const graph = graphs.get(key) ?? layOut(graphOf(readPairs(data, query)));
  if (graphs.size >= MOST_GRAPHS) graphs.delete(graphs.keys().next().value!);
  graphs.set(key, graph);
  graph.catch(() => graphs.delete(key));
  return graph;
}

/** `/{site}/graph`: the picture, and the same facts as a table. */
export function graphPage(data: SiteData, parameters: URLSearchParams): Page {
  const query = readGraphQuery(parameters);
  // the places are asked for by the script: the table needs none
  const graph = graphOf(readPairs(data, query));
  const { edges: _edges, ...of } = query;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const address = (type: string) =>
    withQuery(`/${data.name}/graph.${type}`, Object.fromEntries(parameters));
  const count = (kind: string) => graph.nodes.filter((node) => node.kind === kind).length;
  const about = of.dataset_id ?? of.organization_id ?? of.repository;
  const shown = graph.edges.slice(0, TABLE_ROWS).map((edge) => ({
    ...edge,
    from: nodes.get(edge.source)!,
    to: nodes.get(edge.target)!,
  }));
  return {
    title: "Graph",
    section: "graph",
    scripts: ["graphology.js", "sigma.js", "graph.js"],
    body: html`
      <h1>${about === undefined ? "What is mentioned most, and by whom" : "Neighbourhood"}</h1>
      <p class="lead">${plural(count("repository"), "repository")} and ${plural(
        count("dataset"),
        "dataset",
      )}${about === undefined ? null : html`
        near ${untrusted(nameOf(graph, of), 120)}
      `}, joined where one
        mentions the other. Forks, mirrors and generic URLs are left out.</p>
      ${graph.nodes.length === 0 ? html`<p>Nothing was found.</p>` : html`
        <figure class="graph">
          <figcaption>
            <span class="key dataset">● Dataset</span> <span class="key repository">○ Repository</span>
            <span class="quiet">Size: number of lines to it. The table below says the same.</span>
          </figcaption>
          <div id="graph" data-source="${address("json")}" data-site="${data.name}"></div>
          <div id="graph-tools" hidden>
            <label for="node">Find a node</label>
            <input id="node" list="nodes" autocomplete="off">
            <datalist id="nodes"></datalist>
            <button type="button" id="previous">Previous</button>
            <button type="button" id="next">Next</button>
            <button type="button" id="closer">Closer</button>
            <button type="button" id="farther">Farther</button>
            <button type="button" id="all">Show all</button>
            <p id="focused" role="status">With the arrow keys in the picture, or with the buttons, go from
              node to node.</p>
          </div>
          <noscript><p class="quiet">The picture needs script; the table and the files do not.</p></noscript>
        </figure>
        <p class="files">All of it: <a href="${address("gexf")}" download>GEXF for Gephi</a>
          <a href="${address("json")}">JSON</a></p>
        ${table(
          graph.edges.length > TABLE_ROWS
            ? `Who mentions what: the first ${TABLE_ROWS} of ${graph.edges.length} pairs`
            : `Who mentions what: ${plural(graph.edges.length, "pair")}`,
          [
            {
              head: "Repository",
              name: "repository",
              cell: (row) => nodeLink(data.name, row.from as GraphNode),
            },
            {
              head: "Dataset",
              name: "dataset",
              cell: (row) => nodeLink(data.name, row.to as GraphNode),
            },
            {
              head: "Match kind",
              name: "match_kind",
              cell: (row) => wordFor("match_kind", String(row.match_kind)),
            },
            {
              head: "Mentions",
              name: "mentions",
              isNumber: true,
              cell: (row) => String(row.mentions),
            },
          ],
          shown,
          data.name,
        )}
      `}
    `,
  };
}

function nodeLink(site: string, { kind, key, label }: GraphNode) {
  const address = kind === "dataset" ? idAddress(site, kind, key) : pageAddress(site, kind, key);
  return html`<a href="${address}">${untrusted(label, 90)}</a>`;
}

function nameOf(graph: Graph, of: Omit<GraphQuery, "edges">): string {
  const key = of.dataset_id ?? of.repository ?? of.organization_id!;
  return graph.nodes.find((node) => node.key === key)?.label ?? key;
}
