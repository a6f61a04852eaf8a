import { assert, assertEquals } from "@std/assert";
import { startCodeHost } from "../../../lib/demo/services/code_host.ts";
import { demoCode } from "../../../lib/demo/code/repositories.ts";
import { faultsAt } from "../../../lib/demo/services/service.ts";
import {
  hostRepositories,
  inventRepositories,
} from "../../../lib/demo/code/hosted_repositories.ts";
import { startPackageIndex } from "../../../lib/demo/services/package_index.ts";

const TOKEN = { authorization: "Bearer any" };

async function ask(url: string, query: string, variables: Record<string, string>) {
  const response = await fetch(`${url}/github/graphql`, {
    method: "POST",
    headers: TOKEN,
    body: JSON.stringify({ query, variables }),
  });
  return await response.json();
}

Deno.test("inventRepositories() is the same for the same seed, and has every kind", () => {
  const repositories = inventRepositories(1500);
  assertEquals(inventRepositories(1500), repositories);
  assertEquals(new Set(repositories.map(({ name }) => name)).size, 1500);
  const count = (passes: (it: typeof repositories[number]) => boolean) =>
    repositories.filter(passes).length;
  for (const state of ["missing", "renamed", "blocked", "empty", "found"]) {
    assert(count((it) => it.state === state) > 5, state);
  }
  assert(count((it) => it.packages.length === 100) > 0, "a monorepo with 100 packages");
  assert(count((it) => it.files.some((file) => file.isTruncated)) > 0, "truncated manifests");
  assert(count((it) => it.files.some((file) => file.isBinary)) > 0, "binary manifests");
});

Deno.test("hostRepositories() hosts the demo's code, with its own stars and parents", () => {
  const code = demoCode({ datasets: 40, repositories: 60 }).repositories;
  const hosted = hostRepositories(code);
  assertEquals(hosted.map(({ name }) => name), code.map(({ name }) => name));
  assertEquals(hosted.map(({ stars }) => stars), code.map(({ stars }) => stars));
  assertEquals(hosted.map(({ parent }) => parent), code.map(({ parent }) => parent));
});

Deno.test("startCodeHost() answers what a query asks and refuses fields that there are not", async () => {
  const repository = inventRepositories(50).find((it) =>
    it.state === "found" && it.name.startsWith("github.com/")
  )!;
  const host = startCodeHost({ repositories: [repository], faults: faultsAt({ 3: "504" }) });
  const [, o, n] = repository.name.split("/") as [string, string, string];
  const query = (fields: string) =>
    `query($o: String!, $n: String!) { one: repository(owner: $o, name: $n) { ...F }
      two: repository(owner: "no", name: "where") { url } }
      fragment F on Repository { ${fields} }`;
  assertEquals(await ask(host.url, query("stars: stargazerCount parent { url }"), { o, n }), {
    data: { one: { stars: repository.stars, parent: null }, two: null },
    errors: [{
      type: "NOT_FOUND",
      path: ["two"],
      message: "Could not resolve to a Repository with the name 'no/where'.",
    }],
  });
  const unknown = await ask(host.url, query("colour"), { o, n });
  assertEquals(unknown.errors[0].message, 'Cannot query field "colour" on type "Repository".');
  const failed = await fetch(`${host.url}/github/repos/${o}/${n}`);
  assertEquals(failed.status, 504);
  await failed.body?.cancel();
  await host.close();
});

Deno.test("startPackageIndex() has the traps of the real one", async () => {
  const repositories = inventRepositories(40).map((it, at) => ({
    ...it,
    name: `github.com/quay/r${at}`,
    currentName: `github.com/quay/r${at}`,
    packages: Array.from({ length: 60 }, (_, number) => ({
      ecosystem: "npm",
      name: `r${at}-${number}`,
      isDeclared: false,
      isPublished: true,
      isTaken: false,
      dependents: 1,
    })),
  }));
  const index = startPackageIndex({ repositories });
  const bulk = async (body: unknown) => {
    const response = await fetch(`${index.url}/api/v1/packages/bulk_lookup`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return { status: response.status, rows: await response.json() };
  };
  const purls = repositories.map((_, at) => `pkg:github/QUAY/r${at}`);
  assertEquals((await bulk({ purls })).rows.length, 1000);
  assertEquals((await bulk({ purls: purls.slice(0, 2) })).rows.length, 120);
  assertEquals((await bulk({ repository_urls: ["https://github.com/quay/r1"] })).rows, []);
  assertEquals((await bulk({ purls: Array(101).fill("pkg:npm/a") })).status, 400);
  assertEquals((await bulk({ purls: ["nonsense", "pkg:npm/r1-1"] })).rows.length, 1);
  await index.close();
});
