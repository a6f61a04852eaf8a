/**
 * Variables of the environment, those of the project root's `.env` behind them.
 *
 * @module
 */
import { parseEnv } from "node:util";

/** Gives a variable's value, or undefined where it is unset or empty. */
export type Environment = (name: string) => string | undefined;

/** Reads `.env` in the project root once; a variable that is set outside wins. */
export async function readEnvironment(): Promise<Environment> {
  let file: Record<string, string | undefined> = {};
  try {
    file = parseEnv(await Deno.readTextFile(new URL("../../.env", import.meta.url)));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return (name) => Deno.env.get(name) || file[name] || undefined;
}
