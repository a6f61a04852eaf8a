import { assertEquals } from "@std/assert";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { datasetPage, portalPage } from "../../lib/web/sources.ts";

function siteOf(lines: string) {
  return parseConfig(`[site]\nshort_name = "some"\ntitle = "Some"\n${lines}\n`, "some.toml").site;
}

Deno.test("datasetPage() is where a CKAN's API is, with the path before it", () => {
  const site = siteOf(
    `package_search_endpoint_url = "https://www.data.example/open/api/3/action/package_search"`,
  );
  assertEquals(portalPage(site), "https://www.data.example/open");
  assertEquals(datasetPage(site, "a/b"), "https://www.data.example/open/dataset/a%2Fb");
  assertEquals(datasetPage(site, null), undefined);
});

Deno.test("portalPage() is none where the portal is on this machine", () => {
  for (const host of ["127.0.0.1:4711", "localhost:80", "[::1]:80"]) {
    const site = siteOf(
      `package_search_endpoint_url = "http://${host}/api/3/action/package_search"`,
    );
    assertEquals(portalPage(site), undefined, host);
    assertEquals(datasetPage(site, "trees"), undefined, host);
  }
});

Deno.test("portalPage() of a portal that is not CKAN is its host, and datasets have no page", () => {
  const site = siteOf(
    `api = "dcat_us"\npackage_search_endpoint_url = "https://data.some.example/data.json"`,
  );
  assertEquals(portalPage(site), "https://data.some.example");
  assertEquals(datasetPage(site, "trees"), undefined);
});
