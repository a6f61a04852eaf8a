/**
 * What people read about a search: its plan before it starts, and why it is not complete after it.
 * @module
 */
import { formatCount, formatSeconds } from "../cli/progress.ts";
import type { Backend, PlannedQuery } from "./backend.ts";
import type { CatalogueIndex } from "./match/catalogue_index.ts";
import type { SearchEnd } from "./run_queries.ts";

/** "Plan: 12 queries for 4,213 URLs on 96 hosts · about 12 s at 1 a second, …". */
export function describePlan(
  plan: PlannedQuery[],
  backend: Backend,
  index: CatalogueIndex,
  wholeFiles: boolean,
): string {
  const urls = [...index.hosts.values()].reduce((sum, host) => sum + host.urls.size, 0);
  const wanted = `${formatCount(plan.length)} ${backend.unit} for ${
    formatCount(urls)
  } distinct URLs on ${formatCount(index.hosts.size)} hosts`;
  const pace = backend.requestsPerSecond;
  if (pace === undefined) return `Plan: ${wanted}`;
  return `Plan: ${wanted} · at least ${formatSeconds(plan.length / pace)} at ${
    pace < 1 ? `${Math.round(pace * 60)} a minute` : `${pace} a second`
  }; answers that are cut add more${
    wholeFiles && backend.readFile !== undefined
      ? `, as does one request per program file of which no line decides anything`
      : ""
  }`;
}

/** The plan on standard output, one line a query. */
export function printPlan(plan: PlannedQuery[]): void {
  for (const { id, kind, covers, terms } of plan) {
    console.log([id, kind, covers, terms.join(" | ")].join("\t"));
  }
}

/** Reasons that differ only in their numbers are one kind. */
const MOST_KINDS = 5;

/** Why a search is not complete, one sentence a kind; none when it is. */
export function reasonsOf(end: SearchEnd, unit: string): string[] {
  const { leaves, unsent, gaveUp } = end;
  const kinds = new Map<string, number>();
  for (const { entry } of leaves) {
    if (entry.status === "complete") continue;
    const kind = `${entry.status}: ${(entry.reason ?? "").replace(/\d[\d,.]*/g, "…")}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const ordered = [...kinds].sort((one, other) => other[1] - one[1]);
  const total = ordered.reduce((sum, [, count]) => sum + count, 0);
  const reasons: string[] = [];
  if (total > 0) {
    const named = ordered.slice(0, MOST_KINDS).map(([kind, count]) =>
      `${formatCount(count)} ${kind.slice(0, 200)}`
    );
    if (ordered.length > MOST_KINDS) named.push("others");
    reasons.push(
      `${formatCount(total)} of ${formatCount(leaves.length)} ${unit} have no complete answer (${
        named.join("; ")
      })`,
    );
  }
  if (gaveUp !== undefined && unsent > 0) {
    reasons.push(
      `the service stopped answering (${gaveUp}): ${formatCount(unsent)} ${unit} were not sent`,
    );
  }
  // a bare host is a home page, which names no data: its lines are no loss
  const coarse =
    leaves.filter(({ query, entry }) =>
      query.kind === "repositories" && entry.status === "complete" &&
      /[/%\\]/.test(query.terms[0] ?? "")
    ).length;
  if (coarse > 0) {
    reasons.push(
      `${formatCount(coarse)} ${
        coarse === 1 ? "text is" : "texts are"
      } so frequent that only the repositories that hold ${
        coarse === 1 ? "it" : "them"
      } could be listed, without lines`,
    );
  }
  return reasons;
}
