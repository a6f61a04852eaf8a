import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type CatalogueDataset, publishState } from "../helpers/catalogues.ts";
import { inSmallSite, type Run } from "../helpers/small_site.ts";

const OLD = "2026-11-20T03:00:00.000Z";
const NEW = "2026-11-24T03:00:00.000Z";
const FILES = "https://files.example";

const one = (dataset: Partial<CatalogueDataset>): CatalogueDataset => ({
  id: "d1",
  title: "Trees",
  resources: [{ id: "r1", name: "CSV", url: `${FILES}/trees.csv`, format: "CSV" }],
  ...dataset,
});

interface Row {
  thing: string;
  change: string;
  field: string | null;
  dataset_id: string;
  resource_id: string | null;
  organization_id: string | null;
  old_value: string | null;
  new_value: string | null;
  is_with_dataset: boolean;
}

async function rowsOf(run: Run, ...args: string[]): Promise<Row[]> {
  const { code, stdout, stderr } = await run("changes", "--format", "json", ...args);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout).rows;
}

/** What changed between two states, each row as one line. */
function compare(old: CatalogueDataset[], now: CatalogueDataset[]): Promise<string[]> {
  let lines: string[] = [];
  return inSmallSite(async ({ paths }, run) => {
    await publishState(paths.root, OLD, old);
    await publishState(paths.root, NEW, now);
    lines = (await rowsOf(run)).map((row) =>
      `${row.thing} ${row.change} ${row.field ?? ""} ${row.resource_id ?? row.dataset_id}: ` +
      `${row.old_value} → ${row.new_value}${row.is_with_dataset ? ", with its dataset" : ""}`
    );
  }).then(() => lines);
}

Deno.test("tellChanges() names each kind of change with the old value and the new one", async () => {
  const old = one({
    url: "https://a.example/old",
    license_id: "cc-by",
    license_title: "CC BY",
    resources: [
      { id: "r1", name: "Table", url: `${FILES}/trees.csv`, format: "CSV" },
      { id: "r2", name: "Map", url: `${FILES}/trees.shp`, format: "SHP" },
      { id: "r3", name: "Old notes", url: `${FILES}/notes.txt`, format: "txt" },
    ],
  });
  const now = one({
    title: "Trees of the city",
    name: "city-trees",
    url: "https://a.example/new",
    license_id: "cc-zero",
    license_title: "CC0",
    resources: [
      { id: "r1", name: "Table", url: `${FILES}/v2/trees.csv`, format: "csv" },
      { id: "r2", name: "Shapes", url: `${FILES}/trees.shp`, format: "GeoJSON" },
      { id: "r4", name: "Notes", url: `${FILES}/notes.md`, format: "md" },
    ],
  });
  const gone = one({ id: "d2", title: "Rents", resources: [{ id: "r5", url: `${FILES}/rents` }] });
  const added = one({ id: "d3", title: "Noise", resources: [{ id: "r6", url: `${FILES}/noise` }] });
  assertEquals(await compare([old, gone], [now, added]), [
    "dataset added  d3: null → Noise",
    "dataset gone  d2: Rents → null",
    "dataset licence_changed licence d1: CC BY → CC0",
    "dataset renamed name d1: d1 → city-trees",
    "dataset renamed title d1: Trees → Trees of the city",
    "dataset url_moved url d1: https://a.example/old → https://a.example/new",
    `resource added  r4: null → ${FILES}/notes.md`,
    `resource added  r6: null → ${FILES}/noise, with its dataset`,
    "resource format_changed format r2: SHP → GeoJSON",
    `resource gone  r3: ${FILES}/notes.txt → null`,
    `resource gone  r5: ${FILES}/rents → null, with its dataset`,
    "resource renamed name r2: Map → Shapes",
    `resource url_moved url r1: ${FILES}/trees.csv → ${FILES}/v2/trees.csv`,
  ]);
});

Deno.test("tellChanges() knows a resource again by its URL, or by name and format, when its id changed", async () => {
  const url = `${FILES}/twice.csv`;
  const old = one({
    resources: [
      { id: "a", name: "Same URL", url: `${FILES}/same.csv` },
      { id: "b", name: "Moved", url: `${FILES}/2023.csv`, format: "CSV" },
      { id: "c1", name: "Twice", url },
      { id: "c2", name: "Twice", url },
      { id: "c3", name: "Twice", url },
    ],
  });
  const now = one({
    resources: [
      { id: "x", name: "Same URL", url: `${FILES}/same.csv` },
      { id: "y", name: "moved", url: `${FILES}/2024.csv`, format: "csv" },
      { id: "z1", name: "Twice", url },
      { id: "z2", name: "Twice", url },
    ],
  });
  assertEquals(await compare([old], [now]), [
    `resource gone  c3: ${url} → null`,
    "resource id_changed id x: a → x",
    "resource id_changed id z1: c1 → z1",
    "resource id_changed id z2: c2 → z2",
    "resource renamed name y: Moved → moved",
    `resource url_moved url y: ${FILES}/2023.csv → ${FILES}/2024.csv`,
  ]);
});

