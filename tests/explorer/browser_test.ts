import { assertEquals } from "@std/assert";
import { findChromium } from "../helpers/chromium.ts";

const isMissing = findChromium() === undefined;
if (isMissing) {
  console.log("Chromium is not installed: explorer and published site are not tried in it");
}

/** Runs a file of tests in a process of its own. */
async function runSteps(file: string): Promise<void> {
  // Playwright looks at places under /proc that Deno opens only to those who may do everything
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "--allow-all", "--no-check", `tests/explorer/browser/${file}`],
    env: { NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, output);
}

Deno.test({
  name: "the explorer works in Chromium: search, mention, facets, graph by keyboard, files",
  ignore: isMissing,
  fn: () => runSteps("steps.ts"),
});

Deno.test({
  name:
    "a published site works in Chromium: search, filter, sort, download, feed, as on the server",
  ignore: isMissing,
  fn: () => runSteps("published_steps.ts"),
});
