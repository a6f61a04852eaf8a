import { assert, assertEquals, assertRejects } from "@std/assert";
import { type CodeHostFault, startCodeHost } from "../../lib/demo/services/code_host.ts";
import { faultsAt } from "../../lib/demo/services/service.ts";
import { inventRepositories } from "../../lib/demo/code/hosted_repositories.ts";
import { FatalFailure } from "../../lib/http/failures.ts";
import { BatchSize } from "../../lib/reverse_dependencies/github.ts";
import { askInBatches } from "../../lib/reverse_dependencies/github.ts";
import {
  parseRepository,
  type RepositoryRef,
} from "../../lib/reverse_dependencies/repository_ref.ts";
import { answeredIn } from "../../lib/reverse_dependencies/repository_answers.ts";
import { answersOf, clientOf, withRun } from "../helpers/hosts.ts";

const ON = { answered: () => {}, now: () => new Date() };

/** Repositories on GitHub that GraphQL can explain. */
function plainRepositories(count: number) {
  return inventRepositories(2 * count + 20).filter(({ name, state }) =>
    name.startsWith("github.com/") && state !== "blocked"
  ).slice(0, count);
}

function placesOf(repositories: readonly { name: string }[]): RepositoryRef[] {
  return repositories.map(({ name }) => parseRepository(name) as RepositoryRef);
}

Deno.test("askInBatches() asks 25 a query and more when it goes well", async () => {
  const repositories = plainRepositories(100);
  const host = startCodeHost({ repositories });
  await withRun(async (run) => {
    const url = `${host.config.github_api_url}/graphql`;
    const end = await askInBatches(clientOf(1), url, placesOf(repositories), run, ON);
    assertEquals(end, { queries: 4 });
    assertEquals(host.answered.length, 100);
    const answers = await answersOf(run);
    for (const { name, state, currentName } of repositories) {
      assertEquals(answers.get(name)!.state, state, name);
      if (state === "renamed") assertEquals(answers.get(name)!.current_name, currentName);
    }
  });
  await host.close();
});

Deno.test("askInBatches() comes down to the size that the host bears", async () => {
  const repositories = plainRepositories(60);
  const host = startCodeHost({ repositories, mostAliases: 7 });
  await withRun(async (run) => {
    const url = `${host.config.github_api_url}/graphql`;
    const end = await askInBatches(clientOf(1), url, placesOf(repositories), run, ON);
    assertEquals(end.stopped, undefined);
    assertEquals((await answersOf(run)).size, 60);
  });
  await host.close();
});

Deno.test("askInBatches() leaves one repository that breaks every query to REST", async () => {
  const repositories = plainRepositories(3);
  const poison = repositories[0]!.name;
  const host = startCodeHost({ repositories, poison });
  await withRun(async (run) => {
    const url = `${host.config.github_api_url}/graphql`;
    const end = await askInBatches(clientOf(1), url, placesOf(repositories), run, ON);
    assertEquals(end.stopped, undefined);
    const { graphql, unexplained } = answeredIn(run.entries());
    assertEquals(graphql.size, 2);
    assertEquals([...unexplained], [poison]);
  });
  await host.close();
});

Deno.test("askInBatches() asks again only for what a limit left out", async () => {
  const repositories = plainRepositories(25);
  const host = startCodeHost({ repositories, faults: faultsAt({ 1: "resource-limits" }) });
  await withRun(async (run) => {
    const url = `${host.config.github_api_url}/graphql`;
    await askInBatches(clientOf(1), url, placesOf(repositories), run, ON);
    assertEquals(host.answered.length, 25);
    assertEquals(new Set(host.answered).size, 25);
    assertEquals((await answersOf(run)).size, 25);
  });
  await host.close();
});

Deno.test("askInBatches() loses nothing whatever fails between the answers", async () => {
  const repositories = plainRepositories(120);
  const faults = faultsAt<CodeHostFault>({
    1: "cut",
    2: "rate-limited",
    4: "502",
    6: "resource-limits",
    7: "secondary",
    9: "something-wrong",
    10: "503",
  });
  const host = startCodeHost({ repositories, faults, retryAfterSeconds: 0.02 });
  await withRun(async (run) => {
    const url = `${host.config.github_api_url}/graphql`;
    await askInBatches(clientOf(1), url, placesOf(repositories), run, ON);
    const answers = await answersOf(run);
    for (const { name, state } of repositories) assertEquals(answers.get(name)!.state, state);
    assertEquals(host.answered.length, new Set(host.answered).size);
    assert(host.requests.log.filter(({ fault }) => fault !== undefined).length === 7);
  });
  await host.close();
});

Deno.test("askInBatches() stops with a reason when the host answers nothing", async () => {
  const repositories = plainRepositories(3);
  const host = startCodeHost({ repositories, faults: () => "rate-limited", retryAfterSeconds: 0 });
  const client = clientOf(1);
  // the clock runs a thousand times faster, so that long waits are short
  const start = Date.now();
  client.effects.now = () => new Date(start + (Date.now() - start) * 1_000);
  await withRun(async (run) => {
    const url = `${host.config.github_api_url}/graphql`;
    const end = await askInBatches(client, url, placesOf(repositories), run, ON);
    assert(end.stopped?.includes("none of 12 queries"), end.stopped);
    assertEquals(run.size, 0);
  });
  await host.close();
});

Deno.test("askInBatches() stops at once when the token is not taken", async () => {
  const repositories = plainRepositories(3);
  const host = startCodeHost({ repositories, token: "another" });
  await withRun(async (run) => {
    const url = `${host.config.github_api_url}/graphql`;
    const asking = askInBatches(clientOf(1), url, placesOf(repositories), run, ON);
    await assertRejects(() => asking, FatalFailure, "GITHUB_TOKEN");
    assertEquals(host.requests.count, 1);
  });
  await host.close();
});

Deno.test("BatchSize halves what was asked and grows back in steps", () => {
  const size = new BatchSize();
  assertEquals(size.current, 25);
  size.halve(25);
  assertEquals(size.current, 12);
  size.halve(3);
  assertEquals(size.current, 1);
  size.halve(1);
  assertEquals(size.current, 1);
  const sizes = Array.from({ length: 20 }, () => (size.grow(), size.current));
  assertEquals(sizes.slice(0, 6), [9, 17, 25, 30, 32, 34]);
  assertEquals(sizes.at(-1), 50);
});
