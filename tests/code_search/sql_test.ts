/**
 * The models of sql/code_search, on rows as stage 05 stages them: two commits of a file, a fork, a
 * mirror, queries that were repeated, generic URLs and duplicate files.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { Database } from "../../lib/duckdb/database.ts";
import { buildModels } from "../../lib/duckdb/models.ts";

const SILENT = { info() {}, warn() {}, bar: () => ({ advance() {}, end() {} }) };
const STAGING = new URL("../../sql/code_search/inputs/staging.sql", import.meta.url);

/** Staged rows; what is left out is ordinary. */
interface Staged {
  datasets?: number;
  queries?: Record<string, unknown>[];
  files?: Record<string, unknown>[];
  lines?: Record<string, unknown>[];
  mentions?: Record<string, unknown>[];
}

const QUERY = {
  query_id: "q1",
  query: "a.org",
  kind: "lines",
  pass: 1,
  status: "complete",
  started_at: "2026-11-01T10:00:00Z",
  finished_at: "2026-11-01T10:00:05Z",
  attempts: 1,
  matches: 3,
  bytes: 100,
};
const FILE = {
  found_id: 0,
  query_id: "q1",
  repository: "github.com/a/one",
  path: "x.py",
  commit: "c1",
  stars: 5,
  last_fetched: "2026-10-01T00:00:00Z",
  language: "Python",
};
const LINE = { found_id: 0, line_number: 1, line: 'get("https://a.org/1")', is_cut: false };
const MENTION = {
  found_id: 0,
  line_number: 1,
  text: "https://a.org/1",
  match_kind: "exact",
  dataset_id: "d1",
  resource_id: "r1",
  is_generic: false,
};

