import { assertEquals } from "@std/assert";
import { Database } from "../../lib/duckdb.ts";
import { newestSnapshot, publishSnapshot } from "../../lib/snapshots.ts";
import { inSmallSite } from "../helpers/small_site.ts";
import { publishCatalogue, publishSearch, type smallSite } from "../helpers/small_snapshots.ts";

type Site = ReturnType<typeof smallSite>;

const REVERSE_DEPENDENCIES = `
create table repositories (repository varchar, state varchar, current_name varchar, stars bigint);
insert into repositories values
    ('github.com/a/lib', 'found', 'github.com/a/lib', 10),
    ('github.com/a/old', 'renamed', 'github.com/a/lib', 10),
    ('github.com/b/app', 'found', 'github.com/b/app', 5),
    ('github.com/c/fork', 'found', 'github.com/c/fork', 1);
create table packages (
    ecosystem varchar, name varchar, registry varchar, dependent_packages_count bigint
);
insert into packages values
    ('npm', 'lib', 'npm.example', 100), ('pypi', 'lib', 'pypi.example', 40),
    ('npm', 'lodash', 'npm.example', 99999), ('npm', 'quiet', 'npm.example', null);
create table repository_packages (
    repository varchar, ecosystem varchar, name varchar, is_declared boolean, is_confirmed boolean
);
insert into repository_packages values
    ('github.com/a/lib', 'npm', 'lib', true, true),
    ('github.com/a/old', 'npm', 'lib', true, true),
    ('github.com/a/lib', 'pypi', 'lib', false, true),
    ('github.com/b/app', 'npm', 'lodash', true, false),
    ('github.com/b/app', 'npm', 'quiet', false, true),
    ('github.com/c/fork', 'npm', 'lib', true, false);
`;

async function publishMentions(site: Site) {
  await publishSearch(site, [
    { dataset_id: "d1", resource_id: "r1", repository: "github.com/a/lib" },
    { dataset_id: "d1", repository: "github.com/a/old", match_kind: "landing_page" },
    { dataset_id: "d1", resource_id: "r1", repository: "github.com/b/app", path: "b.js" },
    {
      dataset_id: "d1",
      resource_id: "r1",
      repository: "github.com/c/fork",
      path: "c.js",
      is_fork: true,
    },
  ]);
}

async function rows(site: Site, sql: string): Promise<unknown[]> {
  const db = await Database.open(site.paths.scratch);
  try {
    await db.attach((await newestSnapshot(site.paths, "final"))!.file, "final");
    await db.run(`use "final"`);
    return (await db.rows(sql)).map((row) => Object.values(row));
  } finally {
    db.close();
  }
}

Deno.test("buildFinal() counts each repository and package once in a dataset's reach, forks apart", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishMentions(site);
    const plan = {
      database: "reverse_dependencies",
      stage: "08_insert_dependents",
      parents: [],
      complete: true,
      reasons: [],
    };
    await publishSnapshot(site, plan, (db) => db.run(REVERSE_DEPENDENCIES));
    const { code, stderr } = await run("09_build_final");
    assertEquals(code, 0, stderr);
    assertEquals(
      await rows(
        site,
        `select match_kind, counted_as, repositories, stars, packages, largest_package,
            dependent_packages_largest, dependent_packages_sum
        from final_dataset_reach where dataset_id = 'd1' order by all`,
      ),
      [
        ["any", "fork", 1, 1, 0, null, null, null],
        ["any", "original", 2, 15, 3, "npm: lib", 100, 140],
        ["exact", "fork", 1, 1, 0, null, null, null],
        ["exact", "original", 2, 15, 3, "npm: lib", 100, 140],
        ["landing_page", "original", 1, 10, 1, "npm: lib", 100, 100],
      ],
    );
    assertEquals(
      await rows(
        site,
        `select match_kind, counted_as, repositories, packages, dependent_packages_sum
        from final_organization_reach where organization_id = 'o1' and match_kind = 'any'
        order by all`,
      ),
      [["any", "fork", 1, 0, null], ["any", "original", 2, 3, 140]],
    );
    assertEquals(
      await rows(
        site,
        `select ecosystem, name, is_confirmed, is_declared, counted_as, repositories, datasets,
            dependent_packages_count
        from final_packages order by all`,
      ),
      [
        ["npm", "lib", true, true, "original", 2, 1, 100],
        // somebody else's package, whose name b/app's manifest has
        ["npm", "lodash", false, true, "original", 1, 1, null],
        ["npm", "quiet", true, false, "original", 1, 1, null],
        ["pypi", "lib", true, false, "original", 1, 1, 40],
      ],
    );
  }));

Deno.test("buildFinal() has reach without packages when nobody asked for dependents", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishMentions(site);
    const { code, stderr } = await run("09_build_final");
    assertEquals(code, 0, stderr);
    assertEquals(await rows(site, "from final_packages"), []);
    assertEquals(
      await rows(
        site,
        `select repositories, packages, dependent_packages_sum from final_dataset_reach
        where match_kind = 'any' and counted_as = 'original'`,
      ),
      [[3, 0, null]],
    );
  }));
