import { assertEquals, assertObjectMatch, assertRejects } from "@std/assert";
import { faultsAt } from "../../lib/demo/services/service.ts";
import {
  type HostedRepository,
  inventRepositories,
} from "../../lib/demo/code/hosted_repositories.ts";
import { startPackageIndex } from "../../lib/demo/services/package_index.ts";
import {
  PackageIndex,
  packageRecords,
  readPackageRecord,
} from "../../lib/reverse_dependencies/package_index.ts";
import type { DownloadRun } from "../../lib/storage/download_run.ts";
import { buildTable, clientOf, withRun } from "../helpers/hosts.ts";

const now = () => new Date();
const advance = () => {};

/** Repositories that publish so many packages each. */
function publishers(count: number, packages: number): HostedRepository[] {
  return inventRepositories(count).map((repository, number) => ({
    ...repository,
    name: `github.com/quay/mono-${number}`,
    currentName: `github.com/quay/mono-${number}`,
    packages: Array.from({ length: packages }, (_, at) => ({
      ecosystem: "npm",
      name: `@quay/mono-${number}-${at}`,
      isDeclared: false,
      isPublished: true,
      isTaken: false,
      dependents: 3 * at + 1,
    })),
  }));
}

const purlsOf = (repositories: readonly HostedRepository[]) =>
  repositories.map(({ name }) => `pkg:github/${name.slice("github.com/".length)}`);

async function namesIn(run: DownloadRun): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const record of packageRecords(run.folder, [...run.entries()])) names.add(record.name);
  return names;
}

Deno.test("PackageIndex.lookUp() splits an answer that may have been cut at 1,000 rows", async () => {
  const repositories = publishers(30, 100);
  const index = startPackageIndex({ repositories });
  await withRun(async (run) => {
    const client = new PackageIndex(index.config.packages_api_url, clientOf(1), run, now);
    await client.lookUp(purlsOf(repositories), advance);
    assertEquals((await namesIn(run)).size, 3000);
    assertEquals(client.failed.size, 0);
    const before = index.requests.count;
    // asked again, it has all: the halves are known too
    const again = new PackageIndex(index.config.packages_api_url, clientOf(1), run, now);
    await again.lookUp(purlsOf(repositories), advance);
    assertEquals(index.requests.count, before);
  });
  await index.close();
});

Deno.test("PackageIndex.lookUp() pages through one repository with more than 1,000 packages", async () => {
  const repositories = publishers(1, 2300);
  const index = startPackageIndex({ repositories });
  await withRun(async (run) => {
    const client = new PackageIndex(index.config.packages_api_url, clientOf(1), run, now);
    await client.lookUp(purlsOf(repositories), advance);
    assertEquals((await namesIn(run)).size, 2300);
    assertEquals(index.requests.log.length, 4);
  });
  await index.close();
});

Deno.test("PackageIndex.lookUp() after a kill between a cut answer and its halves asks for the halves alone", async () => {
  const repositories = publishers(30, 100);
  const index = startPackageIndex({ repositories, faults: faultsAt({ 2: "503", 3: "503" }) });
  await withRun(async (run) => {
    const stopped = new AbortController();
    const killed = clientOf(1, 5, stopped.signal);
    const first = new PackageIndex(index.config.packages_api_url, killed, run, now);
    const looking = first.lookUp(purlsOf(repositories), advance);
    while (index.requests.count < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    stopped.abort(new Error("killed"));
    await assertRejects(() => looking, Error, "killed");
    const asked = index.requests.log.length;
    const next = new PackageIndex(index.config.packages_api_url, clientOf(1), run, now);
    await next.lookUp(purlsOf(repositories), advance);
    assertEquals((await namesIn(run)).size, 3000);
    const answers = index.requests.log.slice(asked).filter(({ status }) => status === 200);
    // two halves of 15 that are cut in their turn, and their halves
    assertEquals(answers.length, 6, "the whole batch was sent again");
  });
  await index.close();
});

Deno.test("PackageIndex.lookUp() halves a batch whose answer is cut twice", async () => {
  const repositories = publishers(10, 1);
  const faults = faultsAt({ 1: "cut", 2: "html" });
  const index = startPackageIndex({ repositories, faults });
  await withRun(async (run) => {
    const client = new PackageIndex(index.config.packages_api_url, clientOf(1), run, now);
    await client.lookUp(purlsOf(repositories), advance);
    assertEquals((await namesIn(run)).size, 10);
    assertEquals(index.requests.count, 4);
    assertEquals(index.answered.length, 10);
  });
  await index.close();
});

Deno.test("PackageIndex.lookUp() says what failed when the index refuses for good", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ error: "Invalid PURL format" }, { status: 422 }),
  );
  await withRun(async (run) => {
    const url = `http://127.0.0.1:${server.addr.port}`;
    const client = new PackageIndex(url, clientOf(1), run, now);
    await client.lookUp(["pkg:npm/a", "pkg:npm/b"], advance);
    assertEquals(client.failed.size, 2);
    assertEquals(client.failed.get("pkg:npm/a"), "HTTP 422: Invalid PURL format");
    assertEquals(run.size, 0);
  });
  await server.shutdown();
});

Deno.test("readPackageRecord() and the table of packages take only what has the right type", async () => {
  assertEquals(readPackageRecord(null), null);
  assertEquals(readPackageRecord({ name: "x" }), null);
  assertEquals(readPackageRecord({ ecosystem: "npm", name: " " }), null);
  const record = readPackageRecord({
    ecosystem: "pypi",
    name: "Port_Tides",
    repository_url: "https://GitHub.com/Octo/Repo",
    dependent_packages_count: "12",
    dependent_repos_count: -0.5,
    downloads: 1e300,
    docker_downloads_count: 9007199254740993,
    rankings: [],
    repo_metadata: null,
    keywords_array: ["tides", 7, " ", null, "half \ud800\0 of a character"],
    description: {},
    status: "\u00a0 ",
    registry: { name: "pypi.example", default: "yes" },
    "\udc00": "\0",
  })!;
  assertEquals(record.package_key, "pypi/port-tides");
  assertEquals(record.repository_key, "github.com/octo/repo");
  const [row] = await buildTable("package_registries", [], [record]);
  assertObjectMatch(row!, {
    name: "Port_Tides",
    registry: "pypi.example",
    dependent_packages_count: 12,
    dependent_repos_count: null,
    downloads: null,
    docker_downloads_count: null,
    average_ranking: null,
    is_default_registry: false,
    keywords: ["tides", "half \ufffd of a character"],
    description: null,
    status: null,
  });
});
