import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Database } from "../lib/duckdb/database.ts";
import { publishDependents, publishMentions } from "./helpers/small_dependents.ts";
import { inSmallSite, type Run } from "./helpers/small_site.ts";
import { publishCatalogue, type smallSite } from "./helpers/small_snapshots.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

async function deliver(site: ReturnType<typeof smallSite>, run: Run): Promise<void> {
  await publishCatalogue(site);
  await publishMentions(site);
  await publishDependents(site);
  for (const task of ["09_build_final", "10_deliver"]) {
    const { code, stderr } = await run(task);
    assertEquals(code, 0, stderr);
  }
}

Deno.test("explore.ipynb and explore.sql answer over a delivery", () =>
  inSmallSite(async (site, run) => {
    await deliver(site, run);
    const notebook = JSON.parse(await Deno.readTextFile(join(ROOT, "notebooks/explore.ipynb")));
    assertEquals(notebook.metadata.kernelspec.name, "deno");
    const script = join(site.paths.root, "notebook.ts");
    await Deno.writeTextFile(
      script,
      notebook.cells
        .filter((cell: { cell_type: string }) => cell.cell_type === "code")
        .map((cell: { source: string[] }) => cell.source.join(""))
        .join("\n"),
    );
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", "--config", join(ROOT, "deno.json"), script],
      env: { NO_COLOR: "1", DELIVERY: site.paths.delivery },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals(output.code, 0, text(output.stderr));
    for (const found of ["mentioned_datasets", "Population by district", "npm: lib"]) {
      assertStringIncludes(text(output.stdout), found);
    }

    const sql = await Deno.readTextFile(join(ROOT, "notebooks/explore.sql"));
    const db = await Database.open(site.paths.scratch);
    try {
      await db.attach(join(site.paths.delivery, "final.db"), "final");
      await db.run(`use "final"`);
      const selects = sql.split(/;\n/).filter((part) => part.trim() !== "");
      assert(selects.length >= 9);
      for (const select of selects) await db.rows(select);
    } finally {
      db.close();
    }
  }));
