import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { publishState } from "../helpers/catalogues.ts";
import { buildOtherFinal } from "../helpers/other_site.ts";
import { inSmallSite } from "../helpers/small_site.ts";
import {
  HOSTILE_TITLES,
  publishCatalogue,
  publishSearch,
  SMALL_MENTIONS,
} from "../helpers/small_snapshots.ts";

const FILES = "https://files.example";

Deno.test("deliver() says what changed and what is gone, with links to what is on the web alone", () =>
  inSmallSite(async (site, run) => {
    const state = (at: string, title: string, moved: string, gone: boolean) =>
      publishState(site.paths.root, at, [
        {
          id: "d1",
          name: "trees",
          title,
          resources: [
            { id: "r1", name: "<b>Table</b>", url: moved },
            {
              id: "r4",
              name: "Long",
              url: `${FILES}/${"deep/".repeat(40)}${gone ? "now" : "before"}.csv`,
            },
            { id: "r2", name: "Script", url: gone ? "javascript:alert(1)" : `${FILES}/s.csv` },
          ],
        },
        ...(gone ? [] : [{
          id: "d2",
          name: "rents",
          title: "Rents",
          resources: [{ id: "r3", url: `${FILES}/rents.csv` }],
        }]),
      ], {
        organizations: [{ id: "o1", name: "o1", title: gone ? "<i>New</i> office" : "Office" }],
      });
    await state("2026-11-20T03:00:00.000Z", "Trees", `${FILES}/old.csv`, false);
    await state("2026-11-24T03:00:00.000Z", HOSTILE_TITLES.script, `${FILES}/new.csv`, true);
    const line = `load("${FILES}/old.csv") // now ${FILES}/new.csv`;
    const text = `${FILES}/new.csv`;
    await publishSearch(site, [{ dataset_id: "d1", resource_id: "r1", text, line }]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals((await run("10_deliver")).code, 0);
    const report = await Deno.readTextFile(join(site.paths.delivery, "report.html"));
    const part = (id: string) => {
      const start = report.indexOf(`<section id="${id}"`);
      return report.slice(start, report.indexOf("</section>", start)).replace(/\s+/g, " ");
    };
    const changes = part("changes");
    assertStringIncludes(changes, "catalogue of 2026-11-20 03:00 UTC");
    assertStringIncludes(changes, `<bdi>${FILES}/old.csv</bdi></code> → <code><bdi>${FILES}/new`);
    assertStringIncludes(changes, `href="${FILES}/new.csv"`);
    assertStringIncludes(changes, "&lt;script&gt;");
    assertStringIncludes(changes, "0 resources added and 1 removed together with their dataset");
    assert(!changes.includes("<b>Table") && !changes.includes(`href="javascript`));
    assertStringIncludes(changes, "deep/before.csv</bdi></code> → ");
    assertStringIncludes(changes, "deep/now.csv</bdi></code>");
    assertStringIncludes(
      changes,
      "<bdi>Office</bdi></code> → <code><bdi>&lt;i&gt;New&lt;/i&gt; office",
    );
    // a page that is gone is no link
    assert(!changes.includes("/dataset/rents"));
    // the moved file is in code: the table begins with it
    assert(changes.indexOf("new.csv") < changes.indexOf("Rents"));

    const missing = part("broken_links");
    assertStringIncludes(missing, `<bdi>${FILES}/old.csv</bdi>`);
    assertStringIncludes(missing, "in the catalogue until 2026-11-20 03:00 UTC");
    const csv = await Deno.readTextFile(join(site.paths.delivery, "exports/final_changes.csv"));
    assertStringIncludes(csv, `${FILES}/new.csv`);
  }));

Deno.test("deliver() says that there is nothing to compare with when there is no earlier catalogue", () =>
  inSmallSite(async (site, run) => {
    const resources = [{ id: "r1", url: `${FILES}/a.csv` }];
    await publishState(site.paths.root, "2026-11-20T03:00:00.000Z", [{ id: "d1", resources }]);
    await publishSearch(site, [{ dataset_id: "d1", resource_id: "r1" }]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals((await run("10_deliver")).code, 0);
    const report = await Deno.readTextFile(join(site.paths.delivery, "report.html"));
    assertStringIncludes(report, "There is no earlier catalogue to compare with");
  }));

Deno.test("deliver() shows the portal beside the others that have final tables", () =>
  inSmallSite(async (site, run) => {
    const { root } = site.paths;
    await publishCatalogue(site);
    await publishSearch(site, SMALL_MENTIONS);
    assertEquals((await run("09_build_final")).code, 0);
    const report = () => Deno.readTextFile(join(site.paths.delivery, "report.html"));
    assertEquals((await run("10_deliver")).code, 0);
    assert(!(await report()).includes("Other portals"), "it is alone");

    await buildOtherFinal(root);
    // a site whose tables cannot be read spoils nothing
    const broken = sitePaths(root, "broken").snapshots;
    await Deno.mkdir(broken, { recursive: true });
    await Deno.writeTextFile(join(broken, "final_20261124T030000Z.db"), "");
    await Deno.writeTextFile(join(broken, "final_20261124T030000Z.json"), "{}");
    const { code, stderr } = await run("10_deliver");
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "Left out of the comparison: broken: ");
    const text = await report();
    const section = text.slice(text.indexOf(`<section id="portals"`), text.indexOf(`id="method"`));
    const cells = [...section.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) =>
      cell!.replace(/<[^>]+>|\u00ad/g, "").trim()
    );
    assertEquals(cells.slice(8, 13), ["Data of &lt;Small&gt; &amp; Co.", "7", "86 %", "3", "–"]);
    assertEquals(cells.slice(16, 22), [
      "&lt;i&gt;Other&lt;/i&gt; portal",
      "4",
      "25 %",
      "1",
      "–",
      "33 %",
    ]);
    assertEquals(cells.at(-1), "no");
    assertStringIncludes(text, `<a href="#portals">Other portals</a>`);
  }));
