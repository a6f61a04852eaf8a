import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { walk } from "@std/fs/walk";
import { parseConfig, readConfig } from "../../lib/pipeline/config.ts";

const CONFIGS = new URL("../../configs/", import.meta.url);

/** What an address of each kind of catalogue ends with. */
const ADDRESSES = {
  ckan: /^https:\/\/.+\/action\/package_search$/,
  dcat_us: /^https:\/\/.+\/data\.json$/,
  data_gov: /^https:\/\/.+\/v4\/search$/,
};

Deno.test("configs/*.toml are valid, named as their site and listed in the README", async () => {
  const names: string[] = [];
  for await (const { name, path } of walk(CONFIGS, { exts: ["toml"], maxDepth: 1 })) {
    const { site } = await readConfig(path);
    assertEquals(`${site.short_name}.toml`, name);
    assertNotEquals(site.title, site.short_name);
    assertMatch(site.package_search_endpoint_url, ADDRESSES[site.api]);
    names.push(name);
  }
  const listed = [...(await readReadme()).matchAll(/^\| `([a-z_]+\.toml)`/gm)];
  assertEquals(listed.map(([, name]) => name).toSorted(), names.toSorted());
});

Deno.test("configs/README.md shows every key with the default it really has", async () => {
  const blocks = [...(await readReadme()).matchAll(/^```toml\n(.*?)^```/gms)];
  const [short, whole] = blocks.map(([, block]) => block ?? "");
  const defaults = parseConfig(short ?? "", "short");
  assertEquals(parseConfig(whole ?? "", "whole"), defaults);
  for (const [table, keys] of Object.entries(defaults)) {
    assertMatch(whole ?? "", new RegExp(`^\\[${table}\\]`, "m"));
    for (const key of Object.keys(keys)) {
      assertMatch(whole ?? "", new RegExp(`^(# )?${key} = `, "m"));
    }
  }
});

function readReadme(): Promise<string> {
  return Deno.readTextFile(new URL("README.md", CONFIGS));
}
