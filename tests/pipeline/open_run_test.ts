import { assertEquals } from "@std/assert";
import type { Context } from "../../lib/pipeline/stage.ts";
import { beginRun, completeDownload, openRun, resumeRun } from "../../lib/pipeline/open_run.ts";
import { contextFor } from "../helpers/in_process.ts";

const NOW = Date.parse("2026-11-24T03:41:49Z");
const KIND = "repositories";

async function withContext(test: (context: Context) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(contextFor(root, "http://127.0.0.1/", "", { now: () => NOW }));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Opens a run, seals it where `reasons` are given, and returns its name. */
async function open(
  context: Context,
  identity: Record<string, unknown>,
  reasons?: string[],
): Promise<string> {
  const run = await openRun(context, KIND, identity);
  if (reasons !== undefined) {
    await run.seal({ complete: reasons.length === 0, reasons, counts: {} }, context.now());
  }
  run.close();
  return run.name;
}

Deno.test("openRun() continues what is not complete, whatever the order of the identity's keys", () =>
  withContext(async (context) => {
    const first = await open(context, { a: 1, b: { c: 2, d: undefined } });
    assertEquals(await open(context, { b: { c: 2 }, a: 1 }, ["cut"]), first);
    assertEquals(await completeDownload(context, KIND, { b: { c: 2 }, a: 1 }), undefined);
    assertEquals(await open(context, { b: { c: 2 }, a: 1 }, []), first);
    assertEquals((await completeDownload(context, KIND, { b: { c: 2 }, a: 1 }))?.name, first);
    assertEquals(await completeDownload(context, KIND, { a: 2 }), undefined);
    assertEquals(await completeDownload({ ...context, force: true }, KIND, { a: 1 }), undefined);
    const second = await open(context, { a: 1, b: { c: 2 } });
    assertEquals(second === first, false);
    assertEquals(await open({ ...context, force: true }, { a: 1, b: { c: 2 } }) > second, true);
  }));

Deno.test("openRun() continues a run of its own shard, also when another shard began later", () =>
  withContext(async (context) => {
    const shard = (index: number) => ({ ...context, shard: { index, of: 2 } });
    const first = await open(shard(0), { a: 1 });
    await open(shard(1), { a: 1 });
    assertEquals(await open(shard(0), { a: 1 }), first);
    assertEquals(await resumeRun(context, KIND, { a: 1 }), undefined);
  }));

Deno.test("resumeRun() leaves a run that is not accepted, and remembers how a run began", () =>
  withContext(async (context) => {
    const run = await beginRun(context, KIND, { a: 1 }, { plan: [1, 2] });
    run.close();
    const again = await resumeRun(context, KIND, { a: 1 });
    assertEquals(again?.details, { plan: [1, 2] });
    again?.close();
    const accepts = () => false;
    assertEquals(await resumeRun(context, KIND, { a: 1 }, { accepts }), undefined);
  }));
