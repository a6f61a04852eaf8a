import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startBrowser, violations, watch } from "../../helpers/browser.ts";
import { findChromium } from "../../helpers/chromium.ts";
import { deliverSmall, startExplorer } from "../../helpers/explorer_site.ts";

/** Run by browser_test.ts in a process of its own: Playwright asks more than tests are allowed. */

/** Each kind of page; those that hold most come first. */
const PAGES = [
  "/small",
  "/small/mentions?match_kind=exact",
  "/small/dataset/d1",
  "/small/graph",
  "/runs",
  "/",
  "/small/datasets",
  "/small/search?q=d",
  "/small/dataset/d5",
  "/small/organization/o2",
  "/small/resource/r1",
  "/small/repository/github.com/anna/maps",
  "/small/topic/tag/Trees",
  "/small/organizations",
  "/small/repositories",
  "/small/topics",
  "/small/resources",
  "/small/pairs",
  "/small/packages",
  "/small/dead_references",
  "/small/dataset_reach",
  "/small/organization_reach",
  "/small/graph?dataset_id=d1",
  "/compare",
  "/small/nowhere",
  "/small/datasets?page=x",
];

/** Those that hold most, which are looked at twice. */
const FULLEST = 5;

Deno.test({
  name: "the explorer works in Chromium: search, mention, facets, graph by keyboard, files",
  // the browser's pipes are closed by its own process
  sanitizeResources: false,
  sanitizeOps: false,
  async fn(test) {
    const explorer = await startExplorer();
    const browser = await startBrowser(findChromium()!);
    try {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      const wrong = watch(page);
      const to = (path: string) => page.goto(explorer.origin + path);

      await test.step("finds as one types, and opens a dataset", async () => {
        await to("/small/search");
        await page.locator("#q").pressSequentially("distr");
        await page.locator(`#results a:has-text("Population by district")`).click();
        await page.waitForURL("**/small/dataset/d1");
        await page.goBack();
        assertMatch(page.url(), /q=distr/);
      });

      await test.step("follows a mention to its line at the commit", async () => {
        await to("/small/dataset/d1");
        const line = "https://github.com/anna/maps/blob/abc/src/load.py#L3";
        assert(await page.locator(`.out[href="${line}"]`).first().isVisible());
        await page.locator(`tr:has-text("anna/maps") a:has-text("report a wrong match")`).first()
          .click();
        assertStringIncludes(await page.locator("#report").inputValue(), "github.com/anna/maps");
        assert(await page.locator("[data-copy]").isVisible());
      });

      await test.step("narrows by a facet and widens again", async () => {
        await to("/small/mentions");
        await page.locator(`.facet a:has-text("Landing page")`).click();
        assertStringIncludes(await page.locator("caption").innerText(), "1 mention");
        await page.locator(".chips a").click();
        assertMatch(page.url(), /\/small\/mentions$/);
      });

      await test.step("goes through the graph by keyboard", async () => {
        await to("/small/graph");
        await page.locator("#graph[data-ready]").focus();
        await page.keyboard.press("ArrowRight");
        const focused = page.locator("#focused a");
        const first = await focused.innerText();
        await page.keyboard.press("ArrowRight");
        assert(await focused.innerText() !== first);
        await page.keyboard.press("ArrowLeft");
        assertEquals(await focused.innerText(), first);
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/small\/(dataset|repository)\//);
      });

      await test.step("gives CSV, GEXF and JSON", async () => {
        for (
          const [path, link, name] of [
            ["/small/mentions", "CSV", "small_mentions.csv"],
            ["/small/graph", "GEXF", "small_graph.gexf"],
          ] as const
        ) {
          await to(path);
          const [download] = await Promise.all([
            page.waitForEvent("download"),
            page.locator(`.files a:has-text("${link}")`).click(),
          ]);
          assertEquals(download.suggestedFilename(), name);
          assert((await Deno.readTextFile(await download.path())).length > 100);
        }
        await to("/small/mentions");
        await page.locator(`.files a:has-text("JSON")`).click();
        assert(JSON.parse(await page.locator("pre").innerText()).rows.length > 5);
      });

      await test.step("has no WCAG 2.2 AA violation that axe finds, light, dark and narrow", async () => {
        const [mention] =
          (await (await fetch(`${explorer.origin}/small/data/mentions.json`)).json())
            .rows;
        const addresses = [
          pathToFileURL(await deliverSmall(explorer.root)).href,
          ...[...PAGES, `/small/mention/${mention.mention_id}`].map((it) => explorer.origin + it),
        ];
        const views = [
          [320, "dark", addresses],
          [1280, "light", addresses.slice(0, 1 + FULLEST)],
        ] as const;
        for (const [width, colorScheme, shownAddresses] of views) {
          const other = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
          const shown = await other.newPage();
          const errors = watch(shown);
          for (const address of shownAddresses) {
            await shown.goto(address);
            assertEquals(await violations(shown), [], `${address} at ${width}`);
            const over = await shown.evaluate(
              "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            );
            assertEquals(over, 0, `${address} is wider than ${width}`);
          }
          // the browser says so of pages that there are not
          assertEquals(errors.filter((it) => !/status of 40[04]/.test(it)), []);
          await other.close();
        }
      });

      await test.step("works without script", async () => {
        const plain = await browser.newContext({ javaScriptEnabled: false });
        const shown = await plain.newPage();
        await shown.goto(explorer.origin + "/small");
        await shown.locator("#q").fill("distr");
        await shown.locator("#q").press("Enter");
        await shown.locator(`.found a:has-text("Population by district")`).click();
        assertMatch(shown.url(), /\/small\/dataset\/d1$/);
        await plain.close();
      });

      assertEquals(wrong, []);
    } finally {
      await browser.close();
      await explorer.stop();
    }
  },
});
