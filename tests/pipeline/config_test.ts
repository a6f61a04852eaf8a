import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { defaultPortalHosts, parseConfig, readConfig } from "../../lib/pipeline/config.ts";
import { UsageError } from "../../lib/cli/errors.ts";

const ORIGINAL = `[site]
short_name = "swiss"
package_search_endpoint_url = "https://ckan.opendata.swiss/api/3/action/package_search"
`;

function faultsOf(text: string): string[] {
  return assertThrows(() => parseConfig(text, "x.toml"), UsageError).faults;
}

Deno.test("parseConfig() fills in every default when the file is one of the Python original", () => {
  const config = parseConfig(ORIGINAL, "x.toml");
  assertEquals(config.site, {
    short_name: "swiss",
    title: "swiss",
    api: "ckan",
    package_search_endpoint_url: "https://ckan.opendata.swiss/api/3/action/package_search",
    portal_hosts: ["ckan.opendata.swiss", "opendata.swiss"],
    host_aliases: {},
    own_owners: [],
    include_private: false,
    languages: [],
    headers: {},
  });
  assertEquals(config.download, {
    page_size: 1000,
    concurrency: 2,
    requests_per_second: 5,
    timeout_seconds: 60,
    attempts: 8,
    full_harvest_every: 30,
  });
  assertEquals(config.code_search, {
    backend: "sourcegraph",
    endpoint_url: "https://sourcegraph.com",
    formats: [],
    concurrency: 2,
    requests_per_second: 1,
    timeout_seconds: 90,
    attempts: 8,
    whole_files: true,
  });
  assertEquals(config.repositories.github_api_url, "https://api.github.com");
  assertEquals(config.dependents.packages_api_url, "https://packages.ecosyste.ms/api/v1");
  assertEquals(config.backup.api_endpoint, "");
});

Deno.test("parseConfig() names every fault at once: the key, the value, what is wanted", () => {
  const faults = faultsOf(`
[site]
short_name = "Swiss data"
package_search_endpoint_url = "ckan.example"
colour = "red"
[download]
page_size = 0
attempts = 1.5
concurrency = 99
timeout_seconds = "long"
full_harvest_every = 0
[code_search]
backend = "google"
endpoint_url = "nowhere"
[extra]
`);
  assertEquals(faults.map((fault) => fault.replace(/^config "x.toml": /, "")).sort(), [
    'code_search.backend is "google", expected one of "sourcegraph"|"zoekt"|"github"|"local"|"corpus"',
    'code_search.endpoint_url is "nowhere", expected an http(s) URL',
    "download.attempts is 1.5, expected a whole number",
    "download.concurrency is 99, expected a number <=16",
    "download.full_harvest_every is 0, expected a number >=1",
    "download.page_size is 0, expected a number >=1",
    'download.timeout_seconds is "long", expected a number',
    "extra: unknown key, see configs/README.md",
    "site.colour: unknown key, see configs/README.md",
    'site.package_search_endpoint_url is "ckan.example", expected an http(s) URL',
    'site.short_name is "Swiss data", expected a name of a-z, 0-9 and _ of at most 60 characters',
  ]);
});

Deno.test("parseConfig() says what is missing", () => {
  assertEquals(faultsOf(""), ['config "x.toml": site is missing, expected a table']);
  assertEquals(faultsOf('[site]\nshort_name = "a"\n'), [
    'config "x.toml": site.package_search_endpoint_url is missing, expected an http(s) URL',
  ]);
});

Deno.test("parseConfig() takes a folder as endpoint when the backend is local", () => {
  const config = parseConfig(
    `${ORIGINAL}[code_search]\nbackend = "local"\nendpoint_url = "checkouts"\n`,
    "x.toml",
  );
  assertEquals(config.code_search.endpoint_url, "checkouts");
});

Deno.test("parseConfig() keeps the portal's hosts in lower case when they are given", () => {
  const text = ORIGINAL.replace(
    "[site]",
    '[site]\nportal_hosts = ["Data.Example", "b.example:8080"]',
  );
  assertEquals(parseConfig(text, "x.toml").site.portal_hosts, ["data.example", "b.example:8080"]);
  assertStringIncludes(
    faultsOf(text.replace("Data.Example", "https://data.example/"))[0]!,
    "a host name without scheme or path",
  );
});

