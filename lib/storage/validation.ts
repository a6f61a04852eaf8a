/**
 * Checks what was written by another version, another program or a person: configs, manifests,
 * seals, lists of runs. Each fault becomes a sentence with the key, the value found and what is
 * expected.
 *
 * @module
 */
import { z } from "zod";
import { StageError } from "../cli/errors.ts";

/** What zod's words for kinds of values are called in a sentence. */
const PLAIN_WORDS: Record<string, string> = {
  number: "a number",
  int: "a whole number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "a table",
  record: "a table",
};

/**
 * The value of a JSON file, or undefined where there is no such file.
 * @param what how the file is called in a sentence: "manifest"
 * @param remedy what to do about a damaged one
 * @throws {StageError} where it is not JSON or not of that shape; names the file and the key.
 */
export async function readJsonFile<Content>(
  file: string,
  schema: z.ZodType<Content>,
  what: string,
  remedy: string,
): Promise<Content | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new StageError(`${what} "${file}" is not valid JSON: ${remedy}`);
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, content));
  throw new StageError(`${what} "${file}" is damaged: ${faults.join("; ")}: ${remedy}`);
}

/** The sentences for one issue of a value that was checked. */
export function faultsOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  unknownKey = "unknown key",
): string[] {
  const key = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => `${[key, name].filter(Boolean).join(".")}: ${unknownKey}`);
  }
  let found = value;
  for (const part of issue.path) found = (found as Record<PropertyKey, unknown>)?.[part];
  const zods = issue.message
    .replace(/^Invalid (input|option): expected /, "")
    .replace(/, received .*$/, "")
    .replace(/^Too (small|big): expected \w+ to be /, "a number ");
  const expected = PLAIN_WORDS[zods] ?? zods;
  const name = key === "" ? "the file" : key;
  if (found === undefined) return [`${name} is missing, expected ${expected}`];
  // headers may hold what should not have been written there
  const text = issue.path.includes("headers") ? "…" : shown(found);
  return [`${name} is ${text}, expected ${expected}`];
}

/** A value as an error shows it: shortened, and without the password of an address. */
export function shown(value: unknown): string {
  return shortened(JSON.stringify(value).replace(/(\w+:\/\/)[^\s/?#"]*@/g, "$1…@"));
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
