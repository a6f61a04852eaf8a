import { assertEquals } from "@std/assert";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { type CatalogueDataset, publishState } from "../helpers/catalogues.ts";
import { inSmallSite } from "../helpers/small_site.ts";
import {
  finalRows,
  publishSearch,
  type SmallMention,
  type smallSite,
} from "../helpers/small_snapshots.ts";

type Site = ReturnType<typeof smallSite>;

const FILES = "https://files.example";
const FIRST = "2026-11-20T03:00:00.000Z";
const SECOND = "2026-11-22T03:00:00.000Z";
const THIRD = "2026-11-24T03:00:00.000Z";

const state = (
  site: Site,
  at: string,
  resources: Record<string, string>,
  more: CatalogueDataset[] = [],
) =>
  publishState(site.paths.root, at, [{
    id: "d1",
    name: "trees",
    title: "Trees",
    resources: Object.entries(resources).map(([id, url]) => ({ id, name: id, url, format: "CSV" })),
  }, ...more]);

const search = (site: Site, at: string, mentions: Partial<SmallMention>[]) =>
  publishSearch(
    { ...site, now: () => new Date(at) },
    mentions.map((mention) => ({ dataset_id: "d1", ...mention })),
  );

Deno.test("buildFinal() says what changed since the catalogue before, and how many repositories mention it", () =>
  inSmallSite(async (site, run) => {
    const gone = { id: "d2", title: "Rents", resources: [{ id: "r9", url: `${FILES}/rents.csv` }] };
    await state(site, FIRST, { r1: `${FILES}/a.csv`, r2: `${FILES}/b.csv` }, [gone]);
    await search(site, FIRST, [
      { dataset_id: "d2", resource_id: "r9" },
      { dataset_id: "d2", resource_id: "r9", repository: "github.com/ben/atlas" },
      { dataset_id: "d2", resource_id: "r9", repository: "github.com/eve/fork", is_fork: true },
    ]);
    await state(site, SECOND, { r1: `${FILES}/new/a.csv`, r2: `${FILES}/b.csv` });
    await search(site, SECOND, [{ resource_id: "r1" }]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(
        site,
        `select thing, change, coalesce(resource_id, dataset_id) as id, old_value,
        new_value, is_with_dataset as along, repositories from final_changes order by thing, change`,
      ),
      [
        {
          thing: "dataset",
          change: "gone",
          id: "d2",
          old_value: "Rents",
          new_value: null,
          along: false,
          repositories: 2,
        },
        {
          thing: "resource",
          change: "gone",
          id: "r9",
          old_value: `${FILES}/rents.csv`,
          new_value: null,
          along: true,
          repositories: 2,
        },
        {
          thing: "resource",
          change: "url_moved",
          id: "r1",
          old_value: `${FILES}/a.csv`,
          new_value: `${FILES}/new/a.csv`,
          along: false,
          repositories: 1,
        },
      ],
    );
    const { manifest } = (await newestSnapshot(site.paths, "final"))!;
    const parents = manifest.parents.filter(({ file }) => file.includes("clean_ckan_api"));
    assertEquals(parents.length, 2);
  }));

