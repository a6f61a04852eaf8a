import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { createApp } from "../../lib/explorer/app.ts";
import { SiteData } from "../../lib/explorer/site_data.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { runStage } from "../../lib/pipeline/stage.ts";
import { stage } from "../../tasks/09_build_final.ts";
import { publishState } from "../helpers/catalogues.ts";
import { QUIET } from "../helpers/explorer_site.ts";
import { CONFIG_TEXT, publishSearch, smallSite } from "../helpers/small_snapshots.ts";

Deno.test("CHANGES lists what changed, with links to what the catalogue has and the web alone", async () => {
  const root = await Deno.makeTempDir();
  const site = smallSite(root);
  const config = join(root, "small.toml");
  await Deno.writeTextFile(config, CONFIG_TEXT);
  const files = "https://files.example";
  const state = (at: string, resources: Record<string, string>, more: string[]) =>
    publishState(root, at, [
      {
        id: "d1",
        title: "<b>Trees</b>",
        resources: Object.entries(resources).map(([id, url]) => ({ id, name: id, url })),
      },
      ...more.map((id) => ({ id, resources: [{ id: `${id}-r`, url: `${files}/${id}` }] })),
    ]);
  await state("2026-11-20T03:00:00Z", { a: `${files}/a`, b: `${files}/b` }, ["old"]);
  await state("2026-11-24T03:00:00Z", { a: `${files}/c`, b: "javascript:alert(1)" }, []);
  await publishSearch(site, [{ dataset_id: "d1", resource_id: "a", text: `${files}/a` }]);
  let data: SiteData | undefined;
  try {
    assertEquals(await runStage(stage, ["--config-file", config, "--artifacts-dir", root]), 0);
    data = await SiteData.open(site.paths, (await newestSnapshot(site.paths, "final"))!, QUIET);
    const app = createApp(new Map([["small", data]]), [], QUIET);
    const ask = async (path: string) => await (await app.request(`http://127.0.0.1${path}`)).text();
    const rows = async (query = "") => {
      const { rows } = JSON.parse(await ask(`/small/data/changes.json${query}`));
      return rows.map((row: Record<string, unknown>) =>
        `${row.thing} ${row.change} ${row.resource_id ?? row.dataset_id}`
      );
    };
    assertEquals((await rows())[0], "resource url_moved a");
    assertEquals((await rows()).length, 4);
    assertEquals(await rows("?thing=dataset"), ["dataset gone old"]);
    assertEquals(await rows("?is_mentioned=yes"), ["resource url_moved a"]);
    assertEquals((await rows("?dataset_id=d1")).length, 2);

    const page = await ask("/small/changes");
    assertStringIncludes(page, `${files}/a</bdi></code> → <code><bdi>${files}/c</bdi>`);
    assertStringIncludes(page, `href="${files}/c"`);
    assertStringIncludes(page, `href="/small/dataset/d1"`);
    assert(!page.includes(`href="/small/dataset/old"`) && !page.includes(`href="javascript`));
    assertStringIncludes(page, "&lt;b&gt;Trees&lt;/b&gt;");
  } finally {
    data?.close();
    await Deno.remove(root, { recursive: true });
  }
});
