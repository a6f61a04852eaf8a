/** `deno task impact`: who breaks if URLs move. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { publishDependents, publishMentions } from "../helpers/small_dependents.ts";
import { inSmallSite } from "../helpers/small_site.ts";
import { CONFIG_TEXT, publishCatalogue } from "../helpers/small_snapshots.ts";
import { impactText } from "../../tasks/impact.ts";

const TASK = new URL("../../tasks/impact.ts", import.meta.url).pathname;

Deno.test("impact names repositories, lines, packages and dependents of a dataset's URLs", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishMentions(site);
    await publishDependents(site);
    const built = await run("09_build_final");
    assertEquals(built.code, 0, built.stderr);
    const config = await Deno.makeTempFile({ suffix: ".toml" });
    await Deno.writeTextFile(
      config,
      CONFIG_TEXT,
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "-q", TASK, "--config-file", config, "--dataset", "d1"]
        .concat(["--artifacts-dir", site.paths.root]),
    }).output();
    const text = new TextDecoder().decode(stdout);
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertStringIncludes(text, "## `github.com/a/lib`");
    assertStringIncludes(text, "`npm: lib`, on which 100 packages depend");
    await Deno.remove(config);
  }));

Deno.test("impactText() keeps hostile text inside code, and gives new addresses", () => {
  const text = impactText(
    [{
      repository: "github.com/a/b",
      path: "`x`<script>",
      line_number: 3,
      text: "https://old.example/a.csv",
      line: "``\n# not a heading",
      url: null,
      use: "downloads",
      counted_as: "original",
      relation: "unknown",
      catalogue_url: null,
      stars: null,
      pushed_at: null,
    }],
    [],
    new Map([["https://old.example/a.csv", "https://new.example/a.csv"]]),
  );
  assertStringIncludes(text, "`` `x`<script>:3 ``");
  assertStringIncludes(text, "``` `` # not a heading ```");
  assertStringIncludes(text, "new address: `https://new.example/a.csv`");
});
