import { join } from "node:path";
import { RowAppender } from "../../lib/duckdb/appender.ts";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { CatalogueIndex } from "../../lib/demo/city/catalogue_index.ts";
import { PORTAL_HOST } from "../../lib/demo/city/urls.ts";
import { type DemoCode, demoCode } from "../../lib/demo/code/repositories.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot, type Snapshot } from "../../lib/storage/snapshots.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import { runHere } from "./run_here.ts";

/** A site whose catalogue is the demo city's and whose code is the demo's: what is named is known. */
export class SearchedSite {
  /** How often a query is asked before it counts as unanswered. */
  attempts = 8;

  private constructor(readonly root: string, readonly code: DemoCode, readonly datasets: number) {}

  /** An empty artifacts directory with the catalogue published; `use` gets it, then it is gone. */
  static async with(
    size: { datasets: number; repositories: number },
    use: (site: SearchedSite) => Promise<void>,
  ): Promise<void> {
    const root = await Deno.makeTempDir();
    try {
      const code = demoCode(size);
      const site = new SearchedSite(root, code, size.datasets);
      await site.publishCatalogue();
      await use(site);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  }

  get paths() {
    return sitePaths(this.root, "city");
  }

  /** Publishes `clean_ckan_api` with the city's first datasets. */
  async publishCatalogue(size = this.datasets): Promise<void> {
    const catalogue = new CatalogueIndex(size, {});
    const site = {
      paths: this.paths,
      config: parseConfig(configText("local", this.root), "city.toml"),
      now: () => new Date("2026-11-24T03:41:49Z"),
      force: false,
    };
    await publishSnapshot(site, {
      database: "clean_ckan_api",
      stage: "03_clean_datasets",
      parents: [],
      complete: true,
      reasons: [],
      settings: size,
    }, async (db) => {
      await db.run(
        "create table ckan_clean_datasets (id varchar, name varchar, url varchar);" +
          "create table ckan_clean_all_resources (id varchar, package_id varchar, url varchar, format varchar)",
      );
      const into = (name: string) => RowAppender.open(db, { catalog: "clean_ckan_api", name });
      const datasets = await into("ckan_clean_datasets");
      const resources = await into("ckan_clean_all_resources");
      const known = new Set<string>();
      for (let at = 0; at < size; at++) {
        const { id, name, url } = catalogue.dataset(at);
        datasets.add(id, name, url);
        for (const resource of catalogue.usable(at)) {
          if (known.has(resource.resourceId)) continue;
          known.add(resource.resourceId);
          resources.add(resource.resourceId, id, resource.url, "CSV");
        }
      }
      datasets.close();
      resources.close();
    });
  }

  /** Runs a stage against a backend, in this process. */
  async run(task: string, backend: string, endpoint: string, ...args: string[]) {
    const file = join(this.root, "city.toml");
    await Deno.writeTextFile(file, configText(backend, endpoint, this.attempts));
    return await runHere({}, task, "--config-file", file, "--artifacts-dir", this.root, ...args);
  }

  /** Starts a task and kills it without warning when `when` comes true, or lets it end by itself. */
  async kill(task: string, when: () => Promise<boolean> | boolean): Promise<void> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        `tasks/${task}.ts`,
        "--config-file",
        join(this.root, "city.toml"),
        "--artifacts-dir",
        this.root,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let isOver = false;
    const ended = child.status.then(() => isOver = true);
    while (!isOver && !await when()) await new Promise((resolve) => setTimeout(resolve, 2));
    if (!isOver) child.kill("SIGKILL");
    await ended;
  }

  /** Rows of the newest snapshot of a database. */
  async rows<Row>(database: string, sql: string): Promise<Row[]> {
    const snapshot = await this.newest(database);
    const db = await Database.open(this.paths.scratch);
    try {
      await db.attach(snapshot.file, "it");
      await db.run("use it");
      return await db.rows<Row>(sql);
    } finally {
      db.close();
    }
  }

  async newest(database: string): Promise<Snapshot> {
    const snapshot = await newestSnapshot(this.paths, database);
    if (snapshot === undefined) throw new Error(`no snapshot of ${database}`);
    return snapshot;
  }

  /** The truth of the generator, home pages left out, as `repository path:line kind dataset/resource text`, sorted. */
  truth(kinds: string[]): string[] {
    const rows = this.code.truth.filter((row) => !row.is_generic);
    return rows.filter((row) => kinds.includes(row.match_kind)).map(describe).sort();
  }

  /** What stage 05 found, in the same words. */
  async found(backend: string, kinds: string[]): Promise<string[]> {
    const rows = await this.rows<Described>(
      `${backend}_api`,
      "from url_mentions where not is_generic",
    );
    return rows.filter((row) => kinds.includes(row.match_kind)).map(describe).sort();
  }
}

interface Described {
  repository: string;
  path: string;
  line_number: number;
  match_kind: string;
  dataset_id: string;
  resource_id: string | null;
  text: string;
}

function describe(row: Described): string {
  const { repository, path, line_number, match_kind, dataset_id, resource_id, text } = row;
  return `${repository} ${path}:${line_number} ${match_kind} ${dataset_id}/${resource_id} ${text}`;
}

function configText(backend: string, endpoint: string, attempts = 8): string {
  return `[site]
short_name = "city"
package_search_endpoint_url = "https://${PORTAL_HOST}/api/3/action/package_search"

[code_search]
backend = "${backend}"
endpoint_url = "${endpoint}"
requests_per_second = 1000
timeout_seconds = 2
attempts = ${attempts}
`;
}
