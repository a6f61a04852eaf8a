/** What a person sees of long work: on a terminal a line that renews itself, on a pipe a line now and then. */

import { printable } from "./errors.ts";

/** Counts of one piece of long work. */
export interface Bar {
  /** Adds finished units; `total` replaces the known total, `note` is at the end of the line. */
  advance(units: number, more?: { total?: number; note?: string }): void;
  /** Ends the work with one line that stays. */
  end(): void;
}

/** Where a stage says what it does. All of it goes to standard error. */
export interface Log {
  /** A line of the story: "Reading 12 pages". */
  info(line: string): void;
  /** Something to look at that does not stop the work. */
  warn(line: string): void;
  /** Begins long work of `total` units (undefined where no one knows yet). */
  bar(label: string, unit: string, total?: number): Bar;
}

/** What is needed to show progress: a place to write and a clock in milliseconds. */
export interface LogTarget {
  write(text: string): void;
  isTerminal: boolean;
  colour: boolean;
  now(): number;
}

const PIPE_INTERVAL_MS = 10_000;
const TERMINAL_INTERVAL_MS = 100;

/** Standard error, with colour only on a terminal and never with NO_COLOR. */
export function standardError(noColour: boolean, write = writeError): LogTarget {
  const isTerminal = write === writeError && Deno.stderr.isTerminal();
  return { write, isTerminal, colour: isTerminal && !noColour, now: () => performance.now() };
}

const ENCODER = new TextEncoder();

/** Writes text to standard error, all of it before it returns. */
export function writeError(text: string): void {
  const data = ENCODER.encode(text);
  for (let at = 0; at < data.length;) at += Deno.stderr.writeSync(data.subarray(at));
}

/** A log whose lines begin with the stage's name. */
export function createLog(name: string, target: LogTarget): Log {
  const paint = (code: number, text: string) =>
    target.colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  const prefix = paint(36, name);
  let renewed = false;
  const line = (text: string, code?: number) => {
    const shown = printable(text).replace(/\s*\n\s*/g, " ");
    const painted = code === undefined ? shown : paint(code, shown);
    target.write(`${renewed ? "\r\x1b[2K" : ""}${prefix}  ${painted}\n`);
    renewed = false;
  };
  return {
    info: (text) => line(text),
    warn: (text) => line(`! ${text}`, 33),
    bar(label, unit, total) {
      const start = target.now();
      let last = start;
      let done = 0;
      let note = "";
      const sentence = (ended: boolean) => {
        const elapsed = (target.now() - start) / 1000;
        return [
          label,
          describeCount(done, total, unit),
          describeSpeed(done, total, elapsed, ended),
          note,
        ].filter((part) => part !== "").join(" · ");
      };
      return {
        advance(units, more = {}) {
          done += units;
          total = more.total ?? total;
          note = more.note ?? note;
          const now = target.now();
          if (now - last < (target.isTerminal ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS)) return;
          last = now;
          if (!target.isTerminal) return line(sentence(false));
          target.write(`\r\x1b[2K${prefix}  ${printable(sentence(false))}`);
          renewed = true;
        },
        end: () => line(sentence(true)),
      };
    },
  };
}

/** Made once: `toLocaleString` makes one again for every number, which a table feels. */
const COUNTS = new Intl.NumberFormat("en-US");

/** `1,234,567`: the same everywhere, whatever the machine's language. */
export function formatCount(value: number | bigint): string {
  return COUNTS.format(value);
}

/** `1.2 GB`, in powers of 1,000. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let power = 0;
  while (bytes >= 1000 && power < units.length - 1) {
    bytes /= 1000;
    power += 1;
  }
  return `${power === 0 ? bytes : bytes.toFixed(1)} ${units[power]}`;
}

/** `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function describeCount(done: number, total: number | undefined, unit: string): string {
  if (total === undefined || done >= total) return `${formatCount(done)} ${unit}`;
  const share = total === 0 ? "" : ` (${Math.floor((100 * done) / total)} %)`;
  return `${formatCount(done)} of ${formatCount(total)} ${unit}${share}`;
}

function describeSpeed(done: number, total: number | undefined, elapsed: number, ended: boolean) {
  if (ended) return `in ${formatSeconds(elapsed)}`;
  if (elapsed < 0.5 || done === 0) return "";
  const speed = done / elapsed;
  const pace = `${speed >= 10 ? formatCount(Math.round(speed)) : speed.toFixed(1)}/s`;
  if (total === undefined || total <= done) return pace;
  return `${pace} · ${formatSeconds((total - done) / speed)} left`;
}
