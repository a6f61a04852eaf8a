/**
 * The flags of commands: how they are declared, read from the command line and the environment, and shown by --help.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Environment } from "./environment.ts";
import { UsageError } from "./errors.ts";

/** A flag of a command. */
export interface Option {
  name: string;
  /** A word for the value in the usage; absent for a flag that takes none. */
  value?: string;
  help: string;
}

/** What a command says of itself; every stage is one. */
export interface Command {
  /** The task's name, `03_clean_datasets`. */
  name: string;
  /** What it does, as it is after "Cannot": "clean datasets". */
  action: string;
  /** One sentence for the usage. */
  description: string;
  options?: Option[];
  /** The one argument without a flag; it is among the flags by its name. */
  argument?: { name: string; example: string };
}

/** What a command takes from the process it runs in; a test that runs one in its own gives another. */
export interface Surroundings {
  env: Environment;
  /** Writes text to standard error. */
  stderr(text: string): void;
  /** Waits between requests and tries are multiplied by it; 1 except in the demo and tests. */
  waitFactor: number;
}

/** What was given to a command: its flags by name, and its surroundings. */
export interface Given extends Surroundings {
  flags: Record<string, unknown>;
}

/** The flags of every command that works on one site. */
export const SITE_OPTIONS: Option[] = [
  { name: "config-file", value: "FILE", help: "the site's config; or CONFIG_PATH" },
  {
    name: "artifacts-dir",
    value: "DIR",
    help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
  },
  { name: "force", help: "redo what is up to date" },
];

/** The flags of every command. */
const COMMON: Option[] = [
  { name: "debug", help: "stack traces on error" },
  { name: "help", help: "show this help" },
];

/** The config file that was named, by flag or variable. */
export function configFileOf({ flags, env }: Given): string {
  const file = (flags["config-file"] as string | undefined) ?? env("CONFIG_PATH");
  if (file) return file;
  throw new UsageError(
    "no config file given: pass --config-file configs/<site>.toml or set CONFIG_PATH",
  );
}

/** The artifacts directory that was named, by flag or variable, or `artifacts`. */
export function artifactsDirOf({ flags, env }: Given): string {
  return (flags["artifacts-dir"] as string | undefined) ?? env("ARTIFACTS_DIR") ?? "artifacts";
}

/**
 * Reads the flags of a command.
 * @throws {UsageError} that names every flag that is none.
 */
export function readFlags(command: Command, args: string[]): Record<string, unknown> {
  const options = [...(command.options ?? []), ...COMMON];
  const unknown: string[] = [];
  const bare: Record<string, string> = {};
  const flags = parseArgs(args, {
    string: options.filter((option) => option.value).map((option) => option.name),
    boolean: options.filter((option) => !option.value).map((option) => option.name),
    unknown: (argument) => {
      const name = command.argument?.name;
      if (name !== undefined && bare[name] === undefined && !argument.startsWith("-")) {
        bare[name] = argument;
      } else unknown.push(argument);
      return false;
    },
  }) as Record<string, unknown>;
  if (unknown.length > 0) {
    const texts = unknown.map((argument) =>
      argument.startsWith("-") ? `flag ${argument}` : `argument "${argument}"`
    );
    throw new UsageError(`unknown ${texts.join(", ")}: see --help`);
  }
  for (const { name, value } of options) {
    if (value && flags[name] === "") throw new UsageError(`--${name} needs a value: ${value}`);
  }
  return { ...flags, ...bare };
}

/** The text of `--help`. */
export function usage(command: Command): string {
  const options = [...(command.options ?? []), ...COMMON];
  const left = options.map(({ name, value }) => `--${name}${value ? ` ${value}` : ""}`);
  const width = Math.max(...left.map((text) => text.length));
  const [own] = command.options ?? [];
  const config = options.some(({ name }) => name === "config-file")
    ? " --config-file configs/opendata_swiss.toml"
    : "";
  const argument = command.argument === undefined ? "" : ` ${command.argument.example}`;
  const line = `  deno task ${command.name}${argument}${config}`;
  return [
    command.description,
    "",
    "Usage:",
    line,
    ...(own && own.name !== "config-file"
      ? [`${line} --${own.name}${own.value ? ` ${own.value}` : ""}`]
      : []),
    "",
    "Flags:",
    ...options.map(({ help }, index) => `  ${left[index]!.padEnd(width)}  ${help}`),
    "",
    "Exit status: 0 complete, 1 failed, 2 wrong usage or config, 3 finished but incomplete",
  ].join("\n");
}
