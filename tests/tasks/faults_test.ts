import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CodeSearchFault } from "../../lib/demo/services/code_search.ts";
import { type Faults, faultsByRate, type RequestEntry } from "../../lib/demo/services/service.ts";
import type { PortalFault } from "../../lib/demo/services/portal.ts";
import { newestSealedRun } from "../../lib/storage/sealed_run.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { ServedSite } from "../helpers/served_site.ts";

const PORTAL_FAULTS: PortalFault[] = [
  ...["429-seconds", "429-date", "503", "html-200", "html-403"] as const,
  ...["success-false", "cut", "slow", "truncated"] as const,
];
const SEARCH_FAULTS: CodeSearchFault[] = [
  ...["429-seconds", "429-date", "503", "html", "slow", "cut", "no-done", "error"] as const,
  ...["alert", "shard-timeout", "backend-missing", "no-final-progress"] as const,
];
/** Folders of artifacts. */
const CLEAR = "without_faults";
const FAULTY = "with_faults";
const PATIENT = "timeout_seconds = 1\nattempts = 10\n";
const HASTY = "timeout_seconds = 5\nattempts = 3\n";

/** Faults that can be switched on; request numbers then begin with 1. */
class Switch<Kind extends string> {
  #faults: Faults<Kind> = () => undefined;
  #before = 0;
  #last = 0;

  readonly faults: Faults<Kind> = (request, path) => {
    this.#last = request;
    return this.#faults(request - this.#before, path);
  };

  set(faults: Faults<Kind>): void {
    this.#before = this.#last;
    this.#faults = faults;
  }
}

/** The same files, lines and mentions, whichever queries brought them. */
async function assertSameFinds(site: ServedSite, folder: string): Promise<void> {
  await site.assertSameTables(folder, CLEAR, "sourcegraph_api", {
    tables: ["search_results", "line_matches", "url_mentions"],
    without: ["query_id", "query_ids"],
  });
}

/** A quarter of the requests failed, and in every way. */
function assertFaulty(log: readonly RequestEntry[], kinds: readonly string[]): void {
  const faults = log.map(({ fault }) => fault).filter((fault) => fault !== undefined);
  assertEquals([...new Set(faults)].sort(), [...kinds].sort(), `${faults.length} faults came`);
  const rate = faults.length / log.length;
  assert(rate > 0.18 && rate < 0.32, `${faults.length} of ${log.length} requests failed`);
}

interface Search {
  query: string;
  status: string;
  reason: string | null;
}

Deno.test("01 to 05 give the same tables whatever fails, and say what stays unanswered", async (t) => {
  const portal = new Switch<PortalFault>();
  const search = new Switch<CodeSearchFault>();
  const quick = { slowMs: 1500, retryAfterSeconds: 0 };
  await ServedSite.with({
    datasets: 200,
    repositories: 60,
    pageSize: 4,
    portal: { ...quick, faults: portal.faults },
    search: { ...quick, matchLimit: 40, faults: search.faults },
  }, async (site) => {
    const end = await site.run(CLEAR, "pipeline", "--to", "05");
    assertEquals(end.code, 0, end.stderr);
    await t.step("a quarter of all answers is faulty", async () => {
      await site.configure(PATIENT);
      await quarterFaulty(site, portal, search);
    });
    await site.configure(HASTY);
    // refused is asked in parts, cut is not: either way the one query is known by name
    for (
      const [fault, status, reason] of [
        ["alert", "failed", "alert: Unable To Process Query"],
        ["no-done", "partial", 'the stream ended without a "done" event'],
      ] as const
    ) {
      await t.step(`"${fault}" never stops for one query`, async () => {
        await oneUnanswered(site, search, fault, { status, reason });
      });
    }
  });
});

