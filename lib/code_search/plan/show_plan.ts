import { formatCount, formatSeconds } from "../../cli/progress.ts";
import type { Backend, PlannedQuery } from "../backend.ts";
import type { CatalogueIndex } from "../match/catalogue_index.ts";

/** A plan as people see it before it runs. */

/** "Plan: 12 queries for 4,213 URLs on 96 hosts · about 12 s at 1 a second, …". */
export function describePlan(
  plan: PlannedQuery[],
  backend: Backend,
  index: CatalogueIndex,
): string {
  const urls = [...index.hosts.values()].reduce((sum, host) => sum + host.urls.size, 0);
  const wanted = `${formatCount(plan.length)} ${backend.unit} for ${
    formatCount(urls)
  } distinct URLs on ${formatCount(index.hosts.size)} hosts`;
  const pace = backend.requestsPerSecond;
  if (pace === undefined) return `Plan: ${wanted}`;
  return `Plan: ${wanted} · at least ${formatSeconds(plan.length / pace)} at ${
    pace < 1 ? `${Math.round(pace * 60)} a minute` : `${pace} a second`
  }; answers that are cut add more`;
}

/** The plan on standard output, one line a query. */
export function printPlan(plan: PlannedQuery[]): void {
  for (const { id, kind, covers, terms } of plan) {
    console.log([id, kind, covers, terms.join(" | ")].join("\t"));
  }
}
