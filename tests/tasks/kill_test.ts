import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { Random } from "../../lib/demo/random.ts";
import type { Requests } from "../../lib/demo/services/service.ts";
import { readJournal, runNames } from "../../lib/storage/sealed_run.ts";
import { ServedSite } from "../helpers/served_site.ts";
import { SnapshotWatch } from "../helpers/snapshot_watch.ts";
import { cases } from "../helpers/thoroughness.ts";

const RANDOM = new Random(20261124, "kill");
/** How often a download and a build are killed. */
const DOWNLOADS = cases(6, 3);
const BUILDS = cases(4, 1);
/** The undisturbed run. */
const WANTED = "wanted";
const KILLED = "killed";

/** A download stage: what it asks, and what of that is kept by now. */
interface Download {
  task: string;
  kind: "datasets" | "search_results";
  requests: Requests;
  /** What a request asks for, in the words of the journal. */
  asked: (path: string) => string;
  kept: (entry: Record<string, unknown>) => string | undefined;
}

Deno.test("01 to 05 killed at any moment and run again end with what an undisturbed run has", async () => {
  await ServedSite.with({
    datasets: 300,
    repositories: 80,
    pageSize: 8,
    portal: { latencyMs: 40 },
    search: { latencyMs: 60, matchLimit: 40 },
  }, async (site) => {
    const seconds = await undisturbed(site);
    const watch = new SnapshotWatch(site.paths(KILLED).snapshots, join(site.root, "scratch"));
    let kills = 0;
    kills += await downloadKilled(site, {
      task: "01_download_datasets",
      kind: "datasets",
      requests: site.portal.requests,
      asked: (path) => path,
      kept: ({ url }) => (url as string | undefined)?.replace(/^https?:\/\/[^/]+/, ""),
    });
    kills += await buildKilled(site, "02_insert_datasets", seconds);
    kills += await buildKilled(site, "03_clean_datasets", seconds);
    kills += await downloadKilled(site, {
      task: "04_download_search_results",
      kind: "search_results",
      requests: site.search.requests,
      asked: (path) => new URL(path, "http://search.example").searchParams.get("q")!,
      kept: ({ query }) => query as string,
    });
    kills += await buildKilled(site, "05_insert_search_results", seconds);
    await watch.stop();

    assertEquals(watch.faults, []);
    const most = 2 * DOWNLOADS + 3 * BUILDS;
    assert(kills >= most * 0.8, `only ${kills} of ${most} kills hit a running stage`);
    assert(watch.seen.size >= 3, `only ${watch.seen.size} snapshots were seen`);
    await site.assertSameTables(KILLED, WANTED, "ckan_api", { without: ["record_number"] });
    await site.assertSameTables(KILLED, WANTED, "clean_ckan_api");
    await site.assertSameTables(KILLED, WANTED, "sourcegraph_api", {
      without: ["started_at", "finished_at"],
    });
  });
});

/** Gives the seconds that each stage took. */
async function undisturbed(site: ServedSite): Promise<Map<string, number>> {
  const end = await site.run(WANTED, "pipeline", "--to", "05");
  assertEquals(end.code, 0, end.stderr);
  const records = await site.records(WANTED);
  return new Map(records.map(({ stage, seconds }) => [stage, seconds]));
}

/** Kills a download after so many requests and a moment, then lets it come to its end. */
async function downloadKilled(site: ServedSite, download: Download): Promise<number> {
  const { task, kind, requests } = download;
  const before = requests.count;
  /** What was finished at a kill, and how many requests had come by then. */
  const looks: { finished: Set<string>; requests: number }[] = [];
  let kills = 0;
  while (kills < DOWNLOADS) {
    const stop = requests.count + RANDOM.below(11);
    const hasEnded = await killed(site, task, [], async (isOver) => {
      while (requests.count <= stop && !isOver()) await wait(1);
      // the last kill hits a run that has finished something, however slow the machine is
      const isLast = kills === DOWNLOADS - 1;
      while (isLast && !isOver() && (await finished(site, download)).size === 0) await wait(5);
      await wait(RANDOM.below(80));
    });
    if (hasEnded) break;
    kills += 1;
    looks.push({ finished: await finished(site, download), requests: requests.count });
  }
  assertEquals(await runNames(site.paths(KILLED).downloads(kind)).then((names) => names.length), 1);
  const end = await site.run(KILLED, task);
  assertEquals(end.code, 0, end.stderr);

  const all = await finished(site, download);
  const sent = requests.log.filter(({ number }) => number > before)
    .map(({ number, path }) => ({ number, what: download.asked(path) }));
  for (const look of looks) {
    const again = sent.filter(({ number, what }) =>
      number > look.requests && look.finished.has(what)
    );
    assertEquals(again, [], `${task} asked again for what was finished`);
  }
  // a kill loses what is on its way and what waits to be written: at most two a connection
  const ours = sent.filter(({ what }) => all.has(what)).length;
  const most = all.size + kills * 8;
  assert(ours <= most, `${task} sent ${ours} requests for ${all.size} answers`);
  assert(looks.at(-1)!.finished.size > 0, `${task} was never killed in the middle`);
  return kills;
}

async function finished(site: ServedSite, download: Download): Promise<Set<string>> {
  const parent = site.paths(KILLED).downloads(download.kind);
  const name = (await runNames(parent)).at(-1);
  if (name === undefined) return new Set();
  const { entries } = await readJournal(join(parent, name));
  return new Set(entries.map(download.kept).filter((it) => it !== undefined));
}

/** Kills a stage that builds a snapshot at moments of all its time, then lets it come to its end. */
async function buildKilled(
  site: ServedSite,
  task: string,
  seconds: Map<string, number>,
): Promise<number> {
  const start = 300;
  const whole = start + 1000 * seconds.get(task)!;
  let kills = 0;
  for (let tries = 0; kills < BUILDS && tries < 3 * BUILDS; tries++) {
    // one that came to its end before it was killed is restarted
    const hasEnded = await killed(
      site,
      task,
      ["--force"],
      () => wait(start / 2 + RANDOM.unit() * whole),
    );
    if (!hasEnded) kills += 1;
  }
  const end = await site.run(KILLED, task);
  assertEquals(end.code, 0, end.stderr);
  return kills;
}

/** Whether the stage came to its end before the moment of the kill. */
async function killed(
  site: ServedSite,
  task: string,
  args: string[],
  moment: (isOver: () => boolean) => Promise<void>,
): Promise<boolean> {
  const { kill, end } = await site.start(KILLED, task, ...args);
  let isOver = false;
  const over = end.then(() => isOver = true);
  await Promise.race([moment(() => isOver), over]);
  if (!isOver) kill();
  const { code, signal, stderr } = await end;
  if (signal === "SIGKILL") return false;
  assertEquals(code, 0, stderr);
  return true;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
