import { assert, assertEquals } from "@std/assert";
import { demoCode, writeCheckouts } from "../../../lib/demo/code/repositories.ts";
import { demoDataset } from "../../../lib/demo/city/datasets.ts";

const DATASETS = 400;
const { repositories, truth } = demoCode({ datasets: DATASETS, repositories: 320 });
const lines = new Map<string, string[]>();
for (const { name, files } of repositories) {
  for (const { path, text } of files) lines.set(`${name} ${path}`, text.split("\n"));
}
const datasets = Array.from({ length: DATASETS }, (_, index) => demoDataset(index));
const datasetById = new Map(datasets.map((dataset) => [dataset.id, dataset]));

/** URL-like runs as a reader without any knowledge of the catalogue would cut them. */
function runsOf(line: string): string[] {
  return [...line.matchAll(/https?:\/\/[^\s"'`<>()|\\{}]+/g)]
    .flatMap(([run]) => run.split(/(?<=.)(?=https?:\/\/)/))
    .map((run) => run.replace(/[.,;]+$/, "").replace(/;yearly$|,2024,ok$|,ok$/, ""));
}

Deno.test("demoCode() gives the same repositories and truth for the same options", () => {
  const again = demoCode({ datasets: DATASETS, repositories: 320 });
  assertEquals(again.repositories[37], repositories[37]);
  assertEquals(again.truth.length, truth.length);
  const other = demoCode({ datasets: DATASETS, repositories: 320, seed: 5 });
  assert(other.repositories[37]?.commit !== repositories[37]?.commit);
});

Deno.test("demoCode() gives repositories of every sort", () => {
  assertEquals(new Set(repositories.map((one) => one.name)).size, repositories.length);
  assert(repositories.every((one) => /^(github|gitlab)\.com\/[^/]+\/[^/]+$/.test(one.name)));
  for (const kind of ["exact", "normalized", "query_variant", "identifier", "template"]) {
    assert(truth.some((row) => row.match_kind === kind), `no ${kind}`);
  }
  assert(truth.some((row) => row.match_kind === "landing_page" && row.resource_id === null));
  assert(truth.some((row) => row.is_fork) && truth.some((row) => row.is_catalogue_mirror));
  assert(truth.some((row) => row.is_generic));
  const fork = repositories.find((one) => one.isFork)!;
  assertEquals(fork.files, repositories.find((one) => one.name === fork.parent)?.files);
});

Deno.test("demoCode() is right when a row says what is in a line", () => {
  const seen = new Set<string>();
  for (const row of truth) {
    const line = lines.get(`${row.repository} ${row.path}`)?.[row.line_number - 1] ?? "";
    assert(line.includes(row.text), `"${row.text}" is not in "${line}"`);
    const dataset = datasetById.get(row.dataset_id);
    const resource = dataset?.resources.find((one) => one.id === row.resource_id);
    assert(dataset !== undefined && (row.resource_id === null || resource !== undefined));
    if (row.match_kind === "exact") assertEquals(resource?.url, row.text);
    if (row.match_kind === "normalized") assert(resource?.url !== row.text);
    const key = JSON.stringify([
      row.repository,
      row.path,
      row.line_number,
      row.resource_id,
      row.text,
    ]);
    assert(!seen.has(key), `twice: ${key}`);
    seen.add(key);
  }
});

Deno.test("demoCode() leaves no exact mention out of the truth", () => {
  const byUrl = new Map<string, Set<string>>();
  for (const { resources } of datasets) {
    for (const { url, id } of resources) byUrl.set(url, (byUrl.get(url) ?? new Set()).add(id));
  }
  const printed = new Set(
    truth.filter((row) => row.match_kind === "exact").map((row) =>
      [row.repository, row.path, row.line_number, row.resource_id].join(" ")
    ),
  );
  let found = 0;
  for (const [file, texts] of lines) {
    texts.forEach((line, at) => {
      for (const run of runsOf(line)) {
        // A run that a placeholder or a joined string continues from is not a complete URL.
        for (const id of byUrl.get(run) ?? []) {
          found++;
          assert(
            printed.has(`${file} ${at + 1} ${id}`),
            `not in the truth: ${file}:${at + 1} ${line}`,
          );
        }
      }
    });
  }
  assertEquals(found, printed.size);
});

Deno.test("demoCode() has decoys when a longer URL only begins like one of the catalogue", () => {
  const urls = new Set(datasets.flatMap((dataset) => dataset.resources.map((one) => one.url)));
  const isTold = new Set(truth.map((row) => `${row.repository} ${row.path} ${row.line_number}`));
  let decoys = 0;
  for (const [file, texts] of lines) {
    texts.forEach((line, at) => {
      if (isTold.has(`${file} ${at + 1}`)) return;
      decoys += runsOf(line).filter((run) => urls.has(run.replace(/(0|7|-old|\.bak|\/meta)$/, "")))
        .length;
    });
  }
  assert(decoys > 5, `${decoys} decoys`);
});

Deno.test("writeCheckouts() lays files out by host, owner and name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [first] = repositories;
    await writeCheckouts(folder, repositories.slice(0, 2));
    for (const { path, text } of first!.files) {
      assertEquals(await Deno.readTextFile(`${folder}/${first!.name}/${path}`), text);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
