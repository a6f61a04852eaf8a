import { assert, assertEquals } from "@std/assert";
import { join, relative } from "node:path";
import { walk } from "@std/fs/walk";

/** The files of deploy/ against what they say of each other and of the code. */

const read = (file: string) => Deno.readTextFile(join("deploy", file));

Deno.test("the Indexed Job names the same number of shards wherever it says one", async () => {
  const text = await read("kubernetes/shards.yaml");
  const numbers = [/completions: (\d+)/, /parallelism: (\d+)/, /SHARD_COUNT\s+value: "(\d+)"/]
    .map((pattern) => pattern.exec(text)?.[1]);
  assertEquals(numbers, ["8", "8", "8"]);
});

Deno.test("the image has every file that the code reads beside itself, and README's Deno", async () => {
  const ignore = await read("Dockerfile.dockerignore");
  const kept = ignore.split("\n").filter((line) => line.startsWith("!")).map((it) => it.slice(1));
  const isKept = (path: string) => kept.some((it) => path === it || path.startsWith(`${it}/`));
  const lacking: string[] = [];
  for (const folder of ["lib", "tasks"]) {
    for await (const { path } of walk(folder, { includeDirs: false })) {
      if (!path.endsWith(".ts") || /\/demo\/|\/bench|\/mutate/.test(path)) continue;
      const text = await Deno.readTextFile(path);
      for (const [, target] of text.matchAll(/new URL\(["`]([^"`$]+)["`], import\.meta\.url\)/g)) {
        const file = relative(
          ".",
          new URL(target!, new URL(path, `file://${Deno.cwd()}/`)).pathname,
        );
        if (!isKept(file) && file !== ".env") lacking.push(`${path} reads ${file}`);
      }
    }
  }
  assertEquals(lacking, []);
  const [, version] = /deno@([\d.]+)/.exec(await read("Dockerfile")) ?? [];
  assert((await Deno.readTextFile("README.md")).includes(`npx --yes deno@${version} task demo`));
});
