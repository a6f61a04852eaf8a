import type { SitePaths } from "./artifacts.ts";
import type { RunRecord } from "./stage.ts";

/** Every stage run of a site, oldest first; none where nothing ran. A line cut by a crash is left out. */
export async function readRuns(paths: SitePaths): Promise<RunRecord[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(paths.runs);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as RunRecord];
    } catch {
      return [];
    }
  });
}
