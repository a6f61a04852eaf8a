import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { writeCorpus } from "../../lib/demo/code/corpus.ts";
import { type DemoRepository, writeCheckouts } from "../../lib/demo/code/repositories.ts";
import { SearchedSite } from "../helpers/searched_site.ts";
import { scanCorpus, storeFiles, writeCorpusConfig } from "../helpers/corpus.ts";

/** The scan of a corpus as a user runs it, on parts that lie in a folder. */

const SMALL = { datasets: 150, repositories: 60 };
/** Columns of a mention that do not say where it was found. */
const COLUMNS = "repository, path, line_number, text, match_kind, dataset_id, resource_id, url, " +
  "kind_of_use, shared_by, is_generic, is_catalogue_mirror";

function onGithub(repositories: readonly DemoRepository[]): DemoRepository[] {
  return repositories.filter(({ name }) => name.startsWith("github.com/"));
}

Deno.test("04 and 05 find in a line store what they find in the files it was made of", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    const repositories = onGithub(site.code.repositories);
    const checkouts = join(site.root, "checkouts");
    await writeCheckouts(checkouts, repositories);
    for (const { name, commit } of repositories) {
      await Deno.mkdir(join(checkouts, name, ".git"), { recursive: true });
      await Deno.writeTextFile(join(checkouts, name, ".git", "HEAD"), `${commit}\n`);
    }
    await writeCorpus(join(site.root, "stack"), repositories, 3);
    await site.run("04_download_search_results", "local", checkouts);
    await site.run("05_insert_search_results", "local", checkouts);
    const mentions = (backend: string) =>
      site.rows(`${backend}_api`, `select ${COLUMNS} from url_mentions order by all`);
    const wanted = await mentions("local");
    assert(wanted.length > 100);

    for (
      const [layout, location] of [["stack_v3_train", "stack"], ["checkouts", "checkouts"]] as const
    ) {
      const file = await writeCorpusConfig(site.root, {
        short_name: layout,
        layout,
        location: join(site.root, location),
        revision: "one",
      });
      const scan = await scanCorpus(site.root, file);
      assertEquals(scan.code, 0, scan.stderr);
      const store = join(site.root, "corpora", layout, "one");
      const search = await site.run("04_download_search_results", "corpus", store);
      assertEquals(search.code, 0, search.stderr);
      const insert = await site.run("05_insert_search_results", "corpus", store);
      assertEquals(insert.code, 0, insert.stderr);
      assertEquals(await mentions("corpus"), wanted, layout);
    }
  });
});

Deno.test("scan_corpus reads a part once, keeps no secret, and makes the same bytes every time", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    await writeCorpus(join(site.root, "stack"), onGithub(site.code.repositories), 4);
    const config = (short_name: string) =>
      writeCorpusConfig(site.root, {
        short_name,
        layout: "stack_v3_train",
        location: join(site.root, "stack"),
        revision: "one",
      });
    const whole = await config("whole");
    assertEquals((await scanCorpus(site.root, whole)).code, 0);
    const files = await storeFiles(site.root, "whole/one");
    assert(Object.keys(files).length > 4);

    const again = await scanCorpus(site.root, whole);
    assertEquals(again.code, 0);
    assertMatch(again.stderr, /4 parts, 0 to read/);
    assertEquals(await storeFiles(site.root, "whole/one"), files);

    // a sample, then the rest in shards of which the last seals all
    const sharded = await config("sharded");
    const sample = await scanCorpus(site.root, sharded, "--parts", "0-1");
    assertEquals(sample.code, 3);
    assertMatch(sample.stderr, /2 of 4 parts were not read/);
    for (const index of [0, 1, 2]) {
      const shard = await scanCorpus(site.root, sharded, "--shard", `${index}/3`);
      assertEquals(shard.code, index === 2 ? 0 : shard.code, shard.stderr);
    }
    assertEquals(await storeFiles(site.root, "sharded/one"), files);
  });
});
