/**
 * The table that a pipeline ends with: of each stage how it ended, how long it took, what it made.
 *
 * @module
 */
import { formatCount, formatSeconds } from "../cli/progress.ts";
import type { RunRecord } from "./run_log.ts";

/** How a stage of a pipeline ended. */
export interface StageEnd {
  stage: string;
  exit: number;
  seconds: number;
  /** Absent where the stage did not begin: wrong usage, or another run of it was at work. */
  run?: RunRecord;
}

/** Counts that say most about a stage's work, in words; the first two that a stage has are shown. */
const TELLING: Record<string, string> = {
  datasets: "datasets",
  ckan_datasets: "datasets",
  final_clean_datasets: "datasets",
  resources: "resources",
  ckan_resources: "resources",
  queries: "queries",
  matches: "lines found",
  url_mentions: "mentions",
  repositories: "repositories",
  final_repositories: "repositories",
  packages: "packages",
  looked_up: "look-ups",
  files: "files",
};

/** One line a stage, those that were not run among them. */
export function summaryTable(stages: string[], ends: StageEnd[]): string[] {
  const rows = stages.map((stage) => {
    const end = ends.find((it) => it.stage === stage);
    return [
      stage,
      end === undefined ? "not run" : wordOf(end),
      end === undefined ? "" : formatSeconds(end.seconds).padStart(10),
      countsOf(end?.run?.counts ?? {}),
      (end?.run?.outputs ?? []).map((path) => path.replace(/\/manifest\.json$/, "")).join(", "),
    ];
  });
  const widths = [30, 12, 11, Math.max(...rows.map((row) => row[3]!.length)) + 1];
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" ").trimEnd()}`
  );
}

function wordOf({ exit, run }: StageEnd): string {
  if (run !== undefined) return run.status.replaceAll("_", " ");
  return exit === 0 ? "complete" : "failed";
}

function countsOf(counts: Record<string, number>): string {
  return Object.entries(TELLING).filter(([name]) => counts[name] !== undefined).slice(0, 2)
    .map(([name, word]) => `${formatCount(counts[name]!)} ${word}`).join(", ");
}
