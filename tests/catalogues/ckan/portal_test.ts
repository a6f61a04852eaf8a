import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CkanPortal } from "../../../lib/catalogues/ckan/portal.ts";
import { parseConfig } from "../../../lib/pipeline/config.ts";
import { assertStillCkan } from "../../../lib/catalogues/client.ts";
import { StageError, UsageError } from "../../../lib/cli/errors.ts";
import { FatalFailure } from "../../../lib/http/failures.ts";

function portal(endpoint: string): CkanPortal {
  const config = parseConfig(
    `[site]\nshort_name = "x"\npackage_search_endpoint_url = "${endpoint}"`,
    "x.toml",
  );
  return new CkanPortal(config, () => undefined, {
    fetch: () => Promise.reject(new Error("nothing is to be asked")),
    now: () => new Date(),
    random: Math.random,
    signal: new AbortController().signal,
    log: { info: () => {}, warn: () => {} },
  });
}

Deno.test("explained() names the setting that helps when a key is wanted", () => {
  const { message } = portal("https://x.example/api/3/action/package_search")
    .explained(new FatalFailure("the portal wants a key")) as StageError;
  assertMatch(message, /set site\.api_key_env/);
});

Deno.test("address() sends only what every CKAN knows, and keeps the endpoint's own parameters", () => {
  const filter = 'id:{"a" TO *]';
  const url = new URL(
    portal("https://x.example/data/api/action/package_search?lang=de")
      .address({ sort: "id asc", rows: 10, start: 0, filter }),
  );
  assertEquals([...url.searchParams], [
    ["lang", "de"],
    ["fq", filter],
    ["sort", "id asc"],
    ["rows", "10"],
    ["start", "0"],
    ["facet", "false"],
  ]);
});

Deno.test("assertStillCkan() shows the two lines to change for data.gov's old addresses", () => {
  const config = (host: string) =>
    parseConfig(
      `[site]\nshort_name = "x"\npackage_search_endpoint_url = "https://${host}/api/3/action/package_search"`,
      "x.toml",
    );
  for (const host of ["catalog.data.gov", "catalog-old.data.gov", "api.gsa.gov"]) {
    const { message } = assertThrows(() => assertStillCkan(config(host)), UsageError);
    assertMatch(
      message,
      /api = "data_gov" and package_search_endpoint_url = "https:.+\/v4\/search"/,
    );
  }
  assertStillCkan(config("inventory.data.gov"));
});
