import { formatCount } from "../cli/progress.ts";
import type { SearchEnd } from "./run_queries.ts";

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
  if (gaveUp !== undefined) {
    reasons.push(
      `the service stopped answering (${gaveUp}): ${formatCount(unsent)} ${unit} were not sent`,
    );
  }
  // a bare host is a home page, which names no data: its lines are no loss
  const coarse =
    leaves.filter(({ query }) =>
      query.kind === "repositories" && /[/%\\]/.test(query.terms[0] ?? "")
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
