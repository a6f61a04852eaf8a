import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/cli/errors.ts";
import { isOfShard, readShard } from "../../lib/storage/shards.ts";

const given = (env: Record<string, string>, shard?: string) => ({
  flags: { shard },
  env: (name: string) => env[name],
});

Deno.test("readShard() takes the flag before the environment, and one of one for none", () => {
  const kubernetes = { JOB_COMPLETION_INDEX: "3", SHARD_COUNT: "8" };
  const cloudRun = { CLOUD_RUN_TASK_INDEX: "0", CLOUD_RUN_TASK_COUNT: "4" };
  assertEquals(readShard(given({})), undefined);
  assertEquals(readShard(given(kubernetes)), { index: 3, of: 8 });
  assertEquals(readShard(given(cloudRun)), { index: 0, of: 4 });
  assertEquals(readShard(given(kubernetes, "1/2")), { index: 1, of: 2 });
  assertEquals(readShard(given(kubernetes, "0/1")), undefined);
  assertEquals(
    readShard(given({ CLOUD_RUN_TASK_INDEX: "0", CLOUD_RUN_TASK_COUNT: "1" })),
    undefined,
  );
});

Deno.test("readShard() refuses an environment that names no shard", () => {
  const refused = (env: Record<string, string>, message: string) =>
    assertThrows(() => readShard(given(env)), UsageError, message);
  refused({ JOB_COMPLETION_INDEX: "0" }, "JOB_COMPLETION_INDEX is set without SHARD_COUNT");
  refused({ SHARD_COUNT: "8" }, "SHARD_COUNT is set without JOB_COMPLETION_INDEX");
  refused(
    { JOB_COMPLETION_INDEX: "8", SHARD_COUNT: "8" },
    'JOB_COMPLETION_INDEX "8" with SHARD_COUNT "8" is not a shard: expected I/N',
  );
});

Deno.test("isOfShard() gives every unit to one shard, the same each time, about as many to each", () => {
  const units = Array.from({ length: 4000 }, (_, number) => `github.com/owner/name-${number}`);
  const shards = Array.from({ length: 8 }, (_, index) => ({ index, of: 8 }));
  const sizes = shards.map((shard) => units.filter((unit) => isOfShard(shard, unit)).length);
  assertEquals(sizes.reduce((sum, size) => sum + size), units.length);
  for (const size of sizes) assertEquals(Math.round(size / 100), 5);
  for (const unit of units) {
    assertEquals(shards.filter((shard) => isOfShard(shard, unit)).length, 1);
  }
  // pinned: another split would leave shards of two versions with gaps between them
  assertEquals(shards.findIndex((shard) => isOfShard(shard, "github.com/torvalds/linux")), 0);
});
