import { assert, assertEquals, assertObjectMatch, assertRejects, assertThrows } from "@std/assert";
import { FatalFailure, TransientFailure } from "../../lib/http/failures.ts";
import { bitbucket, githubRest, gitlab } from "../../lib/reverse_dependencies/rest.ts";
import { readGraphql } from "../../lib/reverse_dependencies/github.ts";
import { askInBatches } from "../../lib/reverse_dependencies/github.ts";
import {
  parseRepository,
  type RepositoryRef,
} from "../../lib/reverse_dependencies/repository_ref.ts";
import { askByRest } from "../../lib/reverse_dependencies/rest.ts";
import { answersOf, buildTable, clientOf, withRun } from "../helpers/hosts.ts";
import {
  hasRecordings,
  readCassette,
  readErrorBodies,
  readFixture,
  type Recorded,
  replay,
} from "../helpers/recorded.ts";

const ignore = !hasRecordings();
const PATIENT = { now: () => new Date(), patienceSeconds: Infinity };
const place = (name: string) => parseRepository(name) as RepositoryRef;

Deno.test({
  name: "askByRest() reads GitHub's recorded 200 and its list of a root",
  ignore,
  async fn() {
    const server = replay([
      ...readFixture("github_rest_get-repository.raw-fixture.json"),
      ...readFixture("github_rest_get-content.raw-fixture.json"),
    ]);
    await withRun(async (run) => {
      const name = "github.com/octokit-fixture-org/hello-world";
      await askByRest(githubRest(server.url), clientOf(), place(name), run, PATIENT);
      const answer = (await answersOf(run)).get(name)!;
      assertEquals(answer.state, "found");
      const [row] = await buildTable("repositories", [answer]);
      assertObjectMatch(row!, {
        database_id: 103703892,
        current_name: name,
        is_fork: false,
        is_mirror: false,
        is_empty: false,
        default_branch: "master",
      });
      assertEquals(answer.files, []);
      assertEquals(server.asked.length, 2);
    });
    await server.close();
  },
});

Deno.test({
  name: "askByRest() follows GitHub's recorded 301 and keeps both names",
  ignore,
  async fn() {
    const server = replay(readFixture("github_rest_rename-repository.raw-fixture.json"));
    await withRun(async (run) => {
      const old = "octokit-fixture-org/tmp-scenario-rename-repository-20220719044033126-ukeod";
      const name = `github.com/${old}`;
      await askByRest(githubRest(server.url), clientOf(), place(name), run, PATIENT);
      const answer = (await answersOf(run)).get(name)!;
      assertEquals(answer.state, "renamed");
      assertEquals(answer.current_name, `${name}-newname`);
      const [row] = await buildTable("repositories", [answer]);
      assertEquals(row!.database_id, 515436299);
      assert(String(run.get(`${name} facts`)!.redirected_to).endsWith("/repositories/515436299"));
    });
    await server.close();
  },
});

Deno.test({
  name: "askByRest() distinguishes the recorded 404, 451 and 403 with a block from a limit",
  ignore,
  async fn() {
    const bodies = readErrorBodies();
    const of = (status: number, word: string) =>
      bodies.find((it) => it.status === status && JSON.stringify(it.body).includes(word))!.body;
    const at = (path: string, status: number, body: unknown): Recorded => ({
      method: "GET",
      path: `/repos/${path}`,
      status,
      headers: { "x-ratelimit-remaining": "41" },
      body: JSON.stringify(body),
    });
    const server = replay([
      ...readCassette("github_rest_404_422.vcr.yml"),
      at("o/gone", 404, of(404, "Not Found")),
      at("o/dmca", 451, of(451, "dmca")),
      at("o/tos", 403, of(403, "tos")),
    ]);
    await withRun(async (run) => {
      const names = ["bad/example-for-testing", "o/gone", "o/dmca", "o/tos"]
        .map((name) => `github.com/${name}`);
      for (const name of names) {
        await askByRest(githubRest(server.url), clientOf(), place(name), run, PATIENT);
      }
      const answers = await answersOf(run);
      assertEquals(
        names.map((name) => [answers.get(name)!.state, answers.get(name)!.blocked_reason]),
        [["missing", null], ["missing", null], ["blocked", "dmca"], ["blocked", "tos"]],
      );
    });
    await server.close();
  },
});