Deno.test("buildFinal() has no changes where there is no earlier catalogue", () =>
  inSmallSite(async (site, run) => {
    await state(site, FIRST, { r1: `${FILES}/a.csv` });
    await search(site, FIRST, [{ resource_id: "r1" }]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(await finalRows(site, "select * from final_changes"), []);
  }));

Deno.test("buildFinal() lists URLs that an earlier catalogue had and code still has, however they are written", () =>
  inSmallSite(async (site, run) => {
    const kept = `${FILES}/kept.csv`;
    await state(site, FIRST, {
      r1: kept,
      r2: `${FILES}/old/b.csv`,
      r3: "http://www.files.example/c.csv",
      r4: `${FILES}/data`,
      r5: `${FILES}/`,
      r6: `${FILES}/x(1),y%20z.csv`,
    });
    await state(site, SECOND, { r1: kept, r2: `${FILES}/old/b.csv`, r3: `${FILES}/c.csv` });
    await state(site, THIRD, { r1: kept, r2: `${FILES}/new/b.csv`, r3: `${FILES}/c.csv` });
    const lines = [
      `read("${FILES}/old/b.csv")`,
      `"url": "https:\\/\\/www.files.example\\/old\\/b.csv#top",`,
      // http became https: nothing is gone
      `get('http://www.files.example/c.csv')`,
      `[data](${FILES}/data). And ${FILES}/data/more, ${FILES}/data{year}, ${FILES}/data%20list`,
      `see ${FILES}/ and ${kept}`,
      `urls = ${kept},${FILES}/x(1),y%20z.csv;`,
    ];
    await search(
      site,
      THIRD,
      lines.map((line, index) => ({ resource_id: "r1", text: kept, line, line_number: index + 1 })),
    );
    assertEquals((await run("09_build_final")).code, 0);
    const rows = await finalRows(
      site,
      `select line_number as line, url_in_code as code, missing, dataset_id, dataset_title,
        last_in_catalogue_at as last, gone_since as since, url
      from final_dead_references order by line_number, url_in_code`,
    );
    assertEquals(rows.map(({ line, code, missing }) => [line, code, missing]), [
      [1, `${FILES}/old/b.csv`, `${FILES}/old/b.csv`],
      [2, "https://www.files.example/old/b.csv#top", `${FILES}/old/b.csv`],
      [4, `${FILES}/data`, `${FILES}/data`],
      [6, `${FILES}/x(1),y%20z.csv`, `${FILES}/x(1),y%20z.csv`],
    ]);
    assertEquals(rows[0], {
      line: 1,
      code: `${FILES}/old/b.csv`,
      missing: `${FILES}/old/b.csv`,
      dataset_id: "d1",
      dataset_title: "Trees",
      last: new Date(SECOND),
      since: new Date(THIRD),
      url: "https://github.com/anna/maps/blob/abc/src/load.py#L1",
    });
    assertEquals([rows[2]!.last, rows[2]!.since], [new Date(FIRST), new Date(SECOND)]);
    // no search could attribute the old address, but it is in code
    assertEquals(
      await finalRows(site, "select resource_id as id, repositories from final_changes"),
      [{ id: "r2", repositories: 1 }],
    );
  }));

Deno.test("buildFinal() says of a missing page of the portal which dataset it was", () =>
  inSmallSite(async (site, run) => {
    const old = {
      id: "d2",
      name: "rents",
      title: "Rents",
      resources: [{ id: "r9", url: `${FILES}/r` }],
    };
    await state(site, FIRST, { r1: `${FILES}/a.csv` }, [old]);
    await state(site, SECOND, { r1: `${FILES}/a.csv` });
    await search(site, SECOND, [
      { resource_id: "r1", line: "https://small.example/dataset/rents", line_number: 1 },
      { resource_id: "r1", line: "https://small.example/dataset/never-was", line_number: 2 },
    ]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(
        site,
        "select missing, dataset_title as was, gone_since as since from final_dead_references order by line_number",
      ),
      [
        { missing: "rents", was: "Rents", since: new Date(SECOND) },
        { missing: "never-was", was: null, since: null },
      ],
    );
  }));

Deno.test("buildFinal() takes mentions of a host that is searched no more from the last search that did", () =>
  inSmallSite(async (site, run) => {
    const text = "https://old-host.example/b.csv";
    await state(site, FIRST, { r1: `${FILES}/a.csv`, r2: text, r3: `${FILES}/c.csv` });
    await search(site, FIRST, [
      { resource_id: "r2", text, repository: "github.com/ben/atlas" },
      // on a host that is searched still: the newest search would have found it
      { resource_id: "r3", text: `${FILES}/c.csv`, repository: "github.com/ben/mended" },
    ]);
    await state(site, SECOND, { r1: `${FILES}/a.csv` });
    await search(site, SECOND, [{ resource_id: "r1" }]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(site, "select repository, missing, seen_at from final_dead_references"),
      [{ repository: "github.com/ben/atlas", missing: text, seen_at: new Date(FIRST) }],
    );
  }));

Deno.test("buildFinal() takes an address with the id of a resource that exists for no dead one", () =>
  inSmallSite(async (site, run) => {
    const id = "3f2b1c4d-0000-4000-8000-123456789abc";
    const download = `https://ckan.small.example/dataset/trees/resource/${id}/download`;
    await state(site, FIRST, { [id]: `${download}/2023.csv` });
    await state(site, SECOND, { [id]: `${download}/2024.csv` });
    const text = `${download}/2023.csv`;
    await search(site, SECOND, [{ resource_id: id, text, match_kind: "identifier" }]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(await finalRows(site, "select * from final_dead_references"), []);
  }));
