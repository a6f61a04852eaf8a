import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { writeCorpus } from "../../lib/demo/code/corpus.ts";
import { Database, quoteText } from "../../lib/duckdb/database.ts";
import { scanCorpus, writeCorpusConfig } from "../helpers/corpus.ts";
import { SearchedSite } from "../helpers/searched_site.ts";

/** The Spark job, in Spark's local mode, against the scan of one machine. */

const PYTHON = "python3";
/** Where `.ci/run` installs pyspark; else Python's own packages. */
const PACKAGES = Deno.env.get("SPARK_PACKAGES");
const ENV: Record<string, string> = PACKAGES === undefined ? {} : { PYTHONPATH: PACKAGES };

/** Whether `pyspark` and Java are here. */
async function hasSpark(): Promise<boolean> {
  try {
    const runs = [[PYTHON, "-c", "import pyspark"], ["java", "-version"]].map(([name, ...args]) =>
      new Deno.Command(name!, { args, env: ENV, stdout: "null", stderr: "null" }).output()
    );
    return (await Promise.all(runs)).every(({ success }) => success);
  } catch {
    return false;
  }
}

const isThere = await hasSpark();
if (!isThere) console.log("pyspark or Java is not installed: the test of the Spark job is skipped");

Deno.test({
  name: "the Spark job and scan_corpus write the same rows, and 04 finds the same in both",
  ignore: !isThere,
  fn: () =>
    SearchedSite.with({ datasets: 100, repositories: 50 }, async (site) => {
      const repositories = site.code.repositories.filter(({ name }) =>
        name.startsWith("github.com/")
      );
      const folder = join(site.root, "stack");
      await writeCorpus(folder, repositories, 2);
      const file = await writeCorpusConfig(site.root, {
        ...{ short_name: "own", layout: "stack_v3_train", location: folder, revision: "v1" },
      });
      assertEquals((await scanCorpus(site.root, file)).code, 0);
      const own = join(site.root, "corpora/own/v1");
      const [targets] = [...Deno.readDirSync(join(own, "targets"))];

      const store = join(site.root, "corpora/spark/v1");
      const { code, stderr } = await new Deno.Command(PYTHON, {
        args: [
          ...["deploy/spark/scan_corpus.py", "--location", folder, "--corpus", "spark"],
          ...["--targets", join(own, "targets", targets!.name), "--store", store],
          ...["--revision", "v1"],
          ...["--scanner", `${Deno.execPath()} run -q -A deploy/spark/scan_candidates.ts`],
        ],
        env: {
          ...ENV,
          PYSPARK_PYTHON: PYTHON,
          PYSPARK_SUBMIT_ARGS:
            "--master local[2] --conf spark.sql.shuffle.partitions=2 pyspark-shell",
        },
        stdout: "null",
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr).slice(-3000));

      const db = await Database.open(site.paths.scratch);
      try {
        const rows = (place: string) =>
          db.rows(
            `select * from read_parquet(${quoteText(`${place}/lines/*/*.parquet`)}, ` +
              "hive_partitioning = true, union_by_name = true) order by all",
          );
        const wanted = await rows(own);
        assert(wanted.length > 100);
        assertEquals(await rows(store), wanted);
      } finally {
        db.close();
      }
      const mentions = async (place: string) => {
        const search = await site.run("04_download_search_results", "corpus", place);
        assertEquals(search.code, 0, search.stderr);
        await site.run("05_insert_search_results", "corpus", place);
        return await site.rows(
          "corpus_api",
          "select * exclude (query_id) from url_mentions order by all",
        );
      };
      assertEquals(await mentions(store), await mentions(own));
    }),
});
