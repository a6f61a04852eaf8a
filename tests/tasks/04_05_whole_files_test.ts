/** 04 fetches whole files where a line decides nothing; 05 grades what their programs make. */
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { startCodeSearch } from "../../lib/demo/services/code_search.ts";
import type { DemoRepository } from "../../lib/demo/code/repositories.ts";
import { SearchedSite } from "../helpers/searched_site.ts";

interface Row {
  path: string;
  line_number: number;
  match_kind: string;
  resource_id: string | null;
  text: string;
  made_from: number[] | null;
}

const ROWS = `select path, line_number::integer as line_number, match_kind, resource_id, text,
  made_from::integer[] as made_from from url_mentions where match_kind = 'resolved' order by all`;

/** A resource's URL, cut where a person would: after the host, and before the file. */
async function resourceOf(site: SearchedSite) {
  const [row] = await site.rows<{ id: string; url: string }>(
    "clean_ckan_api",
    `select id, url from ckan_clean_all_resources
     where url like 'https://data.%/download/%' order by id limit 1`,
  );
  const url = new URL(row!.url);
  return { id: row!.id, url: row!.url, origin: url.origin, path: url.pathname };
}

Deno.test("05 says what the programs in a folder make, with the lines they make it from", async () => {
  await SearchedSite.with({ datasets: 60, repositories: 1 }, async (site) => {
    const { id, url, origin, path } = await resourceOf(site);
    const folder = join(site.root, "checkouts");
    const files: Record<string, string> = {
      "github.com/a/one/load.py":
        `import pandas as pd\n\nPORTAL = "${origin}"\nPATH = "${path}"\n\n\ndef load():\n    return pd.read_csv(PORTAL + PATH)\n`,
      // written as it is: nothing to add
      "github.com/a/one/plain.py": `import pandas as pd\nURL = "${url}"\npd.read_csv(URL)\n`,
      "github.com/a/one/notes.md": `See ${origin} for ${path}\n`,
    };
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeTextFile(join(folder, name), text);
    }
    const search = await site.run("04_download_search_results", "local", folder);
    assertEquals(search.code, 0, search.stderr);
    const insert = await site.run("05_insert_search_results", "local", folder);
    assertEquals(insert.code, 0, insert.stderr);
    const expected: Row = {
      path: "load.py",
      line_number: 8,
      match_kind: "resolved",
      resource_id: id,
      text: url,
      made_from: [3, 4, 8],
    };
    assertEquals(await site.rows<Row>("local_api", ROWS), [expected]);
    // the lines that show how are kept as evidence
    const lines = await site.rows<{ line_number: number }>(
      "local_api",
      "select line_number::integer as line_number from line_matches where path = 'load.py' order by all",
    );
    assertEquals(lines.map((line) => line.line_number), [3, 4, 8]);
  });
});

Deno.test("04 fetches each open file once from a Sourcegraph, and 05 reads it", async () => {
  await SearchedSite.with({ datasets: 60, repositories: 1 }, async (site) => {
    const { id, url, origin, path } = await resourceOf(site);
    const stem = path.slice(0, path.indexOf("/download/"));
    const repository: DemoRepository = {
      ...site.code.repositories[0]!,
      name: "github.com/a/one",
      isFork: false,
      parent: undefined,
      files: [{
        path: "src/load it.py",
        text: `import requests\nSTEM = "${stem}"\nNAME = "${
          path.slice(stem.length)
        }"\nrequests.get(f"${origin}{STEM}" + NAME)\n`,
      }, {
        path: "src/plain.py",
        text: `requests.get("${url}")\n`,
      }],
    };
    const engine = startCodeSearch({ repositories: [repository] });
    try {
      const search = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(search.code, 0, search.stderr);
      assert(search.stderr.includes("1 files read whole"), search.stderr);
      const insert = await site.run("05_insert_search_results", "sourcegraph", engine.url);
      assertEquals(insert.code, 0, insert.stderr);
      const rows = await site.rows<Row>("sourcegraph_api", ROWS);
      assertEquals(rows.map((row) => [row.path, row.line_number, row.resource_id, row.made_from]), [
        ["src/load it.py", 4, id, [2, 3, 4]],
      ]);
      const before = engine.requests.count;
      const again = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals([again.code, engine.requests.count], [0, before], again.stderr);
    } finally {
      await engine.close();
    }
  });
});
