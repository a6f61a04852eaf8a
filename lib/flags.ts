import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "./errors.ts";

/** A flag of one stage beside those that every stage has. */
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
  /** One sentence for the usage. */
  description: string;
  /** Whether it takes `--input FILE`. */
  takesInput?: boolean;
  options?: Option[];
}

const COMMON: Option[] = [
  { name: "config-file", value: "FILE", help: "the site's config; or CONFIG_PATH" },
  {
    name: "artifacts-dir",
    value: "DIR",
    help: "where everything is kept; or ARTIFACTS_DIR; default artifacts",
  },
  { name: "force", help: "redo what is up to date" },
  { name: "debug", help: "stack traces on error" },
  { name: "help", help: "this text" },
];
const INPUT: Option = {
  name: "input",
  value: "FILE",
  help: "use this snapshot instead of the newest",
};

/**
 * Reads the flags of a command.
 * @throws {UsageError} that names every flag that is none.
 */
export function readFlags(command: Command, args: string[]): Record<string, unknown> {
  const options = [...(command.takesInput ? [INPUT] : []), ...(command.options ?? []), ...COMMON];
  const unknown: string[] = [];
  const flags = parseArgs(args, {
    string: options.filter((option) => option.value).map((option) => option.name),
    boolean: options.filter((option) => !option.value).map((option) => option.name),
    unknown: (argument) => {
      unknown.push(argument);
      return false;
    },
  }) as Record<string, unknown>;
  if (unknown.length > 0) {
    const text = unknown.map((argument) => `"${argument}"`).join(", ");
    throw new UsageError(`${text} is no flag of "${command.name}": --help shows what there is`);
  }
  for (const { name, value } of options) {
    if (value && flags[name] === "") throw new UsageError(`--${name} needs a value: ${value}`);
  }
  return flags;
}

/** The text of `--help`. */
export function usage(command: Command): string {
  const options = [...(command.takesInput ? [INPUT] : []), ...(command.options ?? []), ...COMMON];
  const left = options.map(({ name, value }) => `--${name}${value ? ` ${value}` : ""}`);
  const width = Math.max(...left.map((text) => text.length));
  const own = command.options?.[0];
  return [
    command.description,
    "",
    "Usage:",
    `  deno task ${command.name} --config-file configs/opendata_swiss.toml`,
    ...(own
      ? [
        `  deno task ${command.name} --config-file configs/opendata_swiss.toml --${own.name}${
          own.value ? ` ${own.value}` : ""
        }`,
      ]
      : []),
    "",
    "Flags:",
    ...options.map(({ help }, index) => `  ${left[index]!.padEnd(width)}  ${help}`),
    "",
    "Exit status: 0 complete, 1 failed, 2 wrong usage or config, 3 finished but incomplete",
  ].join("\n");
}
