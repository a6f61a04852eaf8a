import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { ckan } from "../../../lib/catalogues/ckan/ckan.ts";
import { makeReadable } from "../../../lib/catalogues/mend_json.ts";
import { StageError } from "../../../lib/cli/errors.ts";
import { Random } from "../../../lib/demo/random.ts";
import { sitePaths } from "../../../lib/storage/paths.ts";
import { newestSealedRun } from "../../../lib/storage/sealed_run.ts";
import { downloadDatasets } from "../../../tasks/01_download_datasets.ts";
import { type BrokenRule, FaultyPortal } from "../../helpers/faulty_portal.ts";
import { contextFor } from "../../helpers/in_process.ts";

/** All of them in CI. */
const PORTALS = Deno.env.get("CI") === "true" ? 200 : 30;
/** Each waits for its disk most of the time. */
const AT_ONCE = 8;
const OURS = Date.UTC(2031, 0, 1);

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

/** A rule that is broken, drawn from all kinds. */
function brokenRule(random: Random): BrokenRule {
  const number = random.between(1, 12);
  const clamp = random.between(1, 12);
  const first = (text: string, from: string, to: string) => text.replace(from, to);
  return random.pick<BrokenRule>([
    { name: "counts fewer", count: (all) => Math.max(0, all - number) },
    { name: "counts more", count: (all) => all + number },
    { name: "counts a part", count: (all) => Math.ceil(all / 2) },
    { name: "caps its count, clamps its pages", count: (all) => Math.min(20, all), clamp },
    { name: "caps its count at a page", count: (all) => Math.min(clamp, all), clamp },
    { name: "clamps rows", clamp },
    { name: "clamps start", startClamp: 20 + number, clamp: 15, ignoresFilters: true },
    { name: "orders backwards", order: (ids) => ids.toReversed() },
    {
      name: "orders by the end",
      order: (ids) => ids.toSorted((a, b) => a.slice(9) < b.slice(9) ? -1 : 1),
    },
    {
      name: "orders by chance",
      order: (ids, request) => {
        const shuffle = new Random(request, "order");
        return ids.map((id) => [shuffle.unit(), id] as const).sort().map(([, id]) => id);
      },
    },
    { name: "ignores filters", ignoresFilters: true },
    { name: "finds nothing by time", findsNothing: "time" },
    { name: "finds nothing by list", findsNothing: "list" },
    { name: "finds nothing by range", findsNothing: "range" },
    { name: "has no times", time: () => undefined },
    { name: "has days only", time: (at) => iso(at).slice(0, 10) },
    { name: "has times with a zone", time: (at) => iso(at + 7200_000).slice(0, 19) + "+02:00" },
    { name: "lives in the future", time: (at) => iso(at + 80 * 365 * 86_400_000).slice(0, 23) },
    { name: "goes back in time", time: (at) => iso(2e12 - at).slice(0, 23) },
    { name: "gives no fields", hasNoFields: true },
    {
      name: "gives no fields, one dataset of 2099",
      hasNoFields: true,
      time: (at) => at % 2 ? "2099-01-01T00:00:00" : iso(at).slice(0, 23),
    },
    { name: "hides datasets", hides: (id) => id.startsWith("3") },
    { name: "gives one id twice", shape: (it) => String(it.id) < "c" ? { ...it, id: "same" } : it },
    {
      name: "gives records without ids",
      shape: (it) => String(it.id) < "2" ? { ...it, id: null } : it,
    },
    { name: "has raw tabs", text: (text) => first(text, "Dataset ", "Data\tset ") },
    { name: "has surplus commas", text: (text) => first(text, '"extras":[', '"extras":[,') },
    { name: "cuts its answers", text: (text) => text.length > 3000 ? text.slice(0, 2500) : text },
    {
      name: "redirects",
      redirect: (url) =>
        url.pathname.startsWith("/v2") ? undefined : `/v2${url.pathname}${url.search}`,
    },
    {
      name: "redirects without the query",
      redirect: (url) => url.pathname.startsWith("/v2") ? undefined : `/v2${url.pathname}`,
    },
    { name: "redirects for ever", redirect: (url) => url.href },
  ]);
}

Deno.test("harvests of portals that break a rule have all data, or say that they have not", async () => {
  const outcomes: Record<string, number> = {};
  const faults: string[] = [];
  let next = 0;
  const harvestNext = async (): Promise<void> => {
    const seed = next++;
    if (seed >= PORTALS) return;
    const random = new Random(seed, "broken rules");
    const rule = brokenRule(random);
    const size = random.between(10, 90);
    const pageSize = random.pick([10, 25, 1000]);
    const portal = new FaultyPortal(rule, size, seed);
    const root = await Deno.makeTempDir({ prefix: "broken_rule_" });
    const artifacts = join(root, "artifacts");
    try {
      for (const night of [0, 1]) {
        if (night === 1) portal.change(seed);
        const context = contextFor(
          artifacts,
          portal.endpointUrl,
          `page_size = ${pageSize}\nattempts = 2`,
          { now: () => OURS + night * 86_400_000 },
        );
        const status = await statusOf(() => downloadDatasets(context));
        outcomes[status] = (outcomes[status] ?? 0) + 1;
        if (status !== 0) continue;
        const difference = await differenceOf(artifacts, portal, context);
        if (difference !== "") {
          faults.push(
            `seed ${seed}, night ${night}, "${rule.name}", ${size} datasets: ${difference}`,
          );
        }
      }
    } finally {
      await portal.close();
      await Deno.remove(root, { recursive: true });
    }
    return await harvestNext();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, harvestNext));
  console.log(`outcomes by status: ${JSON.stringify(outcomes)}`);
  assertEquals(faults, [], "status 0 and a difference");
  assert((outcomes[0] ?? 0) > PORTALS / 4, "hardly any harvest came to its end");
});

async function statusOf(run: () => Promise<{ reasons: string[] }>): Promise<number> {
  try {
    return (await run()).reasons.length > 0 ? 3 : 0;
  } catch (error) {
    if (error instanceof StageError) return 1;
    throw error;
  }
}

/** What the newest harvest has and the portal has not, or the other way round; "" where they agree. */
async function differenceOf(
  artifacts: string,
  portal: FaultyPortal,
  context: ReturnType<typeof contextFor>,
): Promise<string> {
  const run = (await newestSealedRun(sitePaths(artifacts, "harvested"), "datasets"))!;
  const found = new Map<string, string>();
  for await (const page of ckan.records(context, run)) {
    const { bytes, bounds } = makeReadable(page, () => {});
    for (let index = 0; index < bounds.length; index += 2) {
      const text = new TextDecoder().decode(bytes.subarray(bounds[index], bounds[index + 1]));
      const { id, version } = JSON.parse(text);
      found.set(id, version);
    }
  }
  const wanted = [...portal.datasets.values()];
  const lacking = wanted.filter(({ id }) => !found.has(id)).length;
  const stale =
    wanted.filter(({ id, revision }) => found.has(id) && found.get(id) !== String(revision)).length;
  const surplus = [...found.keys()].filter((id) => !portal.datasets.has(id)).length;
  return lacking + stale + surplus === 0
    ? ""
    : `${lacking} lacking, ${stale} stale, ${surplus} surplus`;
}
