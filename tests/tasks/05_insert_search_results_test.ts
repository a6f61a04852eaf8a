import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { SearchedSite } from "../helpers/searched_site.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Files on disk: path → content. */
async function write(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(
      file,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  }
}

Deno.test("05 shows evidence: link at the commit, kind of use, copies, no secrets", async () => {
  await SearchedSite.with({ datasets: 40, repositories: 12 }, async (site) => {
    const folder = join(site.root, "checkouts");
    const url = (await site.rows<{ url: string }>(
      "clean_ckan_api",
      "select min(url) as url from ckan_clean_all_resources where url like 'https://data.%/download/%'",
    ))[0]!.url;
    const line = `get("${url}", api_key="abcdef0123456789")\n`;
    const long = `${"x".repeat(5000)} ${url} ${"y".repeat(5000)}\n`;
    await write(folder, {
      "github.com/a/one/src/größe #1.py": `\n${line}`,
      "github.com/a/one/notes/data.ipynb": line,
      "github.com/a/one/README.md": line,
      "github.com/a/one/.github/ci.yml": line,
      "github.com/a/one/dump.json": long,
      "github.com/a/one/.git/HEAD": "ref: refs/heads/main\n",
      "github.com/a/one/.git/packed-refs": `# pack-refs\n${COMMIT} refs/heads/main\n`,
      "github.com/a/one/.git/logs": line,
      "github.com/a/one/binary.dat": new Uint8Array([1, 0, ...new TextEncoder().encode(line)]),
      "github.com/a/one/huge.csv": line.repeat(30_000),
      "github.com/b/copy/src/größe #1.py": `\n${line}`,
      "gitlab.com/c/d/main.js": line,
      "gitlab.com/c/d/.git/HEAD": `${COMMIT}\n`,
    });
    const search = await site.run("04_download_search_results", "local", folder);
    // huge.csv was not read: the search is not complete
    assertEquals(search.code, 3, search.stderr);
    const insert = await site.run("05_insert_search_results", "local", folder);
    assertEquals(insert.code, 3, insert.stderr);

    const mentions = await site.rows<Record<string, unknown>>(
      "local_api",
      `select repository, path, line_number, text, url, kind_of_use, is_duplicate, is_fork
       from url_mentions order by repository, path`,
    );
    assertEquals(
      mentions.map(({ repository, path, line_number, kind_of_use, is_duplicate }) => [
        `${repository}/${path}:${line_number}`,
        kind_of_use,
        is_duplicate,
      ]),
      [
        ["github.com/a/one/.github/ci.yml:1", "configuration", false],
        ["github.com/a/one/README.md:1", "documentation", false],
        ["github.com/a/one/dump.json:1", "data", false],
        ["github.com/a/one/notes/data.ipynb:1", "notebook", false],
        ["github.com/a/one/src/größe #1.py:2", "code", false],
        ["github.com/b/copy/src/größe #1.py:2", "code", true],
        ["gitlab.com/c/d/main.js:1", "code", false],
      ],
    );
    assert(mentions.every(({ text, is_fork }) => text === url && is_fork === null));
    assertEquals(mentions.slice(4).map(({ url }) => url), [
      `https://github.com/a/one/blob/${COMMIT}/src/gr%C3%B6%C3%9Fe%20%231.py#L2`,
      "https://github.com/b/copy/blob/HEAD/src/gr%C3%B6%C3%9Fe%20%231.py#L2",
      `https://gitlab.com/c/d/-/blob/${COMMIT}/main.js#L1`,
    ]);
    const lines = await site.rows<{ line: string; is_cut: boolean }>(
      "local_api",
      "from line_matches",
    );
    assert(lines.every(({ line }) => line.length <= 1000 && !line.includes("abcdef0123456789")));
    assert(lines.some(({ line, is_cut }) => is_cut && line.includes(url)));
    const text = JSON.stringify(await site.rows("local_api", "from searches"));
    assert(text.includes(`github.com/a/one@${COMMIT}`), text);

    const again = await site.run("05_insert_search_results", "local", folder);
    assert(again.stderr.includes("is up to date"), again.stderr);
    await site.publishCatalogue(39);
    const older = await site.run("05_insert_search_results", "local", folder);
    assertEquals(older.code, 3, older.stderr);
    assert(older.stderr.includes("another catalogue"), older.stderr);
    const searchedAgain = await site.run("04_download_search_results", "local", folder);
    assert(searchedAgain.stderr.includes("a new one begins"), searchedAgain.stderr);
  });
});

Deno.test("05 says what is missing and which task to run first", async () => {
  await SearchedSite.with({ datasets: 5, repositories: 2 }, async (site) => {
    const none = await site.run("05_insert_search_results", "local", "nowhere");
    assertEquals(none.code, 1);
    assert(none.stderr.includes("04_download_search_results"), none.stderr);
    const noFolder = await site.run("04_download_search_results", "local", "nowhere");
    assertEquals(noFolder.code, 1);
    assert(noFolder.stderr.includes('no folder "nowhere"'), noFolder.stderr);
    const wrong = await site.run("04_download_search_results", "local", "x", "--backend", "grep");
    assertEquals(wrong.code, 2);
    assert(wrong.stderr.includes('"grep"'), wrong.stderr);
  });
});
