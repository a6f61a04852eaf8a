/**
 * Reads a file as a program: the addresses that it makes without writing them, each with the line
 * it is used on and the lines it is made from. Nothing is executed.
 *
 * @module
 */
import { evaluateProgram, type EvaluationLimits, type MadeAddress } from "./evaluator.ts";
import { readJavaScript } from "./javascript.ts";
import { readJulia } from "./julia.ts";
import type { Statement } from "./program.ts";
import { readPython } from "./python.ts";
import { readR } from "./r.ts";
import { readShell } from "./shell.ts";
import { type Source, sourcesOf } from "./sources.ts";
import {
  type Grammar,
  loadGrammar,
  type ParseLimits,
  parseSource,
  type SyntaxNode,
} from "./syntax_tree.ts";

export type { MadeAddress } from "./evaluator.ts";

/** What reading a file may cost. */
export interface ProgramLimits {
  /** Longer files are not read, in UTF-16 units. */
  length: number;
  parse: ParseLimits;
  evaluation: EvaluationLimits;
}

/** The limits of the stages: real files stay far below. */
export const PROGRAM_LIMITS: ProgramLimits = {
  length: 1_000_000,
  parse: { milliseconds: 400, depth: 200, nodes: 600_000 },
  evaluation: { steps: 200_000, milliseconds: 200, depth: 300, items: 500, addresses: 1000 },
};

/**
 * How far a file was read: `read`; `cut` where a limit ended it; `unread` where it could not be
 * parsed; `none` where it is not a program in a known language.
 */
export type ReadState = "read" | "cut" | "unread" | "none";

/** What a file makes. */
export interface ProgramReading {
  state: ReadState;
  addresses: MadeAddress[];
}

const READERS: Record<Grammar, (root: SyntaxNode, source: string) => Statement[]> = {
  python: readPython,
  javascript: readJavaScript,
  typescript: readJavaScript,
  tsx: readJavaScript,
  bash: readShell,
  r: readR,
  julia: readJulia,
};

/** Reads a file; what it is in is taken from its name. */
export async function readProgram(
  path: string,
  text: string,
  limits: ProgramLimits = PROGRAM_LIMITS,
): Promise<ProgramReading> {
  if (text.length > limits.length) return { state: "unread", addresses: [] };
  // what is binary is no program
  if (text.includes("\0")) return { state: "none", addresses: [] };
  const sources = sourcesOf(path, text);
  if (sources.length === 0) return { state: "none", addresses: [] };
  const readings: ProgramReading[] = [];
  for (const source of sources) readings.push(await readSource(source, limits));
  const states = readings.map(({ state }) => state);
  return {
    state: states.find((state) => state !== "read") ?? "read",
    addresses: readings.flatMap(({ addresses }) => addresses),
  };
}

async function readSource(source: Source, limits: ProgramLimits): Promise<ProgramReading> {
  const loaded = await loadGrammar(source.grammar);
  const root = parseSource(loaded, source.text, limits.parse);
  if (root === null) return { state: "unread", addresses: [] };
  const program = READERS[source.grammar](root, source.text);
  const { addresses, isComplete } = evaluateProgram(program, source.language, limits.evaluation);
  const lineOf = (line: number) => source.lines === null ? line : source.lines[line - 1] ?? line;
  return {
    state: isComplete ? "read" : "cut",
    addresses: addresses.map(({ text, line, madeFrom }) => ({
      text,
      line: lineOf(line),
      madeFrom: [...new Set(madeFrom.map(lineOf))],
    })),
  };
}
