import { escapeHtml } from "../web/html.ts";
import type { Graph } from "./graph_data.ts";

/** A graph as GEXF 1.3 for Gephi, with types, weights and positions. */
export function gexfOf({ nodes, edges }: Graph, created: string): string {
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">`,
    `<meta lastmodifieddate="${
      created.slice(0, 10)
    }"><creator>Open data in public code</creator></meta>`,
    `<graph defaultedgetype="directed" mode="static">`,
    `<attributes class="node"><attribute id="kind" title="kind" type="string"/>` +
    `<attribute id="key" title="key" type="string"/></attributes>`,
    `<attributes class="edge"><attribute id="match_kind" title="match_kind" type="string"/></attributes>`,
    `<nodes>`,
    ...nodes.map(({ id, label, kind, key, x, y, size }) =>
      `<node id="${escapeHtml(id)}" label="${escapeHtml(label)}"><attvalues>` +
      `<attvalue for="kind" value="${kind}"/><attvalue for="key" value="${escapeHtml(key)}"/>` +
      `</attvalues><viz:position x="${x}" y="${y}" z="0"/><viz:size value="${size}"/>` +
      `<viz:shape value="${kind === "dataset" ? "square" : "disc"}"/></node>`
    ),
    `</nodes>`,
    `<edges>`,
    ...edges.map(({ source, target, match_kind, mentions }, at) =>
      `<edge id="${at}" source="${escapeHtml(source)}" target="${escapeHtml(target)}" ` +
      `weight="${mentions}"><attvalues><attvalue for="match_kind" value="${
        escapeHtml(match_kind)
      }"/></attvalues></edge>`
    ),
    `</edges>`,
    `</graph>`,
    `</gexf>`,
  ];
  return lines.join("\n") + "\n";
}
