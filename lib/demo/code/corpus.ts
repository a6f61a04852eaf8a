/**
 * The demo's repositories as a bulk corpus: Parquet of the shape of The Stack v3, with what that
 * corpus leaves out left out.
 * @module
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { RowAppender } from "../../duckdb/appender.ts";
import { Database, quoteText } from "../../duckdb/database.ts";
import type { DemoRepository } from "./repositories.ts";

const SQL = new URL("../../../sql/demo/inputs/", import.meta.url);

/** Whether a corpus of GitHub's permissively licensed code would have a repository. */
export function isInCorpus(repository: DemoRepository): boolean {
  const { name, license, isFork, stars, commit } = repository;
  // younger than the corpus
  if (/^[0-3]/.test(commit)) return false;
  const isPermissive = license !== "GPL-3.0";
  return name.startsWith("github.com/") && isPermissive && !(isFork && stars < 5);
}

/** Writes the repositories as parts `data/part-NNNNN-….snappy.parquet` below a folder. */
export async function writeCorpus(
  folder: string,
  repositories: readonly DemoRepository[],
  parts: number,
): Promise<string[]> {
  await ensureDir(join(folder, "data"));
  const db = await Database.open();
  const files: string[] = [];
  try {
    await db.run("attach ':memory:' as corpus");
    await db.run(await Deno.readTextFile(new URL("corpus_files.sql", SQL)));
    const rows = await RowAppender.open(db, { catalog: "corpus", name: "files" });
    const sorted = [...repositories].sort((one, other) => one.name < other.name ? -1 : 1);
    sorted.forEach((repository, number) => {
      const { name, commit, stars, isFork, fetchedAt, license } = repository;
      for (const { path, text } of repository.files) {
        rows.add(
          Math.floor(number * parts / sorted.length),
          BigInt(number),
          name.replace(/^github\.com\//, ""),
          commit,
          BigInt(stars),
          isFork,
          path,
          text,
          BigInt(Math.floor(Date.parse(fetchedAt) / 1000)),
          LANGUAGES[path.slice(path.lastIndexOf(".") + 1)] ?? "Text",
          license ?? null,
        );
      }
    });
    rows.close();
    const select = await Deno.readTextFile(new URL("corpus_part.sql", SQL));
    await db.run("set threads = 1");
    for (let part = 0; part < parts; part++) {
      const number = String(part).padStart(5, "0");
      const file =
        `data/part-${number}-5ca1ab1e-c0de-4a11-9e57-${number}0000000-c000.snappy.parquet`;
      await db.run(
        `copy (${select.replace("$part", String(part))}) to ${
          quoteText(join(folder, file))
        } (format parquet, compression snappy)`,
      );
      files.push(file);
    }
  } finally {
    db.close();
  }
  return files;
}

const LANGUAGES: Record<string, string> = {
  py: "Python",
  R: "R",
  js: "JavaScript",
  mjs: "JavaScript",
  ts: "TypeScript",
  ipynb: "Jupyter Notebook",
  md: "Markdown",
  yml: "YAML",
  yaml: "YAML",
  html: "HTML",
  sh: "Shell",
  csv: "CSV",
  json: "JSON",
};
