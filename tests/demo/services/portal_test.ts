import { assert, assertEquals, assertRejects } from "@std/assert";
import { demoDataset, demoDatasetId } from "../../../lib/demo/city/datasets.ts";
import { faultsAt, faultsByRate } from "../../../lib/demo/services/service.ts";
import {
  type DemoPortal,
  type PortalOptions,
  startPortal,
} from "../../../lib/demo/services/portal.ts";

interface Page {
  count: number;
  sort: string;
  results: { id: string; metadata_modified: string }[];
}

async function withPortal(options: PortalOptions, use: (portal: DemoPortal) => Promise<void>) {
  const portal = startPortal(options);
  try {
    await use(portal);
  } finally {
    await portal.close();
  }
}

function ask(portal: DemoPortal, parameters: Record<string, string>): Promise<Response> {
  return fetch(`${portal.endpointUrl}?${new URLSearchParams(parameters)}`);
}

async function page(portal: DemoPortal, parameters: Record<string, string>): Promise<Page> {
  return (await (await ask(portal, parameters)).json()).result;
}

async function walk(portal: DemoPortal, between?: (turn: number) => void): Promise<string[]> {
  const ids: string[] = [];
  for (let turn = 0; turn < 100; turn++) {
    const after = ids.at(-1);
    const range: Record<string, string> = after === undefined ? {} : { fq: `id:{"${after}" TO *]` };
    const { results } = await page(portal, { sort: "id asc", rows: "1000", fl: "id", ...range });
    if (results.length === 0) return ids;
    ids.push(...results.map(({ id }) => id));
    between?.(turn);
  }
  throw new Error("The pages do not end");
}

Deno.test("startPortal() gives every dataset once when it is read by ranges of ids", () =>
  withPortal({ datasets: 500, clamp: 70 }, async (portal) => {
    const all = Array.from({ length: 500 }, (_, index) => demoDatasetId(index)).toSorted();
    assertEquals(await walk(portal), all);
    assertEquals(portal.requests.count, 9);
  }));

Deno.test("startPortal() keeps ranges of ids sound when datasets come and go meanwhile", () =>
  withPortal({ datasets: 300, clamp: 50 }, async (portal) => {
    const ids = Array.from({ length: 300 }, (_, index) => demoDatasetId(index)).toSorted();
    const late = { ...demoDataset(9000), id: "ffffffff-0000-4000-8000-000000000000" };
    const read = await walk(portal, (turn) => {
      if (turn !== 1) return;
      portal.remove(ids[3]!);
      portal.touch(ids[200]!);
      portal.insert(late);
    });
    assertEquals(read, [...ids, late.id]);
    const newest = await page(portal, { sort: "metadata_modified desc", rows: "1" });
    assertEquals(newest.results[0]?.id, ids[200]);
    assertEquals(newest.count, 300);
  }));

Deno.test("startPortal() sorts and filters by time as Solr does", () =>
  withPortal({ datasets: 200 }, async (portal) => {
    const from = "2024-01-01T00:00:00Z";
    const { results, count } = await page(portal, {
      fq: `metadata_modified:[${from} TO *]`,
      sort: "metadata_modified asc, id asc",
      rows: "1000",
    });
    const expected = Array.from({ length: 200 }, (_, index) => demoDataset(index))
      .filter((dataset) => dataset.metadata_modified >= "2024-01-01").length;
    assertEquals([results.length, count], [expected, expected]);
    const times = results.map((result) => result.metadata_modified.slice(0, 23));
    assertEquals(times, times.toSorted());
  }));