/** Builds the models and gives the rows of selects. */
async function built(
  staged: Staged,
  ...selects: string[]
): Promise<Record<string, unknown>[][]> {
  const folder = await Deno.makeTempDir();
  const db = await Database.open(join(folder, "scratch"));
  try {
    await db.run("attach ':memory:' as clean_ckan_api");
    await db.run(
      `create table clean_ckan_api.ckan_clean_datasets as
      select 'd' || range as id from range(1, ${(staged.datasets ?? 1000) + 1})`,
    );
    await db.run(
      `create table clean_ckan_api.ckan_clean_all_resources as
      select 'r' || range as id, 'd' || range as package_id from range(1, 2000)`,
    );
    await db.run(await Deno.readTextFile(STAGING));
    await insert(db, "found_queries", staged.queries ?? [{}], QUERY);
    await insert(db, "found_files", staged.files ?? [{}], FILE);
    await insert(db, "found_lines", staged.lines ?? [{}], LINE);
    await insert(db, "found_mentions", staged.mentions ?? [{}], MENTION);
    await buildModels(db, "code_search", SILENT);
    return await Promise.all(selects.map((select) => db.rows(select)));
  } finally {
    db.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function insert(
  db: Database,
  table: string,
  rows: Record<string, unknown>[],
  ordinary: Record<string, unknown>,
): Promise<void> {
  for (const row of rows) {
    const all = Object.entries({ ...ordinary, ...row });
    const names = all.map(([name]) => name).join(", ");
    const values = all.map(([, value]) =>
      typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value)
    );
    await db.run(`insert into staging.${table} (${names}) values (${values.join(", ")})`);
  }
}

Deno.test("searches: a query that --recheck repaired counts with its best answer", async () => {
  const [rows] = await built(
    {
      queries: [
        { status: "failed", reason: "HTTP 503", attempts: 3, matches: 0, bytes: 10 },
        {
          pass: 2,
          attempts: 1,
          matches: 7,
          started_at: "2026-11-02T10:00:00Z",
          finished_at: "2026-11-02T10:00:01Z",
        },
        { query_id: "q2", status: "failed", reason: "HTTP 500", matches: 0 },
        { query_id: "q2", pass: 2, status: "partial", reason: "cut", matches: 4 },
      ],
    },
    `select query_id, status, reason, passes, attempts, matches, bytes,
      started_at::varchar as started_at, finished_at::varchar as finished_at
    from searches order by query_id`,
  );
  assertEquals(rows, [
    {
      query_id: "q1",
      status: "complete",
      reason: null,
      passes: 2,
      attempts: 4,
      matches: 7,
      bytes: 110,
      started_at: "2026-11-01 10:00:00",
      finished_at: "2026-11-02 10:00:01",
    },
    {
      query_id: "q2",
      status: "partial",
      reason: "cut",
      passes: 2,
      attempts: 2,
      matches: 4,
      bytes: 200,
      started_at: "2026-11-01 10:00:00",
      finished_at: "2026-11-01 10:00:05",
    },
  ]);
});

Deno.test("newest_files: of two commits the one that was fetched last counts, with its lines and mentions alone", async () => {
  const [files, lines, mentions] = await built(
    {
      files: [
        { found_id: 0, commit: "new", last_fetched: "2026-10-02T00:00:00Z" },
        { found_id: 1, commit: "old", last_fetched: "2026-10-01T00:00:00Z", query_id: "q0" },
      ],
      queries: [{}, { query_id: "q0" }],
      lines: [{}, { found_id: 1, line_number: 9, line: "old" }],
      mentions: [{}, { found_id: 1, line_number: 9, text: "https://a.org/2", dataset_id: "d2" }],
    },
    "select commit, query_ids, lines, mentions from search_results",
    "select line_number, line from line_matches",
    "select line_number, dataset_id from url_mentions",
  );
  assertEquals(files, [{ commit: "new", query_ids: ["q0", "q1"], lines: 1, mentions: 1 }]);
  assertEquals(lines, [{ line_number: 1, line: LINE.line }]);
  assertEquals(mentions, [{ line_number: 1, dataset_id: "d1" }]);
});

Deno.test("found_places: a place has its strongest kind alone, for each thing that has it", async () => {
  const [rows] = await built(
    {
      mentions: [
        { match_kind: "landing_page", resource_id: null },
        { match_kind: "normalized", resource_id: "r1" },
        { match_kind: "normalized", resource_id: "r2", dataset_id: "d2" },
        { match_kind: "template", resource_id: null, text: "https://a.org/{x}" },
      ],
    },
    "select text, match_kind, dataset_id, shared_by from url_mentions order by text, dataset_id",
  );
  assertEquals(rows, [
    { text: "https://a.org/1", match_kind: "normalized", dataset_id: "d1", shared_by: 2 },
    { text: "https://a.org/1", match_kind: "normalized", dataset_id: "d2", shared_by: 2 },
    { text: "https://a.org/{x}", match_kind: "template", dataset_id: "d1", shared_by: 1 },
  ]);
});

Deno.test("line_matches: of a line that two queries found the whole text is kept, not the cut one", async () => {
  const [rows] = await built(
    {
      queries: [{}, { query_id: "q2" }],
      files: [{}, { found_id: 1, query_id: "q2" }],
      lines: [{ is_cut: true, line: "cut" }, { found_id: 1 }],
    },
    "select line, is_cut from line_matches",
  );
  assertEquals(rows, [{ line: LINE.line, is_cut: false }]);
});

/** Mentions of so many datasets in one file. */
function mentionsOf(count: number, more: Record<string, unknown> = {}) {
  return Array.from({ length: count }, (_, at) => ({
    text: `https://a.org/${at + 1}`,
    dataset_id: `d${at + 1}`,
    resource_id: `r${at + 1}`,
    ...more,
  }));
}

for (
  const [name, datasets, mentions, wanted] of [
    ["20 of 199 datasets are a mirror", 199, mentionsOf(20), true],
    ["20 of 200 datasets are none: not more than a tenth", 200, mentionsOf(20), false],
    ["19 of 20 datasets are none: fewer than 20", 20, mentionsOf(19), false],
    ["101 of 5,000 datasets are a mirror", 5000, mentionsOf(101), true],
    ["100 of 5,000 datasets are none", 5000, mentionsOf(100), false],
    ["20 of 30 by generic URLs are none", 30, mentionsOf(20, { is_generic: true }), false],
  ] as const
) {
  Deno.test(`found_repositories: ${name}`, async () => {
    const [rows, flags] = await built(
      { datasets, mentions: [...mentions] },
      "select is_catalogue_mirror from found_repositories",
      "select distinct is_catalogue_mirror from url_mentions",
    );
    assertEquals(rows, [{ is_catalogue_mirror: wanted }]);
    assertEquals(flags, rows);
  });
}

Deno.test("found_repositories: one answer that knows a fork is enough, and the most stars count", async () => {
  const [rows] = await built(
    {
      files: [
        { is_fork: null, stars: 3 },
        { found_id: 1, path: "y.py", is_fork: true, stars: 8 },
        { found_id: 2, path: "z.py", is_fork: false, stars: null },
      ],
    },
    "select is_fork, repo_stars, files from found_repositories",
  );
  assertEquals(rows, [{ is_fork: true, repo_stars: 8, files: 3 }]);
});

Deno.test("search_results: of copies the original with the most stars is no duplicate", async () => {
  const copy = (found_id: number, name: string, more: Record<string, unknown>) => ({
    found_id,
    repository: `github.com/${name}/x`,
    ...more,
  });
  const ids = [0, 1, 2, 3];
  const [rows] = await built(
    {
      files: [
        copy(0, "few", { stars: 1 }),
        copy(1, "fork", { stars: 99, is_fork: true }),
        copy(2, "many", { stars: 7 }),
        copy(3, "other", { stars: 50, path: "other.py" }),
      ],
      lines: ids.map((found_id) => ({ found_id })),
      mentions: ids.map((found_id) => ({ found_id })),
    },
    "select repository from url_mentions where not is_duplicate order by repository",
  );
  assertEquals(rows, [{ repository: "github.com/many/x" }, { repository: "github.com/other/x" }]);
});

Deno.test("url_mentions: the link leads to the line at its commit, as each host writes it", async () => {
  const hosts = ["github.com/a/b", "gitlab.com/g/s/p", "bitbucket.org/a/b", "codeberg.org/a/b"];
  const [rows] = await built(
    {
      files: hosts.map((repository, found_id) => ({ found_id, repository, path: "a b/x.py" })),
      lines: hosts.map((_, found_id) => ({ found_id })),
      mentions: hosts.map((_, found_id) => ({ found_id })),
    },
    "select url from url_mentions order by repository",
  );
  assertEquals(rows!.map(({ url }) => url), [
    "https://bitbucket.org/a/b/src/c1/a%20b/x.py#lines-1",
    "https://codeberg.org/a/b/src/commit/c1/a%20b/x.py#L1",
    "https://github.com/a/b/blob/c1/a%20b/x.py#L1",
    "https://gitlab.com/g/s/p/-/blob/c1/a%20b/x.py#L1",
  ]);
});

Deno.test("search_results: where only repositories could be requested there is no path and no copy", async () => {
  const [rows] = await built(
    {
      queries: [{ kind: "repositories" }],
      files: [{ path: null, commit: null }],
      lines: [],
      mentions: [],
    },
    "select path, content_group, is_duplicate, kind_of_use, lines from search_results",
  );
  assertEquals(rows, [
    { path: null, content_group: null, is_duplicate: false, kind_of_use: null, lines: 0 },
  ]);
});
