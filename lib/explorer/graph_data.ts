import type { SiteData } from "./site_data.ts";
import { WrongRequest } from "./failures.ts";
import { layOut } from "./graph_layout.ts";

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
export async function readGraph(data: SiteData, query: GraphQuery): Promise<Graph> {
  const { edges, ...of } = query;
  const pairs = await data.rows<Pair>(
    `with chosen as materialized (${pairsNear(of)} order by nearness, position limit ${edges})
     select
       item.dataset_id, item.repository, item.match_kind, item.mentions,
       dataset.title, dataset.repositories
     from final.final_dataset_repository_mappings as item
     inner join chosen on item.rowid = chosen.item_row
     left join explorer.datasets as dataset on chosen.dataset_key = dataset.dataset_key
     order by chosen.nearness, chosen.position`,
    of,
  );
  return await layOut(pairs);
}

/** A row of the query. */
export interface Pair {
  dataset_id: string;
  repository: string;
  match_kind: string;
  mentions: number;
  title: string | null;
  repositories: number | null;
}

/** First the pairs of the thing itself, then those of its neighbours. */
function pairsNear(of: Omit<GraphQuery, "edges">): string {
  const all = `from explorer.pairs where counted_as = 'original'`;
  if (of.repository !== undefined) {
    return `select *, case when repository_key = hash($repository) then 0 else 1 end as nearness
      ${all} and dataset_key in
        (select dataset_key from explorer.pairs where repository_key = hash($repository))`;
  }
  if (of.dataset_id !== undefined) {
    // a repository with very many datasets would bury all others
    return `select *, case when dataset_key = hash($dataset_id) then 0 else 1 end as nearness
      ${all} and repository_key in
        (select repository_key from explorer.pairs where dataset_key = hash($dataset_id))
      and (dataset_key = hash($dataset_id) or repository_datasets <= 50)`;
  }
  if (of.organization_id !== undefined) {
    return `select *, 0 as nearness ${all} and organization_key = hash($organization_id)`;
  }
  // the top: the datasets that most repositories mention, each with the repositories that join it
  // to others first, and not so many that one dataset is all there is
  return `select pairs.*, datasets.position as nearness
    from explorer.pairs as pairs
    inner join (select * from explorer.datasets order by position limit ${TOP_DATASETS}) as datasets
      on pairs.dataset_key = datasets.dataset_key
    where pairs.counted_as = 'original'
    qualify row_number() over (
      partition by pairs.dataset_key
      order by pairs.repository_datasets between 2 and 50 desc, pairs.position
    ) <= ${PAIRS_OF_A_DATASET}`;
}
