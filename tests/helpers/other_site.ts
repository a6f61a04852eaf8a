import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { runStage } from "../../lib/pipeline/stage.ts";
import { stage } from "../../tasks/09_build_final.ts";
import { publishState } from "./catalogues.ts";
import { CONFIG_TEXT, publishSearch, smallSite } from "./small_snapshots.ts";

const CONFIG = CONFIG_TEXT.replace(`"small"`, `"other"`)
  .replace("Data of <Small> & Co.", "<i>Other</i> portal");

/** A second site beside the small one: two datasets, one mentioned, one modified within the year. */
export async function buildOtherFinal(root: string): Promise<void> {
  const file = join(root, "other.toml");
  await Deno.writeTextFile(file, CONFIG);
  const dataset = (id: string, metadata_modified: string | null) => ({
    id,
    metadata_modified,
    resources: [{ id: `${id}-r`, url: `https://files.example/${id}` }],
  });
  await publishState(root, "2026-11-24T03:00:00.000Z", [
    dataset("new", "2026-03-01 00:00:00"),
    dataset("old", "2020-03-01 00:00:00"),
    dataset("timeless", null),
    dataset("older", "2019-03-01 00:00:00"),
  ], { config: CONFIG, reasons: ["1 page is missing"] });
  await publishSearch({ ...smallSite(root, CONFIG), paths: sitePaths(root, "other") }, [
    { dataset_id: "new", resource_id: "new-r" },
  ]);
  const exit = await runStage(stage, ["--config-file", file, "--artifacts-dir", root]);
  if (exit !== 3) throw new Error(`09_build_final ended with ${exit}`);
}
