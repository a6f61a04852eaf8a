import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { inSmallSite } from "../helpers/small_site.ts";
import {
  finalRows,
  publishCatalogue,
  publishSearch,
  SMALL_MENTIONS,
} from "../helpers/small_snapshots.ts";

Deno.test("buildFinal() counts originals, forks, mirrors and generic URLs apart", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishSearch(site, SMALL_MENTIONS);
    const { code, stderr } = await run("09_build_final");
    assertEquals(code, 0, stderr);
    assertEquals(
      await finalRows(
        site,
        `select dataset_id, repositories, exact_repositories as exact, exact_mentions as places,
        fork_repositories as forks, mirror_repositories as mirrors, generic_repositories as generic
        from final_dataset_usage where dataset_id in ('d1', 'd7') order by all`,
      ),
      [
        // the two resources of one place are one place
        {
          dataset_id: "d1",
          repositories: 2,
          exact: 2,
          places: 3,
          forks: 1,
          mirrors: 0,
          generic: 0,
        },
        {
          dataset_id: "d7",
          repositories: 0,
          exact: 0,
          places: 0,
          forks: 0,
          mirrors: 1,
          generic: 1,
        },
      ],
    );
    assertEquals(await finalRows(site, "select dataset_id from final_unused_datasets"), [
      { dataset_id: "d7" },
    ]);
    assertEquals(
      await finalRows(
        site,
        "select value from final_key_figures where figure = 'left_out_mentions'",
      ),
      [{ value: 1 }],
    );
  }));

Deno.test("buildFinal() gives the columns that the original's web application reads", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishSearch(site, SMALL_MENTIONS);
    assertEquals((await run("09_build_final")).code, 0);
    for (
      const sql of [
        "select id, title, image_url from final_clean_organizations",
        "select id, title, owner_org from final_clean_datasets",
        "select id, name, url, format, package_id, dataset_id, organization_id from final_clean_all_resources",
        "select resource_id, repository, dataset_id, organization_id from final_resource_repository_mappings",
        "select repository, repoStars, repoLastFetched, resource_url, path from final_sourcegraph_search_results",
        "select resources_count from final_clean_datasets_with_resource_count",
        "select resources_count from final_clean_organizations_with_resource_count",
      ]
    ) assert((await finalRows(site, sql)).length > 0, sql);
  }));

Deno.test("buildFinal() counts a place once when two backends found it", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishSearch(site, SMALL_MENTIONS);
    await publishSearch(site, SMALL_MENTIONS.slice(0, 4), "zoekt");
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(
        site,
        `select mentions, match_kind from final_dataset_repository_mappings
        where dataset_id = 'd1' and repository = 'github.com/anna/maps'`,
      ),
      [{ mentions: 2, match_kind: "exact" }],
    );
    assertEquals(
      await finalRows(
        site,
        "select distinct sources from final_mentions where dataset_id = 'd1' order by all",
      ),
      [{ sources: "local" }, { sources: "local, zoekt" }],
    );
  }));

Deno.test("buildFinal() takes a URL that a corpus has on another line, or redacted, for the same mention", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    const url = "https://data.small.example/r1.csv";
    const mention = { dataset_id: "d1", resource_id: "r1", line: `read("${url}?key=abc")` };
    await publishSearch(site, [
      { ...mention, line_number: 3, text: `${url}?key=abc` },
      { ...mention, line_number: 9, text: url },
    ]);
    await publishSearch(site, [
      { ...mention, line_number: 5, text: `${url}?key=***` },
      { ...mention, line_number: 9, text: url },
      { ...mention, line_number: 20, text: url, line: "only in the corpus" },
    ], "corpus");
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(site, "select line_number, text, sources from final_mentions order by all"),
      [
        { line_number: 3, text: `${url}?key=abc`, sources: "corpus, local" },
        { line_number: 9, text: url, sources: "corpus, local" },
        { line_number: 20, text: url, sources: "corpus" },
      ],
    );
    assertEquals(
      await finalRows(site, "select line from final_mentions where line_number = 20"),
      [{ line: "only in the corpus" }],
    );
  }));

Deno.test("buildFinal() says what is new and what is gone since the search before", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishSearch(site, [
      { dataset_id: "d1", resource_id: "r1" },
      { dataset_id: "d2", resource_id: "r2" },
    ]);
    await publishSearch(site, [
      { dataset_id: "d1", resource_id: "r1" },
      { dataset_id: "d3", resource_id: "r3" },
    ]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(site, "select dataset_id, state, searches from final_trend order by all"),
      [
        { dataset_id: "d1", state: "kept", searches: 2 },
        { dataset_id: "d2", state: "gone", searches: 1 },
        { dataset_id: "d3", state: "new", searches: 1 },
      ],
    );
  }));

