/**
 * Cases from public reports that a line alone cannot show: evidence of long lines, nested groups,
 * encodings, links and folders that change. The stages run on files in a folder of checkouts.
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { SearchedSite } from "../helpers/searched_site.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

async function write(root: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(root, path)), { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(join(root, path), bytes);
  }
}

function utf16(text: string, withMark: boolean): Uint8Array {
  const units = Uint16Array.from(withMark ? `\ufeff${text}` : text, (unit) => unit.charCodeAt(0));
  return new Uint8Array(units.buffer);
}

interface Row {
  repository: string;
  path: string;
  line_number: number;
  text: string;
  url: string | null;
  excerpt: string | null;
}

async function withSite(
  use: (
    site: SearchedSite,
    folder: string,
    urls: string[],
    search: () => Promise<Row[]>,
  ) => Promise<
    void
  >,
): Promise<void> {
  await SearchedSite.with({ datasets: 60, repositories: 4 }, async (site) => {
    const urls = await site.rows<{ url: string }>(
      "clean_ckan_api",
      "select distinct url from ckan_clean_all_resources where url like '%/download/%' order by 1",
    );
    const folder = join(site.root, "checkouts");
    const search = async () => {
      const found = await site.run("04_download_search_results", "local", folder);
      assert(found.code === 0 || found.code === 3, found.stderr);
      const inserted = await site.run("05_insert_search_results", "local", folder);
      assert(inserted.code === 0 || inserted.code === 3, inserted.stderr);
      return await site.rows<Row>(
        "local_api",
        "select * from url_mentions order by repository, path, line_number, text",
      );
    };
    await use(site, folder, urls.map(({ url }) => url), search);
  });
}

Deno.test("05 keeps a part of a long line for each of its mentions", () =>
  withSite(async (site, folder, urls, search) => {
    const [one = "", other = "", third = ""] = urls;
    const pad = "x".repeat(4000);
    await write(folder, {
      "github.com/a/b/big.json": `{"p":"${pad}","a":"${one}","x":"${pad}","b":"${other}"}\n`,
      "github.com/a/b/min.js": `var a="${one}",p="${pad}",b="${other}",q="${pad}",c="${third}";`,
    });
    const rows = await search();
    assertEquals(rows.length, 5);
    for (const { text, excerpt } of rows) assert(excerpt!.includes(text) && excerpt!.length < 1200);
    const lines = await site.rows<{ path: string; line: string }>("local_api", "from line_matches");
    for (const { path, text } of rows) {
      assert(lines.find((line) => line.path === path)!.line.includes(text));
    }
  }));

Deno.test("05 reads a line of 1.4 MB with 30,000 URLs in seconds", () =>
  withSite(async (_site, folder, urls, search) => {
    const host = new URL(urls[0]!).host;
    const many = Array.from({ length: 30_000 }, (_, at) => `"https://${host}/dataset/x${at}"`);
    await write(folder, { "github.com/a/b/big.json": `[${many.join(",")},"${urls[0]}"]` });
    const started = performance.now();
    assertEquals((await search()).length, 1);
    assert(performance.now() - started < 20_000);
  }));

Deno.test("04 takes nested groups for one repository, with and without .git, and follows linked checkouts", () =>
  withSite(async (site, folder, [url = ""], search) => {
    const line = `get("${url}")\n`;
    const elsewhere = join(site.root, "elsewhere");
    await write(folder, {
      "gitlab.com/group/subgroup/project/x.py": line,
      "gitlab.com/group/solo/x.py": line,
      "git.example.org/team/sub/deep/tool/src/x.py": line,
      "git.example.org/team/sub/deep/tool/.git/HEAD": `${COMMIT}\n`,
      "github.com/a/onlysrc/src/x.py": line,
    });
    await write(elsewhere, { "x.py": line });
    await Deno.symlink(elsewhere, join(folder, "github.com/a/linked"));
    const rows = await search();
    assertEquals(rows.map(({ repository, path }) => `${repository} ${path}`), [
      "git.example.org/team/sub/deep/tool src/x.py",
      "github.com/a/linked x.py",
      "github.com/a/onlysrc src/x.py",
      "gitlab.com/group/solo x.py",
      "gitlab.com/group/subgroup/project x.py",
    ]);
    assertEquals(rows[2]!.url, "https://github.com/a/onlysrc/blob/HEAD/src/x.py#L1");
    assertEquals(
      rows[4]!.url,
      "https://gitlab.com/group/subgroup/project/-/blob/HEAD/x.py#L1",
    );
  }));

Deno.test("04 reads UTF-16 and Latin-1, says what it did not read, and reads changed folders again", () =>
  withSite(async (site, folder, [url = ""], search) => {
    const line = `get("${url}") # größe\r\n`;
    const latin = Uint8Array.from(line, (letter) => letter.charCodeAt(0));
    await write(folder, {
      "github.com/a/texts/wide.ps1": utf16(line, true),
      "github.com/a/texts/bare.ps1": utf16(line, false),
      "github.com/a/texts/latin.R": latin,
      "github.com/a/texts/image.png": new Uint8Array([0x89, 0x50, 0, 1, 2, 3]),
    });
    const paths = (await search()).map(({ path }) => path);
    assertEquals(paths, ["bare.ps1", "latin.R", "wide.ps1"]);
    const [found] = await site.rows<{ line: string }>(
      "local_api",
      "select line from line_matches where path = 'latin.R'",
    );
    assert(found!.line.endsWith("größe"));

    await write(folder, {
      "github.com/a/texts/added.py": line,
      "github.com/a/texts/huge.csv": `${line}${"x".repeat(2_100_000)}`,
    });
    assertEquals((await search()).length, 4);
    const { manifest } = await site.newest("local_api");
    assertEquals(manifest.complete, false);
    assert(manifest.reasons.join().includes("too large to read"), manifest.reasons.join());
  }));