Deno.test({
  name: "askByRest() reads the recorded GitLab project and Bitbucket repository",
  ignore,
  async fn() {
    const lab = replay(readCassette("gitlab_project.vcr.yml"), "https://gitlab.com");
    const bucket = replay(
      readCassette("bitbucket_repository.vcr.yml"),
      "https://api.bitbucket.org",
    );
    await withRun(async (run) => {
      const ase = "gitlab.com/ase/ase";
      await askByRest(gitlab(`${lab.url}/api/v4`), clientOf(), place(ase), run, PATIENT);
      const iostat = "bitbucket.org/codekoala/node-iostat";
      await askByRest(bitbucket(`${bucket.url}/2.0`), clientOf(), place(iostat), run, PATIENT);
      const answers = await answersOf(run);
      const rows = await buildTable<Record<string, string[]>>("repositories", answers.values());
      const [row, other] = [ase, iostat].map((name) =>
        rows.find(({ repository }) => String(repository) === name)!
      );
      assertObjectMatch(row!, { current_name: ase, stars: 421, forks: 770, licence: "lgpl-2.1" });
      assertEquals(row!.topics!.length, 4);
      assertObjectMatch(other!, {
        state: "found",
        current_name: iostat,
        language: "javascript",
        stars: null,
        topics: [],
        is_fork: false,
      });
    });
    assert(bucket.asked.every((path) => path.startsWith("GET /2.0/")));
    await lab.close();
    await bucket.close();
  },
});

Deno.test({
  name: "askInBatches() stops at the recorded 401 with a word about the token",
  ignore,
  async fn() {
    const recorded = readCassette("github_graphql_401.vcr.yml")
      .filter(({ path }) => path === "/graphql");
    const server = replay(recorded);
    await withRun(async (run) => {
      await assertRejects(
        () =>
          askInBatches(clientOf(1), `${server.url}/graphql`, [place("github.com/a/b")], run, {
            answered: () => {},
            now: () => new Date(),
          }),
        FatalFailure,
        "GITHUB_TOKEN",
      );
    });
    assertEquals(server.asked.length, 1);
    await server.close();
  },
});

Deno.test({
  name: "readGraphql() reads recorded partial answers and limits as what they are",
  ignore,
  fn() {
    const bodies = readErrorBodies().filter(({ api }) => api.startsWith("GraphQL"));
    const named = (word: string) =>
      JSON.stringify(bodies.find((it) => JSON.stringify(it.body).includes(word))!.body)
        .replaceAll('"repository"', '"r0"').replaceAll('"user"', '"r0"');
    const read = (content: string, status = 200, headers = {}) =>
      readGraphql(new Response(null, { status, headers }), content, 1, new Date());
    assertEquals(read(named("NOT_FOUND")), { answered: [0], unexplained: [], open: [] });
    assertEquals(read(named("RESOURCE_LIMITS")), { answered: [], unexplained: [], open: [0] });
    const secondary = assertThrows(() => read(named("secondary rate"), 403), TransientFailure);
    assertEquals(secondary.more.waitSeconds, 60);
    const timeout = assertThrows(() => read(named("Something went wrong")), TransientFailure);
    assertEquals(timeout.more.timedOut, true);
    for (const { path, status, body } of readCassette("github_rest_404_422.vcr.yml")) {
      if (path !== "/graphql" || !body.includes("NOT_FOUND")) continue;
      const content = body.replaceAll('"repository"', '"r0"');
      assertEquals(read(content, status), { answered: [0], unexplained: [], open: [] });
    }
  },
});