Deno.test("tellChanges() knows a dataset that was deleted and made again by its name", async () => {
  const old = one({ id: "old", name: "trees" });
  const now = one({ id: "new", name: "trees", title: "All trees" });
  assertEquals(await compare([old], [now]), [
    "dataset id_changed id new: old → new",
    "dataset renamed title new: Trees → All trees",
  ]);
});

Deno.test("tellChanges() says that a resource is in another dataset, unless its dataset has a new id only", async () => {
  const resource = (id: string) => ({ id, name: id, url: `${FILES}/${id}` });
  const old = [
    one({ id: "a", resources: [resource("stays"), resource("moves")] }),
    one({ id: "b", resources: [resource("other")] }),
    one({ id: "gone", resources: [resource("left")] }),
    one({ id: "c1", name: "made-again", resources: [resource("with-it")] }),
  ];
  const now = [
    one({ id: "a", resources: [resource("stays")] }),
    one({ id: "b", resources: [resource("other"), resource("moves"), resource("left")] }),
    one({ id: "c2", name: "made-again", resources: [resource("with-it")] }),
  ];
  assertEquals(await compare(old, now), [
    "dataset gone  gone: Trees → null",
    "dataset id_changed id c2: c1 → c2",
    "resource dataset_changed dataset left: gone → b",
    "resource dataset_changed dataset moves: a → b",
  ]);
});

Deno.test("tellChanges() reports renamed organizations in text, CSV and JSON", () =>
  inSmallSite(async ({ paths }, run) => {
    const keep = { id: "o2", name: "parks", title: "Parks" };
    await publishState(paths.root, OLD, [one({})], {
      organizations: [
        { id: "o1", name: "transport", title: "Ministry of Transport" },
        keep,
        { id: "o3", name: "former", title: "Former" },
      ],
    });
    await publishState(paths.root, NEW, [one({})], {
      organizations: [
        { id: "o1", name: "mobility", title: "Ministry of Mobility" },
        keep,
        { id: "o4", name: "new", title: "New" },
      ],
    });
    assertEquals(
      (await rowsOf(run)).map(({ thing, change, field, organization_id, old_value, new_value }) => [
        thing,
        change,
        field,
        organization_id,
        old_value,
        new_value,
      ]),
      [
        ["organization", "renamed", "name", "o1", "transport", "mobility"],
        ["organization", "renamed", "title", "o1", "Ministry of Transport", "Ministry of Mobility"],
      ],
    );
    const text = (await run("changes")).stdout;
    assertStringIncludes(text, "Organizations: renamed\n  Ministry of Mobility (name)");
    assertStringIncludes(text, "Ministry of Transport → Ministry of Mobility");
    const csv = (await run("changes", "--format", "csv")).stdout;
    assertStringIncludes(csv, "organization,renamed,title,");
  }));

Deno.test("tellChanges() takes another label of the same licence for no change", async () => {
  const old = one({ license_id: "cc-by", license_title: "CC BY" });
  const now = one({ license_id: "CC-BY", license_title: "Creative Commons Attribution" });
  const other = one({ license_id: "cc-by-sa", license_title: "CC BY" });
  assertEquals(await compare([old], [now]), []);
  assertEquals(await compare([old], [other]), [
    "dataset licence_changed licence d1: cc-by → cc-by-sa",
  ]);
});

Deno.test("tellChanges() shows counts, then the first of each kind with links, and says how many more", () =>
  inSmallSite(async ({ paths }, run) => {
    const many = (count: number, from = 0) =>
      Array.from({ length: count }, (_, index) => ({
        id: `s${from + index}`,
        name: `Sheet ${index}`,
        url: `${FILES}/${from + index}.csv`,
      }));
    await publishState(paths.root, OLD, [one({ resources: many(3) }), one({ id: "d2" })]);
    const hostile = "Parks \u001b[2J\u202Eof\nthe city";
    await publishState(paths.root, NEW, [
      one({ title: hostile, resources: [...many(3), ...many(25, 1000)] }),
    ]);
    const { code, stdout, stderr } = await run("changes");
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "from 2026-11-20 03:00 UTC to 2026-11-24 03:00 UTC");
    const lines = stdout.split("\n").map((line) => line.trimEnd());
    const counts = lines.slice(2, 12).map((line) => line.trim().split(/ {2,}/));
    assertEquals(counts, [
      ["datasets", "resources", "organizations"],
      ["removed", "1", "1", "1 of them with their dataset"],
      ["URL moved", "0", "0"],
      ["added", "0", "25"],
      ["renamed", "1", "0", "0"],
      ["in another dataset", "0"],
      ["licence changed", "0"],
      ["format changed", "0"],
      ["id changed", "0", "0"],
      ["total now", "1", "28", "0"],
    ]);
    assertStringIncludes(stdout, "Trees → Parks [2Jof the city");
    assertStringIncludes(stdout, "https://ckan.small.example/dataset/d1");
    assertStringIncludes(stdout, `      ${FILES}/1000.csv`);
    assertStringIncludes(stdout, "… and 5 more: --format csv or --format json has all");
    assert(!stdout.includes("\u001b") && !stdout.includes("\u202E"));
  }));

