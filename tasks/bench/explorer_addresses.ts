/**
 * Addresses of the explorer's pages for a load: of every kind some, spread over all there is.
 *
 * @module
 */
import { Database } from "../../lib/duckdb/database.ts";

/** Kind of page → addresses, none twice. */
export type Addresses = Record<string, string[]>;

/** Reads ids from a snapshot of `final`. @param each addresses of a kind, at most */
export async function explorerAddresses(
  file: string,
  site: string,
  each: number,
): Promise<Addresses> {
  const db = await Database.open();
  try {
    await db.attach(file, "final");
    const ids = async (select: string): Promise<string[]> =>
      (await db.rows<{ id: string }>(
        `select id from (${select}) order by hash(id, 1) limit ${each}`,
      )).map(({ id }) => encodeURIComponent(id));
    const pagesOf = async (table: string, list: string, rows: number): Promise<string[]> => {
      const { pages } = await db.one<{ pages: number }>(
        `select (count(*) // ${rows})::integer as pages from final.${table}`,
      );
      const step = Math.max(1, pages / each);
      return Array.from({ length: each }, (_, at) => `${list}?page=${1 + Math.floor(at * step)}`);
    };
    const datasets = await ids("select dataset_id as id from final.final_dataset_usage");
    const mentioned = await ids(
      `select dataset_id as id from final.final_dataset_usage
       order by repositories desc limit ${10 * each}`,
    );
    const organizations = await ids(
      "select organization_id as id from final.final_organization_usage",
    );
    const repositories = (await ids("select repository as id from final.final_repositories"))
      .map(decodeURIComponent);
    const topics = await ids(
      "select topic_kind || '/' || topic as id from final.final_topic_usage",
    );
    const narrowed = (path: string, values: string[]) => values.map((value) => path + value);
    const pages: Addresses = {
      "a dataset": narrowed("dataset/", datasets),
      "a dataset that many mention": narrowed("dataset/", mentioned),
      "an organization": narrowed("organization/", organizations),
      "a repository": narrowed("repository/", repositories),
      "a resource": narrowed(
        "resource/",
        await ids("select id from final.final_clean_all_resources"),
      ),
      "a mention": narrowed(
        "mention/",
        await ids("select mention_id as id from final.final_mentions"),
      ),
      "a topic": topics.map((topic) => `topic/${topic.replace("%2F", "/")}`),
      "a neighbourhood as graph": narrowed("graph?dataset_id=", mentioned),
      "datasets": await pagesOf("final_dataset_usage", "datasets", 50),
      "resources": await pagesOf("final_clean_all_resources", "resources", 25),
      "mentions": await pagesOf("final_mentions", "mentions", 25),
      "pairs": await pagesOf("final_dataset_repository_mappings", "pairs", 50),
      "repositories": await pagesOf("final_repositories", "repositories", 50),
      "organizations": await pagesOf("final_organization_usage", "organizations", 50),
      "topics": await pagesOf("final_topic_usage", "topics", 50),
      "packages": await pagesOf("final_packages", "packages", 50),
      "broken links": await pagesOf("final_dead_references", "dead_references", 50),
      "reach": await pagesOf("final_dataset_reach", "dataset_reach", 50),
      "datasets of an organization": narrowed("datasets?organization_id=", organizations),
      "datasets by two facets": narrowed(
        "datasets?match_kind=exact&organization_id=",
        organizations,
      ),
      "mentions of an organization": narrowed("mentions?organization_id=", organizations),
      "mentions of a kind": narrowed(
        "mentions?match_kind=exact&page=",
        Array.from({ length: each }, (_, at) => String(1 + 7 * at)),
      ),
    };
    return Object.fromEntries(
      Object.entries(pages).map(([kind, paths]) => [
        kind,
        [...new Set(paths)].map((path) => `/${site}/${path}`),
      ]),
    );
  } finally {
    db.close();
  }
}

/** What is asked as people type titles, letter by letter from the third. */
export async function keystrokes(file: string, site: string, most: number): Promise<string[]> {
  const db = await Database.open();
  try {
    await db.attach(file, "final");
    const titles = await db.rows<{ title: string }>(
      "select title from final.final_dataset_usage order by hash(dataset_id, 2) limit 200",
    );
    const texts = new Set<string>();
    for (const { title } of titles) {
      for (let length = 3; length <= Math.min(24, title.length); length += 1) {
        texts.add(title.slice(0, length));
      }
    }
    return [...texts].slice(0, most).map((text) =>
      `/${site}/search?part=results&q=${encodeURIComponent(text)}`
    );
  } finally {
    db.close();
  }
}