async function quarterFaulty(
  site: ServedSite,
  portal: Switch<PortalFault>,
  search: Switch<CodeSearchFault>,
): Promise<void> {
  const [pages, queries] = [site.portal, site.search].map(({ requests }) => requests.log.length);
  portal.set(faultsByRate(0.25, PORTAL_FAULTS, 8));
  search.set(faultsByRate(0.25, SEARCH_FAULTS, 2));
  const end = await site.run(FAULTY, "pipeline", "--to", "05");
  portal.set(() => undefined);
  search.set(() => undefined);
  assertEquals(end.code, 0, end.stderr);
  assertFaulty(site.portal.requests.log.slice(pages), PORTAL_FAULTS);
  assertFaulty(site.search.requests.log.slice(queries), SEARCH_FAULTS);

  await site.assertSameTables(FAULTY, CLEAR, "ckan_api", { without: ["record_number"] });
  await site.assertSameTables(FAULTY, CLEAR, "clean_ckan_api");
  await assertSameFinds(site, FAULTY);
  const all = "select query, status, reason from searches order by query";
  const asked = await site.rows<Search>(FAULTY, "sourcegraph_api", all);
  assertEquals(asked.filter(({ status, reason }) => (status === "complete") !== !reason), []);
  const known = new Set(asked.map(({ query }) => query));
  const wanted = await site.rows<Search>(CLEAR, "sourcegraph_api", all);
  assertEquals(wanted.filter(({ query }) => !known.has(query)), []);
}

async function oneUnanswered(
  site: ServedSite,
  search: Switch<CodeSearchFault>,
  fault: CodeSearchFault,
  { status, reason }: { status: string; reason: string },
): Promise<void> {
  const folder = fault;
  await site.copySnapshots(CLEAR, folder, "clean_ckan_api");
  const { term } = (await site.rows<{ term: string }>(
    CLEAR,
    "sourcegraph_api",
    `select regexp_extract(query, '^\\("([^"]+)"\\)', 1) as term from searches
     where status = 'complete' and matches > 0 and kind = 'lines' and term like '%/%/%'
     order by matches, length(term) desc, term limit 1`,
  ))[0]!;
  const queryOf = (path: string) => new URL(path, site.search.url).searchParams.get("q") ?? "";
  const isIt = (query: string) => query.includes(`"${term}`);
  search.set((_request, path) => isIt(queryOf(path)) ? fault : undefined);
  const end = await site.run(folder, "pipeline", "--from", "04", "--to", "05");
  search.set(() => undefined);
  assertEquals(end.code, 3, end.stderr);

  const asked = await site.rows<Search>(
    folder,
    "sourcegraph_api",
    "select query, status, reason from searches",
  );
  const unanswered = asked.filter((query) =>
    query.status !== "complete" && !query.reason!.startsWith("shard-match-limit")
  );
  assert(unanswered.length > 0, end.stderr);
  for (const query of unanswered) {
    assertEquals([isIt(query.query), query.status], [true, status], query.query);
    assertStringIncludes(query.reason!, reason);
  }
  const { seal } = (await newestSealedRun(site.paths(folder), "search_results"))!;
  assertEquals([seal.complete, seal.reasons.length], [false, 1]);
  assertStringIncludes(seal.reasons[0]!, reason);
  const { manifest } = (await newestSnapshot(site.paths(folder), "sourcegraph_api"))!;
  assertEquals([manifest.complete, manifest.reasons], [false, seal.reasons]);
  assertStringIncludes(end.stderr, `incomplete: ${seal.reasons[0]}`);

  const before = site.search.requests.log.length;
  const again = await site.run(folder, "pipeline", "--from", "04", "--to", "05");
  assertEquals(again.code, 0, again.stderr);
  const answered = new Set(
    asked.filter((query) => query.status === "complete").map(({ query }) => query),
  );
  const sent = site.search.requests.log.slice(before).map(({ path }) => queryOf(path));
  assertEquals(sent.filter((query) => answered.has(query)), [], "asked again for nothing");
  await assertSameFinds(site, folder);
}
