import { assertEquals, assertThrows } from "@std/assert";
import { FatalFailure, TransientFailure } from "../../lib/http/failures.ts";
import { filesOfGraphql, queryFor, readGraphql } from "../../lib/reverse_dependencies/github.ts";
import type { RepositoryRef } from "../../lib/reverse_dependencies/repository_ref.ts";

function read(answer: unknown, count = 3, headers: Record<string, string> = {}) {
  const content = typeof answer === "string" ? answer : JSON.stringify(answer);
  return readGraphql(new Response(null, { headers }), content, count, new Date(1_000_000));
}

Deno.test("queryFor() passes owners and names as variables, never as text of the query", () => {
  const path = `o"}/n') { x }`;
  const place: RepositoryRef = { repository: "x", service: "github", host: "github.com", path };
  const { query, variables } = queryFor([place]);
  assertEquals(variables, { o0: 'o"}', n0: "n') { x }" });
  assertEquals(query.includes("n')"), false);
});

Deno.test("readGraphql() asks again for what a limit without a place left out", () => {
  const errors = [{ type: "RESOURCE_LIMITS_EXCEEDED", message: "exceeded" }];
  assertEquals(read({ data: { r0: { isDisabled: false }, r1: null }, errors }), {
    answered: [0],
    unexplained: [],
    open: [1, 2],
  });
});

Deno.test("readGraphql() takes a repository with a part left out as not answered", () => {
  const errors = [{ type: "RESOURCE_LIMITS_EXCEEDED", path: ["r1", "package_json"], message: "" }];
  const data = { r0: {}, r1: { package_json: null }, r2: {} };
  assertEquals(read({ data, errors }), { answered: [0, 2], unexplained: [], open: [1] });
});

Deno.test("readGraphql() leaves to REST what it shows without a word or with another error", () => {
  const errors = [{ type: "FORBIDDEN", path: ["r1"], message: "SAML enforcement" }];
  const data = { r0: null, r1: null, r2: { isDisabled: true } };
  assertEquals(read({ data, errors }), { answered: [], unexplained: [0, 1, 2], open: [] });
});

Deno.test("readGraphql() waits for the reset when the hourly limit comes as HTTP 200", () => {
  const answer = { data: null, errors: [{ type: "RATE_LIMITED", message: "exceeded" }] };
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1600" };
  const failure = assertThrows(() => read(answer, 1, headers), TransientFailure);
  assertEquals(failure.more, { waitSeconds: 600 });
});

Deno.test("readGraphql() stops when GitHub no longer knows a field of the query", () => {
  const errors = [{
    message: "Field 'forkCount' doesn't exist on type 'Repository'",
    extensions: { code: "undefinedField" },
  }];
  assertThrows(() => read({ errors }), FatalFailure, "forkCount");
});

Deno.test("readGraphql() takes a page of a firewall for a failure that passes", () => {
  assertThrows(() => read("<html>Blocked</html>"), TransientFailure);
});

Deno.test("filesOfGraphql() gives no file for what is absent or a folder", () => {
  const blob = { byteSize: 2, isBinary: false, isTruncated: false, text: "{}" };
  assertEquals(filesOfGraphql({ package_json: blob, cargo_toml: {}, go_mod: null }), [
    { path: "package.json", bytes: 2, text: "{}", isBinary: false, isTruncated: false },
  ]);
});

Deno.test("readGraphql() asks for less when a gateway gave up on the query", () => {
  for (const status of [502, 504]) {
    const failure = assertThrows(
      () => readGraphql(new Response(null, { status }), "", 3, new Date(0)),
      TransientFailure,
    );
    assertEquals(failure.more, { timedOut: true });
  }
});
