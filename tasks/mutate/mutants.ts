/**
 * The list of changes: what is replaced where, what a user would lose, and which tests notice.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { UsageError } from "../../lib/cli/errors.ts";
import { Random } from "../../lib/demo/random.ts";

const FOLDER = fileURLToPath(new URL("../../tests/mutants/", import.meta.url));

const mutantSchema = z.strictObject({
  /** Short and unique in its file. */
  id: z.string().regex(/^[a-z0-9_]+$/),
  /** Path from the project's root. */
  file: z.string(),
  /** Text that the file has exactly once. */
  find: z.string().min(1),
  replace: z.string(),
  /** What goes wrong for a user. */
  loses: z.string().min(1),
  /** Test files or folders, from the project's root. */
  tests: z.array(z.string()).min(1),
  /** Only the tests whose name has this text. */
  filter: z.string().optional(),
});
const fileSchema = z.strictObject({ mutant: z.array(mutantSchema).min(1) });

/** One change, with the area whose file lists it. */
export type Mutant = z.infer<typeof mutantSchema> & { area: string };

/**
 * Reads the lists in `tests/mutants`.
 * @param only the name of one list
 * @throws {UsageError} where there is no such list, or one is wrong.
 */
export async function readMutants(only?: string): Promise<Mutant[]> {
  const areas: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (name.endsWith(".toml")) areas.push(name.slice(0, -".toml".length));
  }
  areas.sort();
  if (only !== undefined && !areas.includes(only)) {
    throw new UsageError(`--only "${only}" is not one of ${areas.join(", ")}`);
  }
  const mutants: Mutant[] = [];
  for (const area of only === undefined ? areas : [only]) {
    const read = fileSchema.safeParse(parse(await Deno.readTextFile(join(FOLDER, `${area}.toml`))));
    if (!read.success) {
      throw new UsageError(`tests/mutants/${area}.toml: ${z.prettifyError(read.error)}`);
    }
    mutants.push(...read.data.mutant.map((mutant) => ({ ...mutant, area })));
  }
  return mutants;
}

/** So many of them, the same for the same seed; all where no number is given. */
export function sampleOf(mutants: Mutant[], size: number | undefined, seed: number): Mutant[] {
  if (size === undefined || size >= mutants.length) return mutants;
  const order = mutants.map((mutant, index) => ({
    mutant,
    at: new Random(seed, "mutant", index).unit(),
  }));
  return order.sort((one, other) => one.at - other.at).slice(0, size).map(({ mutant }) => mutant);
}
