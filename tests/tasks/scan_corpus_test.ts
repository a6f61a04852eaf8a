import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { writeCorpus } from "../../lib/demo/code/corpus.ts";
import { type DemoRepository, writeCheckouts } from "../../lib/demo/code/repositories.ts";
import { startCorpusServer } from "../helpers/corpus_server.ts";
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

/** How often a pass is killed; 50 times with CI=true. */
const KILLS = Deno.env.get("CI") === "true" ? 50 : 4;
const PARTS = 40;

Deno.test("scan_corpus over a faulty network, killed and run again, loses no line and has none twice", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    const folder = join(site.root, "stack");
    const parts = await writeCorpus(folder, onGithub(site.code.repositories), PARTS);
    const config = (short_name: string, location: string) =>
      writeCorpusConfig(site.root, {
        short_name,
        layout: "stack_v3_train",
        location,
        revision: "v1",
        requests_per_second: 1000,
      });
    assertEquals((await scanCorpus(site.root, await config("folder", folder))).code, 0);
    const server = await startCorpusServer(folder, parts, { share: 0.2 });
    try {
      const file = await config("network", server.location);
      let kills = 0;
      const journal = join(site.root, "corpora/network/v1/journal.ndjson");
      const lines = async () =>
        (await Deno.readTextFile(journal).catch(() => "")).split("\n").length - 1;
      while (kills < KILLS && await lines() < PARTS) {
        const before = await lines();
        const child = new Deno.Command(Deno.execPath(), {
          args: [
            ...["run", "-A", "--no-check", "tasks/scan_corpus.ts", "--corpus-file", file],
            ...["--artifacts-dir", site.root],
          ],
          ...{ stdin: "null", stdout: "null", stderr: "null" } as const,
        }).spawn();
        let isOver = false;
        const ended = child.status.then(() => isOver = true);
        const wanted = before + 1 + kills % Math.ceil(PARTS / KILLS);
        while (!isOver && await lines() < wanted) {
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        if (!isOver) child.kill("SIGKILL");
        await ended;
        kills += 1;
      }
      const last = await scanCorpus(site.root, file);
      assertEquals(last.code, 0, last.stderr);
      assertEquals(
        await storeFiles(site.root, "network/v1"),
        await storeFiles(site.root, "folder/v1"),
      );
      assert(server.faults > PARTS / 8, `${server.faults} faults`);
      // what was in flight at a kill may come twice: at most two parts a kill
      const twice = [...server.given.values()].reduce((sum, times) => sum + times - 1, 0);
      assert(twice <= 2 * kills, `${twice} parts fetched again after ${kills} kills`);
    } finally {
      await server.close();
    }
  });
});

Deno.test("scan_corpus names a part that stays broken, and reads the others", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    const folder = join(site.root, "stack");
    const parts = await writeCorpus(folder, onGithub(site.code.repositories), 3);
    const server = await startCorpusServer(folder, parts, { broken: parts[1] });
    try {
      const file = await writeCorpusConfig(site.root, {
        ...{ short_name: "network", layout: "stack_v3_train", location: server.location },
        ...{ revision: "v1", requests_per_second: 1000, attempts: 3 },
      });
      const scan = await scanCorpus(site.root, file);
      assertEquals(scan.code, 3);
      assertMatch(scan.stderr, /1 of 3 parts could not be read \("data\/part-00001-.*sha256/);
      const store = join(site.root, "corpora/network/v1");
      const search = await site.run("04_download_search_results", "corpus", store);
      assertEquals(search.code, 3);
      assertMatch(search.stderr, /1 of 3 parts have no complete answer/);
      // a host that no one scanned for is a gap, not a host without mentions
      await Deno.writeTextFile(join(site.root, "hosts.txt"), "data.other.example # one\n");
      const other = await scanCorpus(
        site.root,
        await writeCorpusConfig(site.root, {
          ...{ short_name: "other", layout: "stack_v3_train", location: folder, revision: "v1" },
        }),
        ...["--hosts", join(site.root, "hosts.txt")],
      );
      assertEquals(other.code, 0, other.stderr);
      const gaps = await site.run(
        "04_download_search_results",
        "corpus",
        join(site.root, "corpora/other/v1"),
      );
      assertEquals(gaps.code, 3);
      assertMatch(gaps.stderr, /the line store was not scanned for/);
      // a larger list is scanned for what is new in it
      const rest = await scanCorpus(site.root, join(site.root, "other.toml"));
      assertEquals(rest.code, 0, rest.stderr);
      const again = await site.run(
        "04_download_search_results",
        "corpus",
        join(site.root, "corpora/other/v1"),
      );
      assertEquals(again.code, 0, again.stderr);
    } finally {
      await server.close();
    }
  });
});