Deno.test("startPortal() answers with CKAN's defaults, limits and errors", () =>
  withPortal({ datasets: 30, clamp: 20 }, async (portal) => {
    const first = await page(portal, {});
    assertEquals([first.results.length, first.count], [10, 30]);
    assertEquals(first.sort, "score desc, metadata_modified desc");
    assertEquals((await page(portal, { rows: "1000" })).results.length, 20);
    assertEquals((await page(portal, { rows: "0" })).results.length, 0);
    assertEquals((await page(portal, { start: "25" })).results.length, 5);
    assertEquals((await page(portal, { start: "99" })).results.length, 0);
    for (
      const [parameters, status, type] of [
        [{ cursorMark: "*" }, 400, "Search Query Error"],
        [{ rows: "-1" }, 409, "Validation Error"],
        [{ fq: "id:{a TO" }, 409, "Search Error"],
      ] as const
    ) {
      const answer = await ask(portal, parameters);
      const { success, error } = await answer.json();
      assertEquals([answer.status, success, error.__type], [status, false, type]);
    }
    const unknown = await fetch(`${portal.url}/api/3/action/status_shew`);
    assertEquals([unknown.status, typeof await unknown.json()], [400, "string"]);
  }));

Deno.test("startPortal() ignores what it is reported to ignore", async () => {
  await withPortal({ datasets: 30, keyset: false }, async (portal) => {
    const last = demoDatasetId(3);
    assertEquals((await page(portal, { fq: `id:{"${last}" TO *]` })).count, 30);
  });
  await withPortal({ datasets: 30, ignoreStart: true }, async (portal) => {
    const [one, two] = [await page(portal, {}), await page(portal, { start: "10" })];
    assertEquals(one, two);
  });
});

Deno.test("startPortal() sends integers above 2^53 and odd characters undamaged, gzip or not", async () => {
  for (const gzip of [true, false]) {
    const pagesFolder = await Deno.makeTempDir();
    await withPortal({ datasets: 60, gzip, pagesFolder }, async (portal) => {
      const answer = await ask(portal, { rows: "100" });
      assertEquals(answer.headers.get("content-encoding"), gzip ? "gzip" : null);
      const text = await answer.text();
      assertEquals(await (await ask(portal, { rows: "100" })).text(), text);
      assert(text.includes('"total": 9007199254740993,') && text.includes("\\ud83c\\udf33"));
      assert(/^[\x20-\x7f]*$/.test(text));
    });
    assertEquals([...Deno.readDirSync(pagesFolder)].length, 1, "made once");
    await Deno.remove(pagesFolder, { recursive: true });
  }
});

Deno.test("startPortal() fails as planned when faults are given", () =>
  withPortal({
    datasets: 50,
    faults: faultsAt({
      ...{ 1: "429-seconds", 2: "429-date", 3: "503", 4: "html-200", 5: "html-403" },
      ...{ 6: "success-false", 7: "cut", 8: "truncated", 9: "slow" },
    }),
    slowMs: 60_000,
  }, async (portal) => {
    const seconds = await ask(portal, {});
    assertEquals([seconds.status, seconds.headers.get("retry-after")], [429, "1"]);
    const date = await ask(portal, {});
    assert(Date.parse(date.headers.get("retry-after") ?? "") > Date.now() - 1000);
    const texts = [seconds, date];
    assertEquals((texts[2] = await ask(portal, {})).status, 503);
    const page200 = await ask(portal, {});
    assertEquals([page200.status, (await page200.text()).startsWith("<html>")], [200, true]);
    assertEquals((texts[3] = await ask(portal, {})).status, 403);
    const refused = await ask(portal, {});
    assertEquals([refused.status, (await refused.json()).success], [200, false]);
    await assertRejects(async () => await (await ask(portal, { rows: "50" })).text());
    await assertRejects(async () => await (await ask(portal, {})).json(), SyntaxError);
    const signal = AbortSignal.timeout(50);
    await assertRejects(() => fetch(portal.endpointUrl, { signal }));
    assertEquals((await page(portal, {})).count, 50);
    for (const answer of texts) await answer.body?.cancel();
  }));

Deno.test("faultsByRate() gives the same faults for the same seed at about the rate", () => {
  const plan = (seed: number) => {
    const faults = faultsByRate(0.25, ["503", "cut"], seed);
    return Array.from({ length: 1000 }, (_, index) => faults(index + 1));
  };
  assertEquals(plan(1), plan(1));
  const failed = plan(1).filter(Boolean).length;
  assert(failed > 200 && failed < 300, `${failed} of 1000`);
});
