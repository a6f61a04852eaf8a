import { assert, assertEquals } from "@std/assert";
import { buildFinalOf, startExplorer } from "../helpers/explorer_site.ts";

const SNAPSHOT = /final_\d{8}T\d{6}Z\.db/;

Deno.test("newerSnapshots() shows a snapshot that came while the explorer runs, and looks seldom", async () => {
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
