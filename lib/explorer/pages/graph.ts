/**
 * `/{site}/graph`: the graph as a picture, and the same pairs as a table.
 * @module
 */
import { table } from "../../web/components.ts";
import { html, untrusted } from "../../web/html.ts";
import { formatCount } from "../../cli/progress.ts";
import { labelFor, plural } from "../../web/labels.ts";
import { type Graph, type GraphNode, graphOf, type GraphQuery, readPairs } from "../graph.ts";
import type { Page } from "../layout.ts";
import { linked, type Links, type Parameters } from "../links.ts";
import type { View } from "../view.ts";

/** Rows of the table; all of them are in the files. */
const TABLE_ROWS = 200;

/** The page of a graph; the script of the page asks for the positions. */
export function graphPage({ data, links }: View, query: GraphQuery, parameters: Parameters): Page {
  const graph = graphOf(readPairs(data, query));
  const { edges: _edges, ...of } = query;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const count = (kind: string) => graph.nodes.filter((node) => node.kind === kind).length;
  const centre = of.dataset_id ?? of.organization_id ?? of.repository;
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
      <h1>${centre === undefined ? "Most mentioned datasets and their repositories" : "Graph"}</h1>
      <p
        class="lead">${plural(count("repository"), "repository")} and ${plural(
          count("dataset"),
          "dataset",
        )}${centre === undefined ? null : html`
          around ${untrusted(labelOf(graph, of), 120)}
        `}, connected where one mentions the other. Forks, mirrors and generic URLs are left out.</p>
      ${graph.nodes.length === 0 ? html`<p>No mentions found.</p>` : html`
        <figure class="graph">
          <figcaption>
            <span class="key dataset">● Dataset</span> <span class="key repository">○ Repository</span>
            <span class="quiet">Size: number of connections. The table below has the same pairs.</span>
          </figcaption>
          <div id="graph" data-source="${links.graphFile("json", parameters)}"></div>
          <div id="graph-tools" hidden>
            <label for="node">Find a dataset or repository</label>
            <input id="node" list="nodes" autocomplete="off">
            <datalist id="nodes"></datalist>
            <button type="button" id="previous">Previous</button>
            <button type="button" id="next">Next</button>
            <button type="button" id="closer">Zoom in</button>
            <button type="button" id="farther">Zoom out</button>
            <button type="button" id="all">Show all</button>
            <p id="focused" role="status">Use the arrow keys in the picture, or the buttons, to go from node
              to node.</p>
          </div>
          <noscript><p class="quiet">The picture needs JavaScript; the table and the files do not.</p></noscript>
        </figure>
        <p class="files">All pairs: ${([["gexf", "GEXF for Gephi"], ["json", "JSON"]] as const).map(
          ([type, name]) =>
            html`
              <a href="${links.graphFile(type, parameters)}" ${type === "gexf"
                ? html`
                  download
                `
                : null}>${name}</a>
            `,
        )}</p>
        ${table(
          graph.edges.length > TABLE_ROWS
            ? `Who mentions what: the first ${TABLE_ROWS} of ${
              formatCount(graph.edges.length)
            } pairs`
            : `Who mentions what: ${plural(graph.edges.length, "pair")}`,
          [
            { head: "Repository", cell: (row) => nodeLink(links, row.from) },
            { head: "Dataset", cell: (row) => nodeLink(links, row.to) },
            { head: "Match kind", cell: (row) => labelFor("match_kind", row.match_kind) },
            { head: "Mentions", isNumber: true, cell: (row) => formatCount(row.mentions) },
          ],
          shown,
        )}
      `}
    `,
  };
}

/** The graph as the page's script reads it: every node with the address of its page. */
export function graphJson(graph: Graph, links: Links) {
  return {
    nodes: graph.nodes.map((node) => ({ ...node, href: links.entry(node.kind, node.key) ?? null })),
    edges: graph.edges,
  };
}

function nodeLink(links: Links, { kind, key, label }: GraphNode) {
  return linked(links.entry(kind, key), untrusted(label, 90));
}

function labelOf(graph: Graph, of: Omit<GraphQuery, "edges">): string {
  const key = of.dataset_id ?? of.repository ?? of.organization_id!;
  return graph.nodes.find((node) => node.key === key)?.label ?? key;
}
