/**
 * A stage of the network as several processes, each with a part of the work and a download run of
 * its own. Shards are counted from 0, as Kubernetes and Cloud Run count their tasks.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { UsageError } from "../cli/errors.ts";
import type { Given, Option } from "../cli/flags.ts";

/** Number `index`, from 0, of `of` shards. */
export interface Shard {
  index: number;
  of: number;
}

/** The flag of the stages that can be sharded. */
export const SHARD_OPTION: Option = {
  name: "shard",
  value: "I/N",
  help:
    "only part I of N, counted from 0: 0/8 to 7/8; or JOB_COMPLETION_INDEX with SHARD_COUNT, or CLOUD_RUN_TASK_INDEX with CLOUD_RUN_TASK_COUNT",
};

/** Ranges of ids get too narrow beyond, and no service's pace can be shared by more. */
const MOST_SHARDS = 1000;
const FROM_ENVIRONMENT: [index: string, count: string][] = [
  ["JOB_COMPLETION_INDEX", "SHARD_COUNT"],
  ["CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT"],
];

/**
 * The shard that the flag names, or else the environment; undefined where there is only one.
 * @throws {UsageError} for anything that is not a shard.
 */
export function readShard({ flags, env }: Pick<Given, "flags" | "env">): Shard | undefined {
  const flag = flags.shard as string | undefined;
  if (flag !== undefined) {
    const [index, of, ...more] = flag.split("/");
    return shardOf(index, more.length > 0 ? undefined : of, `--shard "${flag}"`);
  }
  for (const [indexName, countName] of FROM_ENVIRONMENT) {
    const [index, count] = [env(indexName), env(countName)];
    if (index === undefined && count === undefined) continue;
    if (index === undefined || count === undefined) {
      const [set, unset] = index === undefined ? [countName, indexName] : [indexName, countName];
      throw new UsageError(
        `${set} is set without ${unset}, which says ${
          index === undefined ? "which shard this is" : "how many shards there are"
        }: set both or neither`,
      );
    }
    return shardOf(index, count, `${indexName} "${index}" with ${countName} "${count}"`);
  }
  return undefined;
}

function shardOf(
  index: string | undefined,
  of: string | undefined,
  given: string,
): Shard | undefined {
  const isNumber = (text: string | undefined) => /^\d{1,4}$/.test(text ?? "");
  const shard = { index: Number(index), of: Number(of) };
  if (
    !isNumber(index) || !isNumber(of) || shard.of < 1 || shard.of > MOST_SHARDS ||
    shard.index >= shard.of
  ) {
    throw new UsageError(
      `${given} is not a shard: expected I/N with N up to ${MOST_SHARDS} and I counted from 0, e.g. 0/8 to 7/8`,
    );
  }
  return shard.of === 1 ? undefined : shard;
}

/** "3/8", as the flag has it. */
export function nameOfShard({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Whether a unit of the work (a query, a repository) falls to this shard; all do where there is none. */
export function isOfShard(shard: Shard | undefined, unit: string): boolean {
  if (shard === undefined) return true;
  return createHash("sha256").update(unit).digest().readUInt32BE() % shard.of === shard.index;
}

/** What a run asks for, with the shard: only the same shard continues with it. */
export function withShard(
  identity: Record<string, unknown>,
  shard: Shard | undefined,
): Record<string, unknown> {
  return shard === undefined ? identity : { ...identity, shard: nameOfShard(shard) };
}

/** What `withShard` was given. */
export function withoutShard(identity: Record<string, unknown>): {
  shard: Shard | undefined;
  rest: Record<string, unknown>;
} {
  const { shard, ...rest } = identity;
  if (typeof shard !== "string") return { shard: undefined, rest };
  const [index, of] = shard.split("/").map(Number);
  return { shard: { index: index!, of: of! }, rest };
}

/** Whether a run of this identity is one of the same shard, whatever it requested. */
export function isRunOf(shard: Shard | undefined): (identity: Record<string, unknown>) => boolean {
  return (identity) => identity.shard === (shard && nameOfShard(shard));
}
