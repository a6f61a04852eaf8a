import { assert, assertEquals } from "@std/assert";
import { CODE_HOST_FAULTS, startCodeHost } from "../../lib/demo/code_host.ts";
import { faultsByRate } from "../../lib/demo/faults.ts";
import { type HostedRepository, inventRepositories } from "../../lib/demo/hosted.ts";
import { PACKAGE_INDEX_FAULTS, startPackageIndex } from "../../lib/demo/package_index.ts";
import { Site } from "../helpers/dependents.ts";

const TOKEN = { GITHUB_TOKEN: "token-of-the-test", CONTACT_EMAIL: "tests@example.org" };
const SHORT = 0.05;

/** Runs 06 to 08 and compares every table with the truth. */
async function measure(count: number, rate: number) {
  const repositories = inventRepositories(count);
  const host = startCodeHost({
    repositories,
    faults: faultsByRate(rate, CODE_HOST_FAULTS),
    retryAfterSeconds: SHORT,
  });
  const index = startPackageIndex({
    repositories,
    faults: faultsByRate(rate, PACKAGE_INDEX_FAULTS, 2),
    retryAfterSeconds: SHORT,
  });
  const site = await Site.make(repositories, {
    hosts: host.config,
    packages_api_url: index.config.packages_api_url,
  }, TOKEN);
  try {
    const seconds: number[] = [];
    for (
      const task of ["06_download_repositories", "07_download_dependents", "08_insert_dependents"]
    ) {
      const started = performance.now();
      const { exit, errors } = await site.run(task);
      assertEquals(exit, 0, errors);
      seconds.push((performance.now() - started) / 1000);
    }
    await assertTruth(site, repositories);
    const isOf = (path: string) => (entry: { path: string }) => entry.path.startsWith(path);
    return {
      seconds,
      onGithub: repositories.filter(({ name }) => name.startsWith("github.com/")).length,
      declared: repositories.flatMap(({ packages }) => packages).filter((it) => it.isDeclared)
        .length,
      graphqlQueries: host.requests.log.filter(isOf("/github/graphql")).length,
      restRequests: host.requests.log.filter((it) => it.path !== "/github/graphql").length,
      bulkCalls: index.requests.log.filter(isOf("/api/v1/packages/bulk_lookup")).length,
      lookups: index.requests.log.filter(isOf("/api/v1/packages/lookup")).length,
    };
  } finally {
    await host.close();
    await index.close();
    await site.remove();
  }
}

async function assertTruth(site: Site, repositories: readonly HostedRepository[]) {
  const states = await site.rows<Record<string, unknown>>(
    "select repository, state, current_name, blocked_reason, stars, is_fork from repositories order by 1",
  );
  const wanted = [...repositories].sort((one, other) => one.name < other.name ? -1 : 1);
  const isGone = (state: string) => state === "missing" || state === "blocked";
  assertEquals(
    states,
    wanted.map((it) => ({
      repository: it.name,
      state: it.state,
      current_name: isGone(it.state) ? null : it.currentName,
      blocked_reason: it.block?.reason ?? null,
      stars: isGone(it.state) || it.name.startsWith("bitbucket.org/") ? null : it.stars,
      // what Bitbucket does not say of stars and licences it says of parents
      is_fork: isGone(it.state) ? false : it.isFork,
    })),
  );
  const pairs = await site.rows<Record<string, unknown>>(
    "select repository, ecosystem, name, is_declared, is_confirmed from repository_packages order by all",
  );
  const truth = wanted.flatMap(({ name: repository, packages }) =>
    packages.map((it) => ({
      repository,
      ecosystem: it.ecosystem,
      name: it.name,
      is_declared: it.isDeclared,
      is_confirmed: it.isPublished,
    }))
  );
  const byText = (one: object, other: object) =>
    JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
  assertEquals(pairs.sort(byText), truth.sort(byText));
  const packages = await site.rows<Record<string, unknown>>(
    "select ecosystem, name, dependent_packages_count, is_confirmed from packages",
  );
  assertEquals(
    packages.sort(byText),
    wanted.flatMap((it) => it.packages).map((it) => ({
      ecosystem: it.ecosystem,
      name: it.name,
      dependent_packages_count: it.isPublished || it.isTaken ? it.dependents : null,
      is_confirmed: it.isPublished,
    })).sort(byText),
  );
}

Deno.test("06 to 08 account for every repository once when a fifth of all requests fails", async () => {
  const count = Number(Deno.env.get("DEPENDENTS_REPOSITORIES") ?? 600);
  const figures = await measure(count, 0.2);
  if (Deno.env.has("DEPENDENTS_REPOSITORIES")) console.log(figures);
  assert(figures.graphqlQueries <= figures.onGithub / 20, JSON.stringify(figures));
  assert(figures.bulkCalls <= (count + figures.declared) / 90 + 20, JSON.stringify(figures));
});
