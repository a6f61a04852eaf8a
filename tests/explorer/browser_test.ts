import { assertEquals } from "@std/assert";
import { findChromium } from "../helpers/chromium.ts";

const isMissing = findChromium() === undefined;
if (isMissing) console.log("Chromium is not installed: the explorer is not tried in it");

Deno.test({
  name: "the explorer works in Chromium: search, mention, facets, graph by keyboard, files",
  ignore: isMissing,
  async fn() {
    // Playwright looks at places under /proc that Deno opens only to those who may do everything
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-prompt", "--allow-all", "--no-check", "tests/explorer/browser/steps.ts"],
      env: { NO_COLOR: "1" },
    }).output();
    const told = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, told);
  },
});
