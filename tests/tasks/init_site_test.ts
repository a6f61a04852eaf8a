import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs/exists";
import { join } from "node:path";
import { readConfig } from "../../lib/pipeline/config.ts";
import { type PortalOptions, startPortal } from "../../lib/demo/services/portal.ts";
import { runTask } from "../helpers/run_task.ts";

type Handler = (url: URL) => Response | Promise<Response> | undefined;

/** Runs a test on a host that answers 404 to all that `handler` leaves. */
async function inHost(
  handler: Handler,
  test: (
    address: string,
    run: (...args: string[]) => ReturnType<typeof runTask>,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "init_site_" });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) =>
      await handler(new URL(request.url)) ??
        new Response("<html>Not found</html>", { status: 404 }),
  );
  const run = (...args: string[]) => runTask("init_site", "--configs-dir", folder, ...args);
  try {
    await test(`http://127.0.0.1:${server.addr.port}`, run, folder);
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The demo's portal below a path of a host that says a version. */
async function inCkan(
  options: Partial<PortalOptions>,
  action: string,
  test: Parameters<typeof inHost>[1],
): Promise<void> {
  const portal = startPortal({ datasets: 60, ...options });
  const status = { success: true, result: { ckan_version: "2.10.4", site_title: 'The "city"\n' } };
  try {
    await inHost(({ pathname, search }) => {
      if (pathname === `${action}/status_show`) return Response.json(status);
      if (pathname === `${action}/package_search`) return fetch(portal.endpointUrl + search);
      return undefined;
    }, test);
  } finally {
    await portal.close();
  }
}

for (
  const action of ["/api/3/action", "/api/action", "/data/api/3/action", "/opendata/api/action"]
) {
  Deno.test(`init_site finds CKAN at ${action}`, async () => {
    await inCkan({ clamp: 25 }, action, async (address, run, folder) => {
      const { code, stdout, stderr } = await run(address);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "CKAN 2.10.4");
      assertStringIncludes(stdout, "60 datasets");
      assertStringIncludes(stdout, "at most 25 datasets");
      assertStringIncludes(stdout, "work, several can be read at once");
      const { site, download } = await readConfig(join(folder, "127_0_0_1.toml"));
      assertEquals(site.package_search_endpoint_url, `${address}${action}/package_search`);
      assertEquals([site.api, site.title], ["ckan", 'The "city"']);
      assertEquals(download.page_size, 25);
    });
  });
}

Deno.test("init_site says when ranges of ids do not work, and takes an API's own address", async () => {
  await inCkan({ keyset: false }, "/api/3/action", async (address, run) => {
    const { stdout } = await run(`${address}/api/3/action/package_search?rows=0`);
    assertStringIncludes(stdout, "do not work: it is read by offset");
    assertStringIncludes(stdout, "as large as requested");
  });
});

Deno.test("init_site finds a data.json, and its config harvests", async () => {
  const file = { "@type": "dcat:Catalog", dataset: [{ identifier: "a" }, { identifier: "b" }] };
  await inHost(
    ({ pathname }) => pathname === "/data.json" ? Response.json(file) : undefined,
    async (address, run, folder) => {
      const { code, stdout, stderr } = await run(address, "--name", "city");
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "one data.json of DCAT-US");
      assertStringIncludes(stdout, "2 datasets");
      const harvested = await runTask(
        "01_download_datasets",
        "--config-file",
        join(folder, "city.toml"),
        "--artifacts-dir",
        join(folder, "artifacts"),
      );
      assertEquals(harvested.code, 0, harvested.stderr);
    },
  );
});

Deno.test("init_site writes nothing where it finds nothing, and says what came", async () => {
  await inHost(() => undefined, async (address, run, folder) => {
    const { code, stderr } = await run(address);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "/opendata/api/action/package_search (HTTP 404");
    assertStringIncludes(stderr, "/data.json (HTTP 404)");
    assert(!await exists(join(folder, "127_0_0_1.toml")));
  });
});

Deno.test("init_site overwrites nothing and refuses wrong usage with 2", async () => {
  let asked = 0;
  await inHost(() => (asked += 1, undefined), async (address, run, folder) => {
    await Deno.writeTextFile(join(folder, "city.toml"), "mine");
    const there = await run(address, "--name", "city");
    assertEquals(there.code, 2);
    assertStringIncludes(there.stderr, "is there already");
    assertEquals(await Deno.readTextFile(join(folder, "city.toml")), "mine");
    for (
      const args of [[], [address, "another"], [address, "--name", "../x"], ["ftp://x.example"], [
        "https://catalog.data.gov",
      ]]
    ) assertEquals((await run(...args)).code, 2, args.join(" "));
    assertEquals(asked, 0);
  });
});

for (const page of ["/dataset", "/dataset/set-3", "/en/"]) {
  Deno.test(`init_site finds the catalogue when it is given the page ${page}`, async () => {
    await inCkan({}, "/api/3/action", async (address, run, folder) => {
      const { code, stderr } = await run(address + page, "--name", "found");
      assertEquals(code, 0, stderr);
      const { site } = await readConfig(join(folder, "found.toml"));
      assertEquals(site.package_search_endpoint_url, `${address}/api/3/action/package_search`);
    });
  });
}

Deno.test("init_site finds the feed of ArcGIS Hub, behind a redirect to another host", async () => {
  const feed = "/api/feed/dcat-us/1.1.json";
  await inHost(
    ({ pathname }) =>
      pathname === feed ? Response.json({ dataset: [{ identifier: "a" }] }) : undefined,
    async (hub, _run) => {
      const old = ({ pathname }: URL) => Response.redirect(hub + pathname);
      await inHost(old, async (address, run, folder) => {
        const { code, stderr } = await run(address, "--name", "hub");
        assertEquals(code, 0, stderr);
        const { site } = await readConfig(join(folder, "hub.toml"));
        assertEquals([site.api, site.package_search_endpoint_url], ["dcat_us", hub + feed]);
      });
    },
  );
});

Deno.test("init_site says what a portal lacks that wants a key, or whose search is down", async () => {
  const answers: [Response, string][] = [
    [
      Response.json({ success: false, error: { __type: "Authorization Error", message: "no" } }, {
        status: 403,
      }),
      "wants a key",
    ],
    [
      Response.json({ success: false, error: { __type: "Search Connection Error", message: "" } }, {
        status: 409,
      }),
      "whose search is down",
    ],
  ];
  for (const [answer, words] of answers) {
    await inHost(
      ({ pathname }) => pathname.endsWith("package_search") ? answer.clone() : undefined,
      async (address, run) => {
        const { code, stderr } = await run(address);
        assertEquals(code, 1);
        assertStringIncludes(stderr, words);
      },
    );
  }
});
