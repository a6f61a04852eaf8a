import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { StageError } from "../../lib/cli/errors.ts";
import { type SitePaths, sitePaths } from "../../lib/storage/paths.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import {
  newestSealedRun,
  readAnswer,
  readJournal,
  sealedEntries,
} from "../../lib/storage/sealed_run.ts";

const NOW = new Date("2026-11-24T03:41:49.123Z");
const ASKED = { endpoint: "https://ckan.example/", page_size: 10, key: undefined };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

async function inSite(test: (paths: SitePaths) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(sitePaths(root, "small"));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function begin(paths: SitePaths): Promise<DownloadRun> {
  return DownloadRun.begin(paths, "datasets", ASKED, NOW);
}

function resume(paths: SitePaths, asked: Record<string, unknown> = ASKED) {
  return DownloadRun.resume(paths, "datasets", asked);
}

function seal(run: DownloadRun, reasons: string[] = [], counts: Record<string, number> = {}) {
  return run.seal({ complete: reasons.length === 0, reasons, counts }, NOW);
}

Deno.test("append() keeps answers byte for byte, compressed, in the order they came", () =>
  inSite(async (paths) => {
    const odd = new Uint8Array([0, 255, 0xed, 0xa0, 0x80, 10, 13, 0]);
    const run = await begin(paths);
    assertEquals(run.name, "20261124T034149Z");
    await run.append("b", bytes("9007199254740993 ".repeat(1000)), { rows: 10 }, NOW);
    await run.append("a", odd, {}, NOW);
    await run.append("nothing", null, { status: 404 }, NOW);
    await seal(run, [], { datasets: 2 });
    run.close();

    const sealed = (await newestSealedRun(paths, "datasets"))!;
    const entries = await sealedEntries(sealed);
    assertEquals(entries.map(({ key, file, bytes }) => [key, file, bytes]), [
      ["b", "000001.gz", 17000],
      ["a", "000002.gz", 8],
      ["nothing", undefined, 0],
    ]);
    assertEquals(entries[0]!.rows, 10);
    assertEquals(new Uint8Array(await readAnswer(sealed.folder, entries[1]!)), odd);
    assertEquals((await readAnswer(sealed.folder, entries[2]!)).length, 0);
    assert((await Deno.stat(join(sealed.folder, "000001.gz"))).size < 1000);
    assertEquals(sealed.parent.file, "small/downloads/datasets/20261124T034149Z/manifest.json");
    assertEquals(
      [sealed.seal.complete, sealed.seal.entries, sealed.seal.counts],
      [true, 3, { datasets: 2 }],
    );
  }));

Deno.test("append() works for several answers at once", () =>
  inSite(async (paths) => {
    const run = await begin(paths);
    const keys = Array.from({ length: 20 }, (_, at) => `page ${at}`);
    await Promise.all(keys.map((key) => run.append(key, bytes(key), {}, NOW)));
    for (const key of keys) assertEquals(text(await run.read(run.get(key)!)), key);
    assertEquals(new Set([...run.entries()].map(({ file }) => file)).size, 20);
    run.close();
  }));

Deno.test("resume() continues after a kill, without the line that was cut", () =>
  inSite(async (paths) => {
    const first = await begin(paths);
    await first.append("1", bytes("one"), {}, NOW);
    await first.append("2", bytes("two"), {}, NOW);
    first.close();
    const journal = join(first.folder, "journal.ndjson");
    const { size } = await Deno.stat(journal);
    await Deno.truncate(journal, size - 5);

    const second = (await resume(paths))!;
    assertEquals(second.folder, first.folder);
    assertEquals([...second.entries()].map(({ key }) => key), ["1"]);
    assertEquals(await newestSealedRun(paths, "datasets"), undefined);
    await second.append("2", bytes("two again"), {}, NOW);
    await second.append("3", bytes("three"), {}, NOW);
    await seal(second);
    second.close();
    const sealed = (await newestSealedRun(paths, "datasets"))!;
    const answers = [];
    for (const entry of await sealedEntries(sealed)) {
      answers.push(text(await readAnswer(sealed.folder, entry)));
    }
    assertEquals(answers, ["one", "two again", "three"]);
  }));

Deno.test("resume() finds nothing when the run is complete, requested something else or never began", () =>
  inSite(async (paths) => {
    assertEquals(await resume(paths), undefined);
    await Deno.mkdir(join(paths.downloads("datasets"), "20261124T034149Z"), { recursive: true });
    assertEquals(await resume(paths), undefined);
    const run = await begin(paths);
    assertEquals(run.name, "20261124T034150Z");
    assertEquals(await resume(paths, { ...ASKED, page_size: 20 }), undefined);
    (await resume(paths))!.close();
    await seal(run);
    run.close();
    assertEquals(await resume(paths), undefined);
  }));

Deno.test("seal() may come again when an incomplete run was continued", () =>
  inSite(async (paths) => {
    const first = await begin(paths);
    await first.append("1", bytes("one"), {}, NOW);
    await seal(first, ["page 2 failed"]);
    first.close();
    const sealed = (await newestSealedRun(paths, "datasets"))!;
    assertEquals([sealed.seal.complete, sealed.seal.reasons], [false, ["page 2 failed"]]);

    const second = (await resume(paths))!;
    await second.append("2", bytes("two"), {}, NOW);
    // whoever reads meanwhile sees what was sealed, not what has come since
    assertEquals((await sealedEntries(sealed)).map(({ key }) => key), ["1"]);
    await seal(second);
    second.close();
    const again = (await newestSealedRun(paths, "datasets"))!;
    assertEquals([again.seal.complete, again.seal.entries], [true, 2]);
    assert(again.parent.sha256 !== sealed.parent.sha256);
  }));

Deno.test("sealedEntries() gives of a key that came twice the last", () =>
  inSite(async (paths) => {
    const run = await begin(paths);
    await run.append("1", bytes("old"), {}, NOW);
    await run.append("2", bytes("two"), {}, NOW);
    await run.append("1", bytes("new"), {}, NOW);
    assertEquals(run.size, 2);
    await seal(run);
    run.close();
    const sealed = (await newestSealedRun(paths, "datasets"))!;
    const entries = await sealedEntries(sealed);
    assertEquals(entries.map(({ key }) => key), ["2", "1"]);
    assertEquals(text(await readAnswer(sealed.folder, entries[1]!)), "new");
    assertEquals((await readJournal(sealed.folder)).lines, 3);
  }));

Deno.test("readAnswer() refuses a file that is not what was downloaded", () =>
  inSite(async (paths) => {
    const run = await begin(paths);
    const one = await run.append("1", bytes("one"), {}, NOW);
    const two = await run.append("2", bytes("two"), {}, NOW);
    run.close();
    await Deno.copyFile(join(run.folder, two.file!), join(run.folder, one.file!));
    await assertRejects(() => readAnswer(run.folder, one), Error, "its hash differs");
  }));

Deno.test("newestSealedRun() passes over a newer run that is not sealed", () =>
  inSite(async (paths) => {
    const first = await begin(paths);
    await seal(first);
    first.close();
    (await begin(paths)).close();
    assertEquals((await newestSealedRun(paths, "datasets"))!.name, first.name);
  }));

Deno.test("newestSealedRun() and resume() name file and key of what is damaged", () =>
  inSite(async (paths) => {
    const run = await begin(paths);
    await run.append("1", bytes("one"), {}, NOW);
    await seal(run, ["cut"]);
    run.close();
    const file = join(run.folder, "manifest.json");
    const { counts: _, ...rest } = JSON.parse(await Deno.readTextFile(file));
    await Deno.writeTextFile(file, JSON.stringify(rest));
    const sentence = `seal "${file}" is damaged: counts is missing, expected a table: restore it`;
    await assertRejects(() => newestSealedRun(paths, "datasets"), StageError, sentence);
    await assertRejects(() => resume(paths), StageError, sentence);

    await Deno.remove(file);
    await Deno.writeTextFile(join(run.folder, "journal.ndjson"), '{"key":"1"}\n[]\n');
    await assertRejects(() => resume(paths), StageError, "line 2 of ");
    await Deno.writeTextFile(join(run.folder, "run.json"), "{}");
    await assertRejects(() => resume(paths), StageError, "identity is missing");
  }));
