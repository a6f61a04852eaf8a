import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { runTask } from "../helpers/run_task.ts";
import {
  CONFIG_TEXT,
  publishCatalogue,
  publishSearch,
  SMALL_MENTIONS,
  smallSite,
} from "../helpers/small_snapshots.ts";
import { publishState } from "../helpers/catalogues.ts";

/** A folder of configs, and a place for artifacts. */
async function inFolder(
  test: (folder: string, root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const folder = join(root, "configs");
  await Deno.mkdir(folder);
  try {
    await test(folder, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const configOf = (name: string) => CONFIG_TEXT.replace(`"small"`, `"${name}"`);

const addConfig = (folder: string, name: string, text = configOf(name)) =>
  Deno.writeTextFile(join(folder, `${name}.toml`), text);

/** Lines of the summary's table, each as its cells. */
const cellsOf = (stdout: string) =>
  stdout.trimStart().split("\n\n")[0]!.split("\n").map((line) => line.trim().split(/ {3,}/));

const readySite = async (folder: string, root: string) => {
  await addConfig(folder, "small");
  await publishCatalogue(smallSite(root));
  await publishSearch(smallSite(root), SMALL_MENTIONS);
};

Deno.test("runAllSites() runs every config although one fails, one is wrong and one is a double", () =>
  inFolder(async (folder, root) => {
    await readySite(folder, root);
    await addConfig(folder, "a_unsearched");
    const resources = [{ id: "r", url: "https://files.example/a" }];
    await publishState(root, "2026-11-20T03:00:00.000Z", [{ id: "d", resources }], {
      config: configOf("a_unsearched"),
    });
    await addConfig(folder, "b_typo", `[site]\nshort_name = "B!"\n`);
    await addConfig(folder, "z_double", configOf("small"));
    await Deno.writeTextFile(join(folder, "README.md"), "no config");

    const flags = ["--all", folder, "--artifacts-dir", root, "--from", "09", "--to", "10"];
    const { code, stdout, stderr } = await runTask("pipeline", ...flags);
    assertEquals(code, 1, stderr);
    assertEquals(cellsOf(stdout).map((cells) => cells.toSpliced(2, 1)), [
      ["site", "status", "datasets", "mentions"],
      ["a_unsearched", "failed", "–", "–"],
      [join(folder, "b_typo.toml"), "wrong config", "–", "–"],
      ["small", "complete", "7", "8"],
      [join(folder, "z_double.toml"), "wrong config", "–", "–"],
    ]);
    assertStringIncludes(stdout, `a_unsearched: 09_build_final failed: no snapshot of "local_api"`);
    const again = `deno task pipeline --config-file ${join(folder, "a_unsearched.toml")} ` +
      `--artifacts-dir ${root} --from 09 --to 10`;
    assertStringIncludes(stdout, `  continue with: ${again}`);
    assertStringIncludes(stdout, "site.short_name");
    assertStringIncludes(stdout, `which ${join(folder, "small.toml")} has already`);
    assertStringIncludes(stdout, `  mend it, then: deno task pipeline --config-file`);
    assertStringIncludes(stderr, `\n== 3 of 4: small · ${join(folder, "small.toml")} · 20`);
    assert(await Deno.stat(join(root, "small/delivery/report.html")));
  }));

Deno.test("runAllSites() gives 3 when one site is incomplete, 0 when all are complete", () =>
  inFolder(async (folder, root) => {
    await readySite(folder, root);
    const flags = ["--all", folder, "--artifacts-dir", root, "--from", "09", "--to", "09"];
    const complete = await runTask("pipeline", ...flags);
    assertEquals(complete.code, 0, complete.stderr);
    await publishCatalogue(smallSite(root), ["1 page is missing"]);
    const { code, stdout } = await runTask("pipeline", ...flags);
    assertEquals(code, 3);
    assertEquals(cellsOf(stdout)[1]!.slice(0, 2), ["small", "incomplete"]);
    assertStringIncludes(stdout, "small: 09_build_final incomplete: 1 page is missing");
  }));

Deno.test("runAllSites() refuses at once what cannot be run at all", () =>
  inFolder(async (folder) => {
    const fails = async (text: string, ...args: string[]) => {
      const { code, stderr } = await runTask("pipeline", ...args);
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, text);
    };
    await fails(`--all "${folder}" holds no config`, "--all", folder);
    await addConfig(folder, "b_typo", "[site");
    await fails("is not valid TOML", "--all", folder);
    await fails("exclude each other", "--all", folder, "--config-file", "x.toml");
    await fails(`--from "77" is not a stage`, "--all", folder, "--from", "77");
  }));

Deno.test({
  name: "runAllSites() stops at a signal and says which sites were not run",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder, root) => {
      const asked = Promise.withResolvers<void>();
      const held = Promise.withResolvers<Response>();
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
        asked.resolve();
        return held.promise;
      });
      try {
        const portal = `http://127.0.0.1:${server.addr.port}`;
        for (const name of ["one", "two"]) {
          const text = configOf(name).replace("https://ckan.small.example", portal);
          await addConfig(folder, name, text);
        }
        const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
        const [, ...args] = (tasks.pipeline.command as string).split(" ");
        const child = new Deno.Command(Deno.execPath(), {
          args: [...args, "--all", folder, "--artifacts-dir", root],
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const output = child.output();
        await asked.promise;
        child.kill("SIGINT");
        // one that continued with the next site would wait for ever
        const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
        const { code, stdout } = await output;
        clearTimeout(timer);
        assertEquals(code, 130);
        assertEquals(cellsOf(new TextDecoder().decode(stdout)).map(([, status]) => status), [
          "status",
          "stopped",
          "not run",
        ]);
      } finally {
        held.resolve(new Response());
        await server.shutdown();
      }
    }),
});
