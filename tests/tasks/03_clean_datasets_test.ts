import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Database } from "../../lib/duckdb/database.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { publishRaw, type RawRows } from "../helpers/raw_catalogue.ts";
import { recorded, recordedTest } from "../helpers/recorded_data.ts";
import { inPage } from "../helpers/recorded_pages.ts";
import { runTask } from "../helpers/run_task.ts";
import { CONFIG_TEXT, smallSite } from "../helpers/small_snapshots.ts";

type Row = Record<string, unknown>;
interface Bench {
  run: (...args: string[]) => ReturnType<typeof runTask>;
  query: (sql: string) => Promise<Row[]>;
  site: ReturnType<typeof smallSite>;
}

/** Publishes these raw rows and gives the means to clean them and to look at the result. */
async function withRaw(
  rows: RawRows,
  test: (bench: Bench) => Promise<void>,
  reasons: string[] = [],
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const config = join(root, "small.toml");
    await Deno.writeTextFile(config, CONFIG_TEXT);
    const site = smallSite(root);
    await publishRaw(site, rows, reasons);
    await test({
      site,
      run: (...args) =>
        runTask("03_clean_datasets", "--config-file", config, "--artifacts-dir", root, ...args),
      query: async (sql) => {
        const snapshot = await newestSnapshot(site.paths, "clean_ckan_api");
        const db = await Database.open(site.paths.scratch);
        try {
          await db.attach(snapshot!.file, "clean");
          await db.run("use clean");
          return await db.rows(sql);
        } finally {
          db.close();
        }
      },
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function cleaned(rows: RawRows, test: (bench: Bench) => Promise<void>): Promise<void> {
  await withRaw(rows, async (bench) => {
    const { code, stderr } = await bench.run();
    assertEquals(code, 0, stderr);
    await test(bench);
  });
}

const values = (rows: Row[]) => rows.map((row) => Object.values(row));
const REPORT = "select * from cleaning_report order by all";

Deno.test("cleanDatasets() keeps the copy fetched last when a dataset comes twice", () =>
  cleaned({
    datasets: [
      { record_number: 1, id: "d1", title: "Old" },
      { record_number: 2, id: " d1\u00a0", title: "New" },
      { record_number: 3, id: "d2", title: "Other" },
    ],
    resources: [
      { record_number: 1, id: "r1", package_id: "d1", url: "http://a.example/old" },
      { record_number: 1, id: "gone", package_id: "d1", url: "http://a.example/gone" },
      { record_number: 2, id: "r1", package_id: "d1", url: "http://a.example/new" },
      { record_number: 3, id: "r2", package_id: "d2", url: "http://a.example/2" },
    ],
  }, async ({ query }) => {
    assertEquals(values(await query("select id, title from ckan_clean_datasets order by id")), [
      ["d1", "New"],
      ["d2", "Other"],
    ]);
    assertEquals(values(await query("select id, url from ckan_clean_all_resources order by id")), [
      ["r1", "http://a.example/new"],
      ["r2", "http://a.example/2"],
    ]);
    assertEquals(values(await query(REPORT)), [
      ["ckan_clean_all_resources", "id", "left out: its dataset came again later", 2],
      ["ckan_clean_datasets", "id", "left out: its id came again later", 1],
    ]);
  }));

Deno.test("cleanDatasets() keeps one copy of a resource that two datasets give", () =>
  cleaned({
    datasets: [{ record_number: 1, id: "d1" }, { record_number: 2, id: "d2" }],
    resources: [
      { record_number: 2, id: "shared", package_id: "d2", url: "http://a.example/2" },
      { record_number: 1, id: "shared", package_id: "d1", url: "http://a.example/1" },
      { record_number: 1, id: "twice", package_id: "d1", position: "9", url: "http://a.example/9" },
      {
        record_number: 1,
        id: "twice",
        package_id: "d1",
        position: "10",
        url: "http://a.example/10",
      },
      { record_number: 1, id: "half", package_id: "d1", url: "http://a.example/half" },
      { record_number: 2, id: "half", package_id: "d2", url: " " },
    ],
  }, async ({ query }) => {
    assertEquals(
      values(await query("select id, package_id, url from ckan_clean_all_resources order by id")),
      [
        ["half", "d1", "http://a.example/half"],
        ["shared", "d2", "http://a.example/2"],
        ["twice", "d1", "http://a.example/10"],
      ],
    );
    assertEquals(values(await query(REPORT)), [
      [
        "ckan_clean_all_resources",
        "id",
        "left out: another copy of the same resource counts",
        2,
      ],
      ["ckan_clean_all_resources", "url", "left out: no URL", 1],
    ]);
  }));

Deno.test("cleanDatasets() leaves out and counts what cannot be used", () =>
  cleaned({
    datasets: [
      { record_number: 1, id: "d1", owner_org: "o1" },
      { record_number: 2, id: "empty", owner_org: "o2" },
      { record_number: 3, id: " " },
    ],
    resources: [
      { record_number: 1, id: "ok", package_id: "d1", url: "http://a.example/", format: "GeoJson" },
      { record_number: 1, id: "csv", package_id: "d1", url: "http://a.example/c", format: "CSV" },
      { record_number: 1, id: null, package_id: "d1", url: "http://a.example/" },
      { record_number: 1, id: "no-url", package_id: "d1", url: null },
      { record_number: 1, id: "blank", package_id: "d1", url: "\u200b \u00a0\n" },
      {
        record_number: 1,
        dataset_id: "d1",
        id: "no-package",
        package_id: null,
        url: "http://a.example/n",
      },
      {
        record_number: 1,
        dataset_id: "d1",
        id: "other-package",
        package_id: "empty",
        url: "http://a.example/o",
      },
      { record_number: 2, id: "no-url-2", package_id: "empty", url: "" },
    ],
    organizations: [
      { record_number: 1, id: "o1", name: "one" },
      { record_number: 2, id: "o2", name: "two" },
    ],
  }, async ({ query, site }) => {
    assertEquals(values(await query("select id from ckan_clean_all_resources order by id")), [
      ["csv"],
      ["no-package"],
      ["ok"],
      ["other-package"],
    ]);
    assertEquals(values(await query("select distinct package_id from ckan_clean_all_resources")), [
      ["d1"],
    ]);
    assertEquals(values(await query("select id from ckan_clean_json_resources")), [["ok"]]);
    assertEquals(values(await query("select id from ckan_clean_datasets")), [["d1"]]);
    assertEquals(values(await query("select id from ckan_clean_organizations")), [["o1"]]);
    assertEquals(values(await query(REPORT)), [
      ["ckan_clean_all_resources", "id", "left out: no id", 1],
      [
        "ckan_clean_all_resources",
        "package_id",
        "another dataset named, the dataset that lists it counts",
        1,
      ],
      [
        "ckan_clean_all_resources",
        "package_id",
        "no dataset named, the dataset that lists it counts",
        1,
      ],
      ["ckan_clean_all_resources", "url", "left out: no URL", 3],
      ["ckan_clean_datasets", "id", "left out: no id", 1],
      ["ckan_clean_datasets", "id", "left out: no usable resource", 1],
      ["ckan_clean_organizations", "id", "left out: owns no dataset that is kept", 1],
    ]);
    const { manifest } = (await newestSnapshot(site.paths, "clean_ckan_api"))!;
    assertEquals(Object.keys(manifest.tables), [
      "ckan_clean_all_resources",
      "ckan_clean_datasets",
      "ckan_clean_json_resources",
      "ckan_clean_organizations",
      "cleaning_report",
    ]);
  }));

Deno.test("cleanDatasets() reads every form of a time that means one moment", async () => {
  const forms: [string | null, string | null, string | null][] = [
    ["2023-01-30T11:22:33.123456", "2023-01-30 11:22:33.123456", null],
    ["2023-01-30T11:22:33", "2023-01-30 11:22:33", null],
    ["2017-05-01 00:00:00", "2017-05-01 00:00:00", null],
    [" 2017-05-01\u00a0", "2017-05-01 00:00:00", null],
    ["2017-05-01", "2017-05-01 00:00:00", null],
    ["2023-01-30T00:30:00+02:00", "2023-01-29 22:30:00", null],
    ["2023-01-30T00:30:00.5-0330", "2023-01-30 04:00:00.5", null],
    ["2023-01-30T00:30+02", "2023-01-29 22:30:00", null],
    ["2023-01-30T00:30:00Z", "2023-01-30 00:30:00", null],
    ["2023-01-30t00:30z", "2023-01-30 00:30:00", null],
    ["2023-01-30 00:30 UTC", "2023-01-30 00:30:00", null],
    ["2023-01-30 00:30:00 -05:00", "2023-01-30 05:30:00", null],
    ["22.09.2004", "2004-09-22 00:00:00", null],
    ["1.2.2004", "2004-02-01 00:00:00", null],
    ["1969-12-31T00:00:00", "1969-12-31 00:00:00", null],
    ["", null, "blank"],
    ["\u00a0", null, "blank"],
    ["null", null, 'the text "null"'],
    ["2023-02-30T00:00:00", null, "no such time"],
    ["31.02.2004", null, "no such time"],
    ["0000-00-00", null, "no such time"],
    ["09/08/2004", null, "not in a form that means one moment"],
    ["jeu, 19/12/2019 - 03:00", null, "not in a form that means one moment"],
    ["infinity", null, "not in a form that means one moment"],
    ["epoch", null, "not in a form that means one moment"],
    ["2019", null, "not in a form that means one moment"],
    [
      "[1970-01-01T00:00:00 TO 2019-12-31T23:59:59]",
      null,
      "not in a form that means one moment",
    ],
    [null, null, null],
  ];
  await cleaned({
    datasets: [{ record_number: 1, id: "d1" }],
    resources: forms.map(([text], index) => ({
      record_number: 1,
      id: `r${String(index).padStart(2, "0")}`,
      package_id: "d1",
      url: "http://a.example/",
      last_modified: text,
    })),
  }, async ({ query }) => {
    const read = await query(
      "select last_modified::varchar as at from ckan_clean_all_resources order by id",
    );
    assertEquals(
      read.map(({ at }, index) => [forms[index]![0], at]),
      forms.map((it) => it.slice(0, 2)),
    );
    const reasons = Map.groupBy(forms.filter((it) => it[2] !== null), (it) => it[2]!);
    assertEquals(
      values(await query("select reason, rows from cleaning_report order by reason")),
      [...reasons].map(([reason, rows]) => [reason, rows.length]).sort(),
    );
  });
});

Deno.test("cleanDatasets() reads plain numbers as sizes and counts the rest by reason", async () => {
  const tooLarge = "not a whole number of bytes that a BIGINT holds";
  const forms: [string | null, bigint | number | null, string | null][] = [
    ["10004794304", 10004794304, null],
    ["9007199254740993", 9007199254740993n, null],
    [" 7 ", 7, null],
    ["0", 0, null],
    ["2048.0", 2048, null],
    ["2.048e3", 2048, null],
    ["-1", null, "negative"],
    ["12.5", null, tooLarge],
    ["9223372036854775808", null, tooLarge],
    ["1e400", null, tooLarge],
    ["42 octets", null, "not a plain number"],
    ["1,024", null, "not a plain number"],
    ["1_024", null, "not a plain number"],
    ["0x10", null, "not a plain number"],
    ["NaN", null, "not a plain number"],
    ["null", null, 'the text "null"'],
    ["", null, "blank"],
    [null, null, null],
  ];
  await cleaned({
    datasets: [{ record_number: 1, id: "d1" }],
    resources: forms.map(([text], index) => ({
      record_number: 1,
      id: `r${String(index).padStart(2, "0")}`,
      package_id: "d1",
      url: "http://a.example/",
      size: text,
    })),
  }, async ({ query }) => {
    const read = await query("select size from ckan_clean_all_resources order by id");
    assertEquals(
      read.map(({ size }, at) => [forms[at]![0], size]),
      forms.map((it) => it.slice(0, 2)),
    );
    const reasons = Map.groupBy(forms.filter((it) => it[2] !== null), (it) => it[2]!);
    assertEquals(
      values(await query("select reason, rows from cleaning_report order by reason")),
      [...reasons].map(([reason, rows]) => [reason, rows.length]).sort(),
    );
    const [type] = await query("select typeof(size) as size from ckan_clean_all_resources limit 1");
    assertEquals(type, { size: "BIGINT" });
  });
});

Deno.test("cleanDatasets() trims text and removes control characters but keeps URLs inside", () =>
  cleaned({
    datasets: [{
      record_number: 1,
      id: "d1",
      title: "\ufeff\u00a0 Praças\u0096Escolas \u{1F3F4}\u{E0067}\u{E0062}\u{E007F}\u200b\n",
      notes: "one\r\ntwo\tthree\u0000\u0007four \ufffd",
      author: "null",
      maintainer: " \u00a0",
      version: "Null",
      private: "True",
      url: "CC DIRAMA",
    }],
    resources: [{
      record_number: 1,
      id: "r1",
      package_id: "d1",
      name: null,
      url: "\t https://a.example/a b\u0096c?x=\u00a0y \u00a0\r\n",
    }],
  }, async ({ query }) => {
    const [dataset] = await query(
      "select title, notes, author, maintainer, version, private, url from ckan_clean_datasets",
    );
    assertEquals(dataset, {
      title: "Praças Escolas \u{1F3F4}\u{E0067}\u{E0062}\u{E007F}",
      notes: "one\ntwo\tthree  four \ufffd",
      author: null,
      maintainer: null,
      version: "Null",
      private: "True",
      url: "CC DIRAMA",
    });
    assertEquals(await query("select url from ckan_clean_all_resources"), [
      { url: "https://a.example/a b\u0096c?x=\u00a0y" },
    ]);
    assertEquals(values(await query(REPORT)), [
      ["ckan_clean_datasets", "author", 'the text "null"', 1],
      ["ckan_clean_datasets", "maintainer", "blank", 1],
    ]);
  }));

Deno.test("cleanDatasets() finds an organization by its name where its id belongs", () =>
  cleaned({
    datasets: [
      { record_number: 1, id: "d1", owner_org: "o1" },
      { record_number: 2, id: "d2", owner_org: "parks" },
      { record_number: 3, id: "d3", owner_org: "hidden" },
    ],
    resources: [1, 2, 3].map((at) => ({
      record_number: at,
      id: `r${at}`,
      package_id: `d${at}`,
      url: "http://a.example/",
    })),
    organizations: [
      { record_number: 1, id: "o1", name: "statistics", title: "Old", created: "2020-01-01" },
      { record_number: 2, id: "o2", name: "parks", title: "Parks" },
      { record_number: 3, id: "o1", name: "statistics", title: "New", created: "22.09.2004" },
    ],
  }, async ({ query }) => {
    assertEquals(values(await query("select id, owner_org from ckan_clean_datasets order by id")), [
      ["d1", "o1"],
      ["d2", "o2"],
      ["d3", "hidden"],
    ]);
    assertEquals(
      values(
        await query("select id, title, created::varchar from ckan_clean_organizations order by id"),
      ),
      [["o1", "New", "2004-09-22 00:00:00"], ["o2", "Parks", null]],
    );
  }));

Deno.test("cleanDatasets() carries the reasons of an incomplete harvest and says what is up to date", () =>
  withRaw(
    {
      datasets: [{ record_number: 1, id: "d1" }],
      resources: [{ record_number: 1, id: "r1", package_id: "d1", url: "http://a.example/" }],
    },
    async ({ run, site }) => {
      const first = await run();
      assertEquals(first.code, 3, first.stderr);
      assertStringIncludes(first.stderr, "incomplete: 3 datasets are missing");
      const { manifest } = (await newestSnapshot(site.paths, "clean_ckan_api"))!;
      assertEquals([manifest.complete, manifest.reasons], [false, ["3 datasets are missing"]]);
      const second = await run();
      assertStringIncludes(second.stderr, "Nothing new to clean: 1 datasets");
      assert(second.stdout === "");
    },
    ["3 datasets are missing"],
  ));

recordedTest("03 cleans 800 recorded datasets of dados.gov.br", async () => {
  const page = await recorded("01-dadosgovbr-package_search-rows800.json.gz");
  await inPage(page, async (harvested) => {
    // the page is one of several, so that all three stages end as incomplete
    for (const task of ["01_download_datasets", "02_insert_datasets", "03_clean_datasets"]) {
      const { code, stderr } = await harvested.run(task);
      assertEquals(code, 3, stderr);
    }
    // counted from the recorded page by another program
    assertEquals(
      await harvested.rows(
        `select
          (select count(*) from ckan_clean_all_resources) as resources,
          (select count(*) from ckan_clean_json_resources) as json,
          (select count(*) from ckan_clean_datasets) as datasets,
          (select count(*) from ckan_clean_organizations) as organizations,
          (select count(size) from ckan_clean_all_resources) as sizes,
          (select sum(size)::bigint from ckan_clean_all_resources) as bytes,
          (select count(last_modified) from ckan_clean_all_resources) as times,
          (select count(*) from ckan_clean_all_resources where contains(description, chr(65533)))
            as replaced,
          (select rows from cleaning_report where reason = 'left out: no URL') as without_url,
          (select rows from cleaning_report where column_name = 'format') as without_format`,
        "clean_ckan_api",
      ),
      [{
        resources: 7932,
        json: 1343,
        datasets: 800,
        organizations: 59,
        sizes: 2369,
        bytes: 87466124975,
        times: 3924,
        replaced: 18,
        without_url: 74,
        without_format: 234,
      }],
    );
    assertEquals(
      await harvested.rows(
        `select title, metadata_modified::varchar as modified from ckan_clean_datasets
        where id = 'a650aa40-776c-4042-8318-2c3863eb9922'`,
        "clean_ckan_api",
      ),
      [{ title: "SFN - SICREDI EXPANSÃO   CC", modified: "2022-11-24 23:35:53.843285" }],
    );
  });
});
