/**
 * Measures stages 09 and 10 on a large result.
 *
 * @module
 */
import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { largeSite, SITE, sizesOf } from "./delivery_data.ts";
import { measureScript, printTable } from "./measure.ts";

const STAGES = ["09_build_final", "10_deliver"];

/** The last two stages on large portals, in processes of their own: time, peak memory, size of the report. */
export async function benchDelivery(scratch: string, sizes: number[]): Promise<void> {
  const rows: string[][] = [];
  for (const datasets of sizes) {
    const { root, config } = await largeSite(scratch, datasets);
    const made = sizesOf(datasets);
    const cells = [];
    for (const name of STAGES) {
      const { seconds, peakBytes, exit, stderr } = await measureScript(`tasks/${name}.ts`, [
        "--config-file",
        config,
        "--artifacts-dir",
        root,
      ]);
      // a figure of a failed run says nothing
      if (exit !== 0) throw new Error(`"${name}" ended with ${exit}: ${stderr.trim()}`);
      cells.push(formatSeconds(seconds), formatBytes(peakBytes));
    }
    const { delivery } = sitePaths(root, SITE);
    const { size } = await Deno.stat(join(delivery, "report.html"));
    rows.push([
      formatCount(made.datasets),
      formatCount(made.resources),
      formatCount(made.mentions),
      ...cells,
      formatBytes(size),
    ]);
  }
  printTable(
    "The final tables and the delivery of large portals",
    ["datasets", "resources", "mentions", "09", "memory", "10", "memory", "report"],
    rows,
  );
}
