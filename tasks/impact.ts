/**
 * Shows who breaks if URLs of the catalogue move: repositories, lines, packages and dependents, as
 * Markdown with one section per repository, ready for a person to send.
 * Reads: newest snapshot final and, where there is one, reverse_dependencies
 * Writes: nothing; the answer goes to standard output
 */
import { runCommand } from "../lib/cli/command.ts";
import { UsageError } from "../lib/cli/errors.ts";
import { artifactsDirOf, type Command, configFileOf, type Given } from "../lib/cli/flags.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { Database } from "../lib/duckdb/database.ts";
import { readConfig } from "../lib/pipeline/config.ts";
import { sitePaths } from "../lib/storage/paths.ts";
import { newestSnapshot } from "../lib/storage/snapshots.ts";

const QUERIES = new URL("../sql/final/queries/", import.meta.url);

const command: Command = {
  name: "impact",
  action: "show the impact",
  description: "Show who breaks if these URLs move: --dataset ID or --urls FILE, --redirects FILE",
  options: [
    { name: "dataset", value: "ID", help: "a dataset by its id: all its URLs" },
    { name: "urls", value: "FILE", help: "a file with one URL per line" },
    { name: "redirects", value: "FILE", help: "a file with an old and a new URL per line" },
    { name: "config-file", value: "FILE", help: "the site's config; or CONFIG_PATH" },
    {
      name: "artifacts-dir",
      value: "DIR",
      help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
    },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, printImpact));

interface Place {
  repository: string;
  path: string | null;
  line_number: number | null;
  text: string;
  line: string | null;
  url: string | null;
  use: string;
  counted_as: string;
  relation: string;
  catalogue_url: string | null;
  stars: number | null;
  pushed_at: Date | null;
}

interface Dependents {
  repository: string;
  ecosystem: string;
  name: string;
  dependent_packages_count: number | null;
}

/** Finds the places and prints them. */
export async function printImpact(given: Given): Promise<number> {
  const { dataset, urls, redirects } = given.flags as Record<string, string | undefined>;
  const moved = redirects === undefined ? new Map<string, string>() : await readPairs(redirects);
  if (dataset === undefined && urls === undefined && moved.size === 0) {
    throw new UsageError("expected --dataset ID, --urls FILE or --redirects FILE");
  }
  const { site } = await readConfig(configFileOf(given));
  const paths = sitePaths(artifactsDirOf(given), site.short_name);
  const final = await newestSnapshot(paths, "final");
  if (final === undefined) {
    throw new UsageError(
      `no snapshot of "final" for site "${site.short_name}": run "deno task 09_build_final" first`,
    );
  }
  const wanted = [...urls === undefined ? [] : await readLines(urls), ...moved.keys()];
  const dependents = await newestSnapshot(paths, "reverse_dependencies");
  const db = await Database.open();
  try {
    await db.attach(final.file, "final");
    const places = await db.rows<Place>(await read("impact"), {
      datasets: JSON.stringify(dataset === undefined ? [] : [dataset]),
      urls: JSON.stringify(wanted),
    });
    let packages: Dependents[] = [];
    if (dependents !== undefined) {
      await db.attach(dependents.file, "dependents");
      packages = await db.rows<Dependents>(await read("impact_packages"), {
        repositories: JSON.stringify([...new Set(places.map(({ repository }) => repository))]),
      });
    }
    console.log(impactText(places, packages, moved));
    return final.manifest.complete ? 0 : 3;
  } finally {
    db.close();
  }
}

/** The whole answer as Markdown; everything that others wrote is code, so that it stays text. */
export function impactText(
  places: Place[],
  packages: Dependents[],
  moved: ReadonlyMap<string, string>,
): string {
  const byRepository = Map.groupBy(places, ({ repository }) => repository);
  const uses = Map.groupBy(places, ({ use }) => use);
  const lines = [
    `# Impact: ${formatCount(byRepository.size)} repositories, ${
      formatCount(places.length)
    } places`,
    "",
  ];
  for (const [use, those] of uses) lines.push(`- ${use}: ${formatCount(those.length)} places`);
  for (const [repository, those] of byRepository) {
    const { pushed_at, stars, relation } = those[0]!;
    const pushed = pushed_at === null ? "not known" : pushed_at.toISOString().slice(0, 10);
    lines.push("", `## ${code(repository)}`, "");
    lines.push(`Last push: ${pushed}. Stars: ${stars ?? "not known"}. Relation: ${relation}.`);
    const own = packages.filter((it) => it.repository === repository);
    for (const { ecosystem, name, dependent_packages_count: count } of own) {
      lines.push(
        `Publishes ${code(`${ecosystem}: ${name}`)}, on which ${
          count === null ? "an unknown number of" : formatCount(count)
        } packages depend.`,
      );
    }
    lines.push("");
    for (const place of those) {
      const where = `${place.path ?? ""}${
        place.line_number === null ? "" : `:${place.line_number}`
      }`;
      lines.push(`- ${code(where)} (${place.use}): ${code((place.line ?? place.text).trim())}`);
      const target = moved.get(place.text) ?? moved.get(place.catalogue_url ?? "");
      if (target !== undefined) lines.push(`  - new address: ${code(target)}`);
    }
  }
  return lines.join("\n");
}

/** A code span whose fence is longer than any run of backticks in the text. */
function code(text: string): string {
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ");
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
}

function read(query: string): Promise<string> {
  return Deno.readTextFile(new URL(`${query}.sql`, QUERIES));
}

async function readLines(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(`no file "${file}"`);
  }
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}

async function readPairs(file: string): Promise<Map<string, string>> {
  const pairs = new Map<string, string>();
  for (const line of await readLines(file)) {
    const [from, to, ...more] = line.split(/[\s,;]+(?=https?:)/);
    if (from === undefined || to === undefined || more.length > 0) {
      throw new UsageError(`"${file}": expected an old and a new URL, found "${line}"`);
    }
    pairs.set(from, to);
  }
  return pairs;
}