Deno.test("parseConfig() says in one line what is not valid TOML", () => {
  const [fault, ...more] = faultsOf("[site\n");
  assertEquals(more, []);
  assertStringIncludes(fault!, 'config "x.toml" is not valid TOML: ');
  assertEquals(fault!.includes("\n"), false);
});

Deno.test("readConfig() says which file is missing", async () => {
  await assertRejects(
    () => readConfig("configs/nowhere.toml"),
    UsageError,
    'no config file "configs/nowhere.toml": name one of configs/ with --config-file FILE',
  );
  await assertRejects(() => readConfig("configs"), UsageError, 'no config file "configs"');
});

Deno.test("defaultPortalHosts() adds the host without a leading part that people do not see", () => {
  const hosts = (host: string) => defaultPortalHosts(`https://${host}/api/3/action/package_search`);
  assertEquals(hosts("ckan.govdata.de"), ["ckan.govdata.de", "govdata.de"]);
  assertEquals(hosts("catalog.data.gov"), ["catalog.data.gov", "data.gov"]);
  assertEquals(hosts("legado.dados.gov.br"), ["legado.dados.gov.br", "dados.gov.br"]);
  assertEquals(hosts("API.example.org"), ["api.example.org", "example.org"]);
  assertEquals(hosts("data.humdata.org"), ["data.humdata.org"]);
  assertEquals(hosts("127.0.0.1:8080"), ["127.0.0.1:8080"]);
});

Deno.test("parseConfig() refuses a password in an address, without repeating it, and says where keys go", () => {
  const text = `[site]
short_name = "a"
package_search_endpoint_url = "https://me:hunter2@data.example.org/api/3/action/package_search"
[code_search]
endpoint_url = "https://me:hunter2@search.example.org"
[repositories]
github_api_url = "https://token@api.example.org"
gitlab_api_url = "https://me:hunter2@{host}/api/v4"`;
  const error = assertThrows(() => parseConfig(text, "x.toml"), UsageError);
  assertEquals(error.message.match(/site\.api_key_env/g)?.length, 4, error.message);
  assertStringIncludes(error.message, '"https://…@data.example.org/api/3/action/package_search"');
  assert(!/hunter2|token@/.test(error.message), error.message);
});

Deno.test("parseConfig() refuses headers that hold a secret, and private datasets without a key", () => {
  const text = `[site]
short_name = "a"
package_search_endpoint_url = "https://data.example.org"
include_private = true
headers = { "Authorization" = "Bearer hunter2" }`;
  const error = assertThrows(() => parseConfig(text, "x.toml"), UsageError);
  assertStringIncludes(error.message, "site.headers is …, expected headers without secrets");
  assert(!error.message.includes("hunter2"), error.message);
  const withoutHeaders = text.replace(/headers.*/, "");
  const other = assertThrows(() => parseConfig(withoutHeaders, "x.toml"), UsageError);
  assertStringIncludes(other.message, "site.include_private is true, which needs site.api_key_env");
});

Deno.test("parseConfig() refuses a short name that is taken or too long, and a key in a variable of another kind", () => {
  const refuses = (lines: string, fault: string) => {
    const error = assertThrows(
      () =>
        parseConfig(
          `[site]\npackage_search_endpoint_url = "http://a.example/"\n${lines}`,
          "x.toml",
        ),
      UsageError,
    );
    assertStringIncludes(error.message, fault);
  };
  for (const name of ["read_only", "static", "runs", "compare", "corpora"]) {
    refuses(`short_name = "${name}"`, `site.short_name is "${name}", expected another name than`);
  }
  refuses(`short_name = "${"a".repeat(61)}"`, "at most 60 characters");
  refuses('short_name = "a"\napi_key_env = "AWS_SECRET_ACCESS_KEY"', "expected CKAN_API_KEY");
});