Deno.test("buildFinal() carries the reasons of its parents and ends with 3", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site, ["12 datasets are missing"]);
    await publishSearch(site, SMALL_MENTIONS);
    const { code, stderr } = await run("09_build_final");
    assertEquals(code, 3);
    assertStringIncludes(stderr, "incomplete: 12 datasets are missing");
    const snapshot = await newestSnapshot(site.paths, "final");
    assertEquals(snapshot?.manifest.complete, false);
    assertEquals(snapshot?.manifest.reasons, ["12 datasets are missing"]);
  }));

Deno.test("buildFinal() builds nothing when nothing is new", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishSearch(site, SMALL_MENTIONS);
    assertEquals((await run("09_build_final")).code, 0);
    const first = await newestSnapshot(site.paths, "final");
    const again = await run("09_build_final");
    assertStringIncludes(again.stderr, "Nothing new");
    assertEquals((await newestSnapshot(site.paths, "final"))?.name, first?.name);
  }));

Deno.test("buildFinal() says what to run first when there is no search", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    const { code, stderr } = await run("09_build_final");
    assertEquals(code, 1);
    assertStringIncludes(stderr, `no snapshot of "local_api"`);
    assertStringIncludes(stderr, `deno task 05_insert_search_results`);
  }));

Deno.test("buildFinal() lists addresses of the portal whose dataset or resource it has not", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    const gone = "3f2b1c4d-0000-4000-8000-123456789abc";
    const page = "https://ckan.small.example/dataset";
    const lines = [
      `get('${page}/old-budget'), ${page}/dataset-1 (${page}/{name}) ${page}/$id ${page}/new`,
      `"https:\\/\\/small.example\\/dataset\\/dataset-2\\/resource\\/${gone}\\/download"`,
      `https://elsewhere.example/dataset/old and https://www.small.example/fr/dataset/old.`,
      `<a href="https://small.example/api/3/action/datastore_search?limit=5&amp;resource_id=${gone}">`,
    ];
    await publishSearch(
      site,
      lines.map((line, index) => ({
        dataset_id: "d1",
        resource_id: "r1",
        line,
        line_number: index + 1,
      })),
    );
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(
        site,
        `select line_number as line, names, missing from final_dead_references
        order by line_number`,
      ),
      [
        { line: 1, names: "dataset", missing: "old-budget" },
        // line 2 names dataset-2, though not the resource
        { line: 3, names: "dataset", missing: "old" },
        { line: 4, names: "resource", missing: gone },
      ],
    );
    assertEquals(
      await finalRows(site, "select url from final_dead_references where line_number = 3"),
      [{ url: "https://github.com/anna/maps/blob/abc/src/load.py#L3" }],
    );
  }));

Deno.test("buildFinal() believes the host on forks, and takes copies for forks where no source says so", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishSearch(site, [
      { dataset_id: "d1", resource_id: "r1", repository: "github.com/a/original" },
      { dataset_id: "d1", resource_id: "r1", repository: "github.com/b/fork", is_fork: null },
      {
        dataset_id: "d1",
        resource_id: "r1",
        repository: "github.com/c/copy",
        is_fork: null,
        is_duplicate: true,
      },
      {
        dataset_id: "d1",
        resource_id: "r1",
        repository: "github.com/d/alike",
        is_fork: false,
        is_duplicate: true,
      },
    ]);
    await publishSnapshot(site, {
      database: "reverse_dependencies",
      stage: "08_insert_dependents",
      parents: [],
      complete: true,
      reasons: [],
    }, (db) =>
      db.run(
        "create table repositories as select 'github.com/b/fork' as repository, " +
          "'found' as state, true as is_fork, 77::bigint as stars, " +
          "timestamp '2021-05-06 07:08:09' as pushed_at",
      ));
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(
        site,
        "select repository, counted_as from final_repositories order by repository",
      ),
      [
        { repository: "github.com/a/original", counted_as: "original" },
        { repository: "github.com/b/fork", counted_as: "fork" },
        { repository: "github.com/c/copy", counted_as: "fork" },
        { repository: "github.com/d/alike", counted_as: "original" },
      ],
    );
    assertEquals(
      await finalRows(
        site,
        "select stars, year(pushed_at)::int as pushed from final_repositories " +
          "where repository like '%fork'",
      ),
      [{ stars: 77, pushed: 2021 }],
    );
  }));

Deno.test("buildFinal() leaves generic URLs out of what a repository with others mentions", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    const text = "https://data.small.example";
    await publishSearch(site, [
      { dataset_id: "d1", resource_id: "r1" },
      { dataset_id: "d2", resource_id: "r2", text, is_generic: true },
      { dataset_id: "d3", resource_id: "r3", text, is_generic: true },
    ]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals(
      await finalRows(site, "select counted_as, datasets, mentions from final_repositories"),
      [{ counted_as: "original", datasets: 1, mentions: 1 }],
    );
  }));
