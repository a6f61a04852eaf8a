import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { publishSearch, type smallSite } from "./small_snapshots.ts";

/** Repositories that mention the small site's data, the packages they publish and who depends on those. */

const REVERSE_DEPENDENCIES = `
create table repositories (repository varchar, state varchar, current_name varchar, stars bigint);
insert into repositories values
    ('github.com/a/lib', 'found', 'github.com/a/lib', 10),
    ('github.com/a/old', 'renamed', 'github.com/a/lib', 10),
    ('github.com/b/app', 'found', 'github.com/b/app', 5),
    ('github.com/c/fork', 'found', 'github.com/c/fork', 1);
create table packages (
    ecosystem varchar, name varchar, registry varchar, registry_url varchar,
    dependent_packages_count bigint, dependent_repos_count bigint
);
insert into packages values
    ('npm', 'lib', 'npm.example', 'https://npm.example/lib', 100, 7777),
    ('pypi', 'lib', 'pypi.example', 'javascript:alert(1)', 40, null),
    ('npm', 'lodash', 'npm.example', 'https://npm.example/lodash', 99999, null),
    ('npm', 'quiet', 'npm.example', null, null, null);
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

/** Publishes a search with mentions in those repositories, two names of one and a fork among them. */
export async function publishMentions(site: ReturnType<typeof smallSite>): Promise<void> {
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

/** Publishes `reverse_dependencies` for those repositories. */
export async function publishDependents(site: ReturnType<typeof smallSite>): Promise<void> {
  await publishSnapshot(site, {
    database: "reverse_dependencies",
    stage: "08_insert_dependents",
    parents: [],
    complete: true,
    reasons: [],
  }, (db) => db.run(REVERSE_DEPENDENCIES));
}
