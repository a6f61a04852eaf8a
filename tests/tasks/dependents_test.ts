import { assert, assertEquals } from "@std/assert";
import { CODE_HOST_FAULTS, startCodeHost } from "../../lib/demo/services/code_host.ts";
import { faultsByRate } from "../../lib/demo/services/service.ts";
import {
  type HostedRepository,
  inventRepositories,
} from "../../lib/demo/code/hosted_repositories.ts";
import { PACKAGE_INDEX_FAULTS, startPackageIndex } from "../../lib/demo/services/package_index.ts";
import { Site } from "../helpers/dependents.ts";
import { cases } from "../helpers/thoroughness.ts";
import { until } from "../helpers/until.ts";

const TOKEN = { GITHUB_TOKEN: "token-of-the-test", CONTACT_EMAIL: "tests@example.org" };
const SHORT = 0.05;
/** How often each of two stages is killed. */
const KILLS = cases(5, 2);

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
  const count = Number(Deno.env.get("DEPENDENTS_REPOSITORIES") ?? 300);
  const figures = await measure(count, 0.2);
  if (Deno.env.has("DEPENDENTS_REPOSITORIES")) console.log(figures);
  assert(figures.graphqlQueries <= figures.onGithub / 20, JSON.stringify(figures));
  assert(figures.bulkCalls <= (count + figures.declared) / 90 + 20, JSON.stringify(figures));
});

Deno.test("06 and 07 end the same after several kills, and ask nothing twice that was answered", async () => {
  const repositories = inventRepositories(700).filter(({ name, state }) =>
    name.startsWith("github.com/") && state !== "blocked"
  );
  const host = startCodeHost({ repositories, latencyMs: 150 });
  const index = startPackageIndex({ repositories, latencyMs: 150 });
  const services = { hosts: host.config, packages_api_url: index.config.packages_api_url };
  const site = await Site.make(repositories, services, TOKEN);
  try {
    const kills: Record<string, number> = {};
    for (
      const [task, requests] of [
        ["06_download_repositories", host.requests],
        ["07_download_dependents", index.requests],
      ] as const
    ) {
      kills[task] = 0;
      for (let round = 0; round < KILLS; round++) {
        const before = requests.count;
        const child = site.start(task);
        await until("two requests", () => requests.count >= before + 2);
        child.kill("SIGKILL");
        await child.output();
        kills[task] += 1;
      }
      const { exit, errors } = await site.run(task);
      assertEquals(exit, 0, errors);
    }
    const { exit, errors } = await site.run("08_insert_dependents");
    assertEquals(exit, 0, errors);
    await assertTruth(site, repositories);

    // what the journal has was asked once; a kill loses the query in flight, no more
    const lines = await site.journal("repositories");
    const answered = lines.flatMap((line) => (line.answered ?? []) as string[]);
    assertEquals(answered.length, new Set(answered).size);
    const twice = (names: readonly string[]) => names.length - new Set(names).size;
    assert(twice(host.answered) <= KILLS * 50, `${twice(host.answered)} asked twice`);
    const purls = (await site.journal("dependents"))
      .flatMap((line) => (line.is_whole ? line.purls : []) as string[]);
    assertEquals(purls.length, new Set(purls).size);
    assert(twice(index.answered) <= KILLS * 100, `${twice(index.answered)} asked twice`);
  } finally {
    await host.close();
    await index.close();
    await site.remove();
  }
});

Deno.test("06 without a token asks the most-starred first, says so and continues later", async () => {
  const repositories = inventRepositories(80).filter(({ name }) => name.startsWith("github.com/"));
  const host = startCodeHost({ repositories, anonymousRequests: 60, retryAfterSeconds: 3600 });
  const services = { hosts: host.config, packages_api_url: "http://127.0.0.1:1" };
  const site = await Site.make(repositories, services);
  try {
    const { exit, errors } = await site.run("06_download_repositories");
    assertEquals(exit, 3, errors);
    assert(errors.includes("no GITHUB_TOKEN: GitHub answers 60 requests an hour"), errors);
    assert(errors.includes("run again in an hour or set GITHUB_TOKEN"), errors);
    const seal = await site.seal("repositories");
    assertEquals(seal.complete, false);
    assert(seal.counts.answered! > 10 && seal.counts.answered! < 40, JSON.stringify(seal.counts));
    const left = new Set(seal.details.unanswered!.map(({ repository }) => repository));
    const stars = (isLeft: boolean) =>
      repositories.filter(({ name }) => left.has(name) === isLeft).map((it) => it.stars);
    assert(Math.min(...stars(false)) >= Math.max(...stars(true)), "most-starred first");

    // an hour later somebody has set a token: GraphQL answers the rest, and only the rest
    site.env.GITHUB_TOKEN = "token-of-the-test";
    const second = await site.run("06_download_repositories");
    assertEquals(second.exit, 0, second.errors);
    for (const name of host.answered) assert(left.has(name), `${name} was answered before`);
    assertEquals((await site.seal("repositories")).counts.answered, repositories.length);
    const third = await site.run("06_download_repositories");
    assert(third.errors.includes("Nothing new"), third.errors);
  } finally {
    await host.close();
    await site.remove();
  }
});

Deno.test("06 to 08 keep apart what no one can be asked about, and refuse what does not fit", async () => {
  const repositories = inventRepositories(12);
  const host = startCodeHost({ repositories });
  const index = startPackageIndex({ repositories });
  const services = { hosts: host.config, packages_api_url: index.config.packages_api_url };
  const found = [...repositories, { name: "codeberg.org/a/b" }, { name: "github.com/a/../b" }];
  const site = await Site.make(found, services, TOKEN);
  try {
    const early = await site.run("08_insert_dependents");
    assertEquals(early.exit, 1);
    assert(early.errors.includes('run "deno task 06_download_repositories" first'), early.errors);
    assertEquals((await site.run("06_download_repositories")).exit, 0);
    assertEquals((await site.run("07_download_dependents")).exit, 0);
    assertEquals((await site.run("08_insert_dependents")).exit, 0);
    assertEquals(await site.rows("from unanswered_repositories"), [
      { repository: "codeberg.org/a/b", reason: 'no client for host "codeberg.org"' },
      {
        repository: "github.com/a/../b",
        reason: '"a/../b" is not the name of a repository on github.com',
      },
    ]);
    assertEquals((await site.run("06_download_repositories", "--force")).exit, 0);
    const unfit = await site.run("08_insert_dependents");
    assertEquals(unfit.exit, 1);
    assert(unfit.errors.includes('run "deno task 07_download_dependents" first'), unfit.errors);
  } finally {
    await host.close();
    await index.close();
    await site.remove();
  }
});

Deno.test("06 fails with a word about the token when it is not taken, and prints no secret", async () => {
  const repositories = inventRepositories(30).filter(({ name }) => name.startsWith("github.com/"));
  const host = startCodeHost({ repositories, token: "another-token" });
  const services = { hosts: host.config, packages_api_url: "http://127.0.0.1:1" };
  const site = await Site.make(repositories, services, TOKEN);
  try {
    const { exit, errors } = await site.run("06_download_repositories");
    assertEquals(exit, 1);
    assert(
      errors.includes("GitHub does not take the token (HTTP 401): renew GITHUB_TOKEN"),
      errors,
    );
    assert(!errors.includes("token-of-the-test"), "no secret is ever printed");
  } finally {
    await host.close();
    await site.remove();
  }
});
