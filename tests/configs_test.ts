import { assert, assertEquals, assertMatch } from "@std/assert";
import { walk } from "@std/fs/walk";
import { parse } from "smol-toml";

const CONFIGS = new URL("../configs/", import.meta.url);

interface SiteFile {
  site: { short_name: string; title: string; package_search_endpoint_url: string };
}

Deno.test("configs/*.toml name their site as their file and a whole endpoint", async () => {
  const names: string[] = [];
  for await (const { name, path } of walk(CONFIGS, { exts: ["toml"], maxDepth: 1 })) {
    const { site } = parse(await Deno.readTextFile(path)) as unknown as SiteFile;
    assertEquals(`${site.short_name}.toml`, name);
    assertMatch(site.short_name, /^[a-z0-9_]+$/);
    assertMatch(site.package_search_endpoint_url, /^https:\/\/.+\/action\/package_search$/);
    assert(site.title, `${name} has no title`);
    names.push(name);
  }
  const readme = await Deno.readTextFile(new URL("README.md", CONFIGS));
  const listed = [...readme.matchAll(/^\| `([a-z_]+\.toml)`/gm)].map(([, name]) => name);
  assertEquals(listed.toSorted(), names.toSorted());
});
