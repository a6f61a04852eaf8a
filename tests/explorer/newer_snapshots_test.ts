import { assert, assertEquals } from "@std/assert";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import { buildFinalOf, QUIET, startExplorer } from "../helpers/explorer_site.ts";

const SNAPSHOT = /final_\d{8}T\d{6}Z\.db/;

Deno.test("newerSnapshots() shows a snapshot that appears while the explorer runs, and checks seldom", async () => {
  let now = 0;
  const explorer = await startExplorer(() => now);
  try {
    const shown = async (path: string) => {
      const text = await (await fetch(explorer.origin + path)).text();
      return SNAPSHOT.exec(text)![0];
    };
    const first = await shown("/small");
    await buildFinalOf(explorer.root);
    now += 9_000;
    assertEquals(await shown("/small/datasets"), first);
    now += 2_000;
    await shown("/small/datasets");
    // opening takes a moment, in which the old one answers
    const deadline = performance.now() + 20_000;
    let newer = first;
    while (newer === first && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      newer = await shown("/small");
    }
    assert(newer > first, `${newer} is still shown`);
    assertEquals(await shown("/small/dataset/d1"), newer);
  } finally {
    await explorer.stop();
  }
});

Deno.test("newerSnapshots() tries a snapshot that could not be opened again, and logs it once", async () => {
  let now = 0;
  const warnings: string[] = [];
  const explorer = await startExplorer(() => now, {
    ...QUIET,
    warn: (text) => void warnings.push(text),
  });
  try {
    const shown = async () => {
      const text = await (await fetch(`${explorer.origin}/small/method`)).text();
      return SNAPSHOT.exec(text)![0];
    };
    const until = async (isReached: () => Promise<boolean>) => {
      const deadline = performance.now() + 20_000;
      while (!await isReached()) {
        assert(performance.now() < deadline, "nothing happened in time");
        now += 11_000;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const first = await shown();
    await buildFinalOf(explorer.root);
    const { file } = (await newestSnapshot(sitePaths(explorer.root, "small"), "final"))!;
    const good = await Deno.readFile(file);
    await Deno.chmod(file, 0o644);
    // as if it were still being copied
    await Deno.writeFile(file, good.slice(0, 5000));
    let checks = 0;
    await until(async () => {
      assertEquals(await shown(), first);
      if (warnings.length > 0) checks += 1;
      return checks > 5;
    });
    assertEquals(warnings.length, 1, warnings.join("\n"));
    await Deno.writeFile(file, good);
    await until(async () => await shown() > first);
  } finally {
    await explorer.stop();
  }
});
