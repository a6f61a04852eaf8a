import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { buildSmallFinal, deliverSmall } from "../helpers/explorer_site.ts";
import { publishSmall } from "../helpers/published_site.ts";

/** `.ci/run` installs the programs into a folder of their own and names it. */
const PACKAGES = Deno.env.get("PYTHON_READERS");

Deno.test({
  name: "pandas, polars, DuckDB, openpyxl, networkx, feedparser and frictionless read every export",
  ignore: PACKAGES === undefined,
  async fn() {
    const root = await Deno.makeTempDir();
    try {
      await buildSmallFinal(root);
      await deliverSmall(root);
      await publishSmall(root, join(root, "out"));
      const feeds = [...Deno.readDirSync(join(root, "out/feeds"))].map(({ name }) =>
        join(root, "out/feeds", name)
      );
      const { success, stdout, stderr } = await new Deno.Command("python3", {
        args: ["tests/readers/read_exports.py", join(root, "small/delivery"), ...feeds],
        env: { PYTHONPATH: PACKAGES! },
      }).output();
      const text = new TextDecoder();
      assertEquals([success, text.decode(stderr).split("\n").at(-2)], [true, undefined]);
      assertMatch(text.decode(stdout), /^frictionless \d+$/m);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "LibreOffice reads the workbook in UTF-8, with the counted rows",
  ignore: !hasLibreOffice(),
  async fn() {
    const root = await Deno.makeTempDir();
    try {
      await buildSmallFinal(root);
      await deliverSmall(root);
      const book = join(root, "small/delivery/exports/mentions.xlsx");
      const { success } = await new Deno.Command("soffice", {
        args: [
          "--headless",
          `-env:UserInstallation=file://${root}/profile`,
          "--convert-to",
          // every sheet as a file of its own, comma, quote, UTF-8
          "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
          "--outdir",
          root,
          book,
        ],
        stdout: "null",
        stderr: "null",
      }).output();
      assertEquals(success, true);
      const csv = await Deno.readTextFile(join(root, "mentions-clean_datasets.csv"));
      assertMatch(csv, /HYPERLINK/);
      assertEquals(csv.trim().split("\n").length, 8);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

function hasLibreOffice(): boolean {
  try {
    return new Deno.Command("soffice", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}