Deno.test("tellChanges() writes CSV that no spreadsheet takes for a formula, with a head in any case", () =>
  inSmallSite(async ({ paths }, run) => {
    const same = one({});
    await publishState(paths.root, OLD, [same]);
    await publishState(paths.root, "2026-11-21T03:00:00.000Z", [same]);
    const head = (await run("changes", "--format", "csv")).stdout;
    assertEquals(head.split("\r\n")[0]?.split(",").slice(0, 4), [
      "thing",
      "change",
      "field",
      "dataset_id",
    ]);
    assertEquals(head.trimEnd().split("\r\n").length, 1);
    await publishState(paths.root, NEW, [one({ title: `=HYPERLINK("http://evil.example")` })]);
    const { stdout } = await run("changes", "--format", "csv");
    assertStringIncludes(stdout, `,"'=HYPERLINK(""http://evil.example"")",`);
  }));

Deno.test("tellChanges() takes snapshots by datetime, file name and path, and by default the newest two", () =>
  inSmallSite(async ({ paths }, run) => {
    const titles = ["One", "Two", "Three"];
    const states = [];
    for (const [index, title] of titles.entries()) {
      states.push(
        await publishState(paths.root, `2026-11-2${index}T03:00:00.000Z`, [one({ title })]),
      );
    }
    const titleChange = async (...args: string[]) =>
      (await rowsOf(run, ...args)).map((row) => `${row.old_value} → ${row.new_value}`);
    assertEquals(await titleChange(), ["Two → Three"]);
    assertEquals(await titleChange("--from", "20261120T030000Z"), ["One → Three"]);
    assertEquals(await titleChange("--from", "2026-11-20T03:00:00.000Z"), ["One → Three"]);
    assertEquals(await titleChange("--to", states[1]!.name), ["One → Two"]);
    assertEquals(await titleChange("--from", states[0]!.file, "--to", states[1]!.file), [
      "One → Two",
    ]);
  }));

Deno.test("tellChanges() does not take a catalogue that was cleaned again for an earlier one", () =>
  inSmallSite(async ({ paths }, run) => {
    await publishState(paths.root, OLD, [one({ title: "Before" })]);
    const parents = [{ file: "raw.db", sha256: "one" }];
    await publishState(paths.root, "2026-11-22T03:00:00.000Z", [one({})], { parents });
    await publishState(paths.root, NEW, [one({})], { parents });
    assertEquals((await rowsOf(run)).map((row) => row.old_value), ["Before"]);
  }));

Deno.test("tellChanges() ends with 3 and says what may not be so when a catalogue is incomplete", () =>
  inSmallSite(async ({ paths }, run) => {
    await publishState(paths.root, OLD, [one({}), one({ id: "d2" })]);
    await publishState(paths.root, NEW, [one({})], { reasons: ["1 page is missing"] });
    const { code, stdout, stderr } = await run("changes");
    assertEquals(code, 3);
    assertStringIncludes(stderr, `1 page is missing, so some "removed" may still exist`);
    assertStringIncludes(stdout, "Datasets: removed");
  }));

Deno.test("tellChanges() says in one line what cannot be compared", () =>
  inSmallSite(async ({ paths }, run) => {
    const fails = async (wanted: number, text: string, ...args: string[]) => {
      const { code, stdout, stderr } = await run("changes", ...args);
      assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [wanted, "", 1], stderr);
      assertStringIncludes(stderr, text);
    };
    await fails(1, `no snapshot of "clean_ckan_api"`);
    const first = await publishState(paths.root, OLD, [one({})]);
    await fails(1, `no catalogue earlier than ${first.name}`);
    await publishState(paths.root, NEW, [one({})]);
    await fails(2, `--format "xml" is none of table, csv, json`, "--format", "xml");
    await fails(1, `--from "20200101T000000Z" is not a snapshot in`, "--from", "20200101T000000Z");
    await fails(1, `--to "../x" is not a snapshot in`, "--to", "../x");
    await fails(2, "is not earlier than --to", "--from", "20261124T030000Z");
    const other = join(paths.snapshots, "final_20261124T030000Z");
    await Deno.writeTextFile(`${other}.db`, "");
    const manifest = JSON.parse(await Deno.readTextFile(first.file.replace(/\.db$/, ".json")));
    await Deno.writeTextFile(`${other}.json`, JSON.stringify({ ...manifest, database: "final" }));
    await fails(2, `is a snapshot of "final"`, "--from", `${other}.db`);
  }));
