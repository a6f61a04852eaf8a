import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { startBrowser, violations, watch } from "../../helpers/browser.ts";
import { findChromium } from "../../helpers/chromium.ts";
import { startExplorer } from "../../helpers/explorer_site.ts";
import { publishSmall, serveFiles } from "../../helpers/published_site.ts";

/** Run by browser_test.ts in a process of its own: Playwright asks more than tests are allowed. */

const PAGES = [
  "index.html",
  "datasets.html",
  "mentions.html",
  "mentions.html#match_kind=exact",
  "dataset/d1.html",
  "dataset/d5.html",
  "organization/o2.html",
  "organizations.html",
  "repositories.html",
  "topics.html",
  "packages.html",
  "dead_references.html",
  "changes.html",
  "graph.html",
  "new.html",
  "method.html",
  "search.html?q=d",
];

Deno.test({
  name: "a published site works in Chromium from plain files under a path, as the server does",
  // the browser's pipes are closed by its own process
  sanitizeResources: false,
  sanitizeOps: false,
  async fn(test) {
    const explorer = await startExplorer();
    const folder = join(explorer.root, "out");
    await publishSmall(explorer.root, folder);
    const files = serveFiles(folder);
    const browser = await startBrowser(findChromium()!);
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const wrong = watch(page);
      const to = (path: string) => page.goto(`${files.origin}/${path}`);
      const served = async (path: string) =>
        (await (await fetch(`${explorer.origin}/small/${path}`)).json()).rows;

      await test.step("finds the same as the server, in the same order", async () => {
        for (const words of ["popul", "DISTRICT popul", "stätistical", "an ma", "trees", "parks"]) {
          await to("search.html");
          await page.locator("#q").fill(words);
          await page.locator("#results[data-ready]").waitFor();
          const found = await page.locator("#results .found li > :first-child").allInnerTexts();
          const wanted = await served(`search.json?q=${encodeURIComponent(words)}`);
          assertEquals(found, wanted.map((row: { label: string }) => row.label), words);
          assert(found.length > 0, words);
        }
        // what the words are inside of, the server finds as well, and shows it after this
        await to("search.html?q=tr");
        await page.locator("#results[data-ready]").waitFor();
        const found = await page.locator("#results .found li > :first-child").allInnerTexts();
        const wanted = (await served("search.json?q=tr")).map((row: { label: string }) =>
          row.label
        );
        assertEquals(found, wanted.slice(0, found.length));
      });

      await test.step("opens what it finds", async () => {
        await to("search.html?q=popul");
        await page.locator(`#results a:has-text("Population by district")`).click();
        await page.waitForURL("**/dataset/d1.html");
        await page.locator("#q").fill("parks");
        await page.locator("#q").press("Enter");
        await page.waitForURL(/search\.html\?q=parks$/);
      });

      await test.step("filters as the server does, by links of other pages and by facets", async () => {
        await to("index.html");
        await page.locator(`a[href="mentions.html#match_kind=landing_page"]`).click();
        await page.locator("#table-tools[data-shown]").waitFor({ state: "attached" });
        const shown = async () =>
          Number(await page.locator("#table-tools").getAttribute("data-shown"));
        assertEquals(
          await shown(),
          (await served("data/mentions.json?match_kind=landing_page")).length,
        );
        await page.locator(".chips a").click();
        await page.waitForURL(/mentions\.html#$/);
        const all = await served("data/mentions.json");
        await page.locator(`#table-tools[data-shown="${all.length}"]`).waitFor({
          state: "attached",
        });
        await to("datasets.html#format=CSV&organization_id=o1");
        await page.locator("#table-tools[data-shown]").waitFor({ state: "attached" });
        const wanted = await served("data/datasets.json?format=CSV&organization_id=o1");
        assertEquals(await shown(), wanted.length);
        assertEquals(
          await page.locator("#table-content tbody th > :first-child").allInnerTexts(),
          wanted.map(({ title }: { title: string }) =>
            title.length > 120 ? `${title.slice(0, 120).trimEnd()}…` : title
          ),
        );
      });

      await test.step("sorts, narrows by text, and downloads what is shown", async () => {
        await to("datasets.html");
        await page.locator("#load").click();
        await page.locator("#sort-dataset_id").click();
        const titles = await page.locator("#table-content tbody th > :first-child").allInnerTexts();
        assertEquals(titles.length, 7);
        const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
        const shownTitles = titles.map((it) => it.trim());
        assertEquals(shownTitles.toSorted(collator.compare), shownTitles);
        await page.locator("#table-text").fill("trees");
        await page.locator(`#table-tools[data-shown="1"]`).waitFor({ state: "attached" });
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.locator("#download").click(),
        ]);
        const csv = await Deno.readTextFile(await download.path());
        assertEquals(csv.trim().split("\r\n").length, 2);
        assertStringIncludes(csv, "d7");
      });

      await test.step("gives files, the graph and the feed", async () => {
        await to("mentions.html");
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.locator(`.files a:has-text("Parquet")`).click(),
        ]);
        assertEquals(download.suggestedFilename(), "mentions.parquet");
        await to("graph.html");
        await page.locator("#graph[data-ready]").focus();
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/(dataset|repository)\//);
        await to("dataset/d1.html");
        const feed = await page.locator(`link[type="application/atom+xml"]`).getAttribute("href");
        const answer = await fetch(new URL(feed!, page.url()));
        assertMatch(await answer.text(), /<feed xmlns=/);
      });

      await test.step("has no violation that axe finds, and no page wider than the window", async () => {
        for (const [width, colorScheme] of [[1280, "light"], [375, "dark"]] as const) {
          const other = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
          const shown = await other.newPage();
          const errors = watch(shown);
          for (const path of PAGES) {
            await shown.goto(`${files.origin}/${path}`);
            if (path.includes("#")) {
              await shown.locator("#table-tools[data-shown]").waitFor({ state: "attached" });
            }
            if (path.includes("?q=")) await shown.locator("#results[data-ready]").waitFor();
            assertEquals(await violations(shown), [], `${path} at ${width}`);
            const over = await shown.evaluate(
              "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            );
            assertEquals(over, 0, `${path} is wider than ${width}`);
          }
          assertEquals(errors, []);
          await other.close();
        }
      });

      await test.step("loads at most 150 kB for its first view", async () => {
        const other = await browser.newContext();
        const shown = await other.newPage();
        let bytes = 0;
        shown.on("response", async (response) => bytes += (await response.body()).length);
        await shown.goto(`${files.origin}/index.html`, { waitUntil: "networkidle" });
        assert(bytes > 10_000 && bytes < 150_000, `${bytes} bytes`);
        await other.close();
      });

      await test.step("needs no script but for search and filters", async () => {
        const plain = await browser.newContext({ javaScriptEnabled: false });
        const shown = await plain.newPage();
        await shown.goto(`${files.origin}/index.html`);
        await shown.locator(`a:has-text("Population by district")`).first().click();
        await shown.locator(`a:has-text("github.com/anna/maps")`).first().click();
        assertMatch(shown.url(), /\/repository\/github-com-anna-maps\.\w+\.html$/);
        await plain.close();
      });

      assertEquals(wrong, []);
    } finally {
      await browser.close();
      await files.stop();
      await explorer.stop();
    }
  },
});
