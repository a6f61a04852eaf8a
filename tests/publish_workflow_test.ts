import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs/exists";
import { join } from "node:path";
import { demoCode } from "../lib/demo/code/repositories.ts";
import { hostRepositories } from "../lib/demo/code/hosted_repositories.ts";
import { startCodeHost } from "../lib/demo/services/code_host.ts";
import { startCodeSearch } from "../lib/demo/services/code_search.ts";
import { startPackageIndex } from "../lib/demo/services/package_index.ts";
import { startPortal } from "../lib/demo/services/portal.ts";

const WORKFLOW = "deploy/github_actions/publish.yml";

/** The commands of the steps, in their order, as the runner's shell gets them. */
async function commandsOf(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(file);
  return [...text.matchAll(/^( +)run: \|\n((?:\1 {2}.*\n|\n)+)/gm)]
    .map(([, indent, block]) => block!.replaceAll(new RegExp(`^${indent} {2}`, "gm"), ""));
}

Deno.test("the commands of the workflow harvest, search and publish, with the demo's services", async () => {
  const commands = await commandsOf(WORKFLOW);
  assertEquals(commands.length, 2);
  const root = await Deno.makeTempDir();
  const datasets = 60;
  const { repositories } = demoCode({ datasets, repositories: 12 });
  const portal = startPortal({ datasets });
  const search = startCodeSearch({ repositories });
  const hosted = hostRepositories(repositories);
  const host = startCodeHost({ repositories: hosted, token: "demo" });
  const index = startPackageIndex({ repositories: hosted });
  const table = (values: Record<string, string>) =>
    Object.entries(values).map(([key, value]) => `${key} = "${value}"`).join("\n");
  try {
    const config = join(root, "town.toml");
    await Deno.writeTextFile(
      config,
      `[site]
short_name = "town"
title = "The \`town\` [x](javascript:alert)"
package_search_endpoint_url = "${portal.endpointUrl}"
portal_hosts = ["data.port-aurelia.example"]
[download]
requests_per_second = 100
[code_search]
backend = "sourcegraph"
endpoint_url = "${search.url}"
requests_per_second = 100
[repositories]
${table(host.config)}
[dependents]
${table(index.config)}
`,
    );
    // npx would download Deno: here it is the one that runs the tests
    const bin = join(root, "bin");
    await Deno.mkdir(bin);
    await Deno.writeTextFile(
      join(bin, "npx"),
      `#!/bin/sh\nshift 2\nexec "${Deno.execPath()}" "$@"\n`,
    );
    await Deno.chmod(join(bin, "npx"), 0o755);
    const work = join(root, "work");
    await Deno.mkdir(work);
    // the workflow runs in a checkout: everything of it by name, and what it writes beside
    for (const name of ["deno.json", "deno.lock", "lib", "tasks", "sql", "docs", "configs"]) {
      await Deno.symlink(join(Deno.cwd(), name), join(work, name));
    }
    const summary = join(root, "summary.md");
    await Deno.writeTextFile(summary, "");
    const run = async () => {
      for (const command of commands) {
        const { code, stderr } = await new Deno.Command("bash", {
          args: ["-e", "-o", "pipefail", "-c", command],
          cwd: work,
          env: {
            PATH: `${bin}:${Deno.env.get("PATH")}`,
            CONFIG_PATH: config,
            ARTIFACTS_DIR: join(root, "artifacts"),
            NO_COLOR: "1",
            GITHUB_TOKEN: "demo",
            BASE_URL: "https://data.example/usage",
            GITHUB_STEP_SUMMARY: summary,
          },
        }).output();
        assertEquals(code, 0, `${command}\n${new TextDecoder().decode(stderr)}`);
      }
    };
    await run();
    assert(await exists(join(work, "site/index.html")));
    assertStringIncludes(
      await Deno.readTextFile(join(work, "site/sitemap.xml")),
      "https://data.example/usage/datasets.html",
    );
    const text = await Deno.readTextFile(summary);
    assertMatch(text, /^## Who uses the data of `The 'town' \[x\]\(javascript:alert\)`$/m);
    assertMatch(text, /public code mentions \d+ of \d+ datasets, in \d+ repositor/);
    assertStringIncludes(text, "(https://data.example/usage/)");
  } finally {
    await portal.close();
    await search.close();
    await host.close();
    await index.close();
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("the workflow and the timer run the same commands with README's Deno", async () => {
  const workflow = await Deno.readTextFile(WORKFLOW);
  const service = await Deno.readTextFile("deploy/systemd/open-data-usage.service");
  for (const command of ["pipeline --allow-incomplete", "publish_site --out"]) {
    assertStringIncludes(workflow, command);
    assertStringIncludes(service, command);
  }
  const readme = await Deno.readTextFile("README.md");
  for (const [version] of workflow.matchAll(/deno@[\d.]+/g)) {
    assertStringIncludes(readme, `npx --yes ${version} task`);
  }
  // every step that is no command names the version of its action
  for (const [, action] of workflow.matchAll(/uses: (\S+)/g)) assertMatch(action!, /@v\d+$/);
});
