/**
 * Measured figures with their limits: each line says what was measured, against what, and whether it
 * keeps its limit. The lines of a run are printed as one table and kept in `docs/benchmarks.md`.
 * @module
 */
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { type Measured, printTable } from "./measure.ts";

/** One line of the table. */
export interface Figure {
  what: string;
  datasets: number;
  ours: Measured;
  /** What it is compared with, and how that is called. */
  peer?: { name: string; seconds: number };
  /** Limit of ours ÷ peer, or where `isShare` of peer ÷ ours, which must be reached. */
  ratio?: number;
  isShare?: boolean;
  /** Limits of ours alone. */
  seconds?: number;
  bytes?: number;
}

const HEAD = [
  "what",
  "datasets",
  "time",
  "beside",
  "its time",
  "ratio",
  "limit",
  "memory",
  "limit",
];
const PLACE = new URL("../../docs/benchmarks.md", import.meta.url);
const [START, END] = ["<!-- bench: begin -->", "<!-- bench: end -->"];

/** Prints the figures and writes them into `docs/benchmarks.md`, with the date and the machine. */
export async function reportFigures(figures: readonly Figure[]): Promise<void> {
  const rows = figures.map(cells);
  printTable('Figures and limits; "!" marks a limit that is not kept', HEAD, rows);
  const date = new Date().toISOString().slice(0, 10);
  const cores = navigator.hardwareConcurrency;
  // padded as the formatter does it
  const widths = HEAD.map((name, at) =>
    Math.max(3, name.length, ...rows.map((row) => row[at]!.length))
  );
  const table = [HEAD, widths.map((width) => "-".repeat(width)), ...rows]
    .map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |`).join("\n");
  const text = await Deno.readTextFile(PLACE);
  const start = text.indexOf(START) + START.length;
  const kept = `\n\nMeasured on ${date}, ${cores} cores.\n\n${table}\n\n`;
  await Deno.writeTextFile(PLACE, text.slice(0, start) + kept + text.slice(text.indexOf(END)));
}

function cells(figure: Figure): string[] {
  const { what, datasets, ours, peer, isShare = false } = figure;
  const { seconds, peakBytes } = ours;
  const ratio = peer === undefined
    ? undefined
    : isShare
    ? peer.seconds / seconds
    : seconds / peer.seconds;
  const isOver = ratio !== undefined && figure.ratio !== undefined &&
      (isShare ? ratio < figure.ratio : ratio > figure.ratio) ||
    figure.seconds !== undefined && seconds > figure.seconds;
  const isLarge = figure.bytes !== undefined && peakBytes > figure.bytes;
  const limit = figure.ratio !== undefined
    ? `${isShare ? "≥" : "≤"} ${figure.ratio}×`
    : figure.seconds === undefined
    ? ""
    : `≤ ${figure.seconds} s`;
  return [
    what,
    datasets === 0 ? "" : formatCount(datasets),
    seconds < 1 ? `${seconds.toFixed(2)} s` : formatSeconds(seconds),
    peer?.name ?? "",
    peer === undefined ? "" : formatSeconds(peer.seconds),
    ratio === undefined ? "" : `${ratio.toFixed(2)}×`,
    `${limit}${isOver ? " !" : ""}`,
    peakBytes === 0 ? "" : formatBytes(peakBytes),
    figure.bytes === undefined ? "" : `≤ ${formatBytes(figure.bytes)}${isLarge ? " !" : ""}`,
  ];
}
