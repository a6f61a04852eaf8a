/**
 * How well what was found agrees with what is known to be there.
 *
 * @module
 */
import { MATCH_KINDS } from "../../lib/code_search/match/mentions.ts";

/** A place in the code and one thing that it names; truth and `url_mentions` have the same columns. */
export interface Named {
  repository: string;
  path: string;
  line_number: number;
  match_kind: string;
  dataset_id: string;
  resource_id: string | null;
}

/** The rows of one kind that are true, found, and both. */
export interface Agreement {
  kind: string;
  truth: number;
  found: number;
  agreed: number;
  /** Share of the truth that was found; 1 where there was nothing to find. */
  recall: number;
  /** Share of the found that is true; 1 where nothing was found. */
  precision: number;
  /** Some rows of the truth that were not found, and some that were found and are not true. */
  missing: string[];
  wrong: string[];
}

const SAMPLES = 5;

/** Compares per kind by repository, path, line, kind, dataset and resource; equal rows count once. */
export function agreeByKind(truth: Iterable<Named>, found: Iterable<Named>): Agreement[] {
  const known = keysByKind(truth);
  const got = keysByKind(found);
  return MATCH_KINDS.map((kind) => {
    const wanted = known.get(kind) ?? new Set();
    const have = got.get(kind) ?? new Set();
    const agreed = wanted.intersection(have).size;
    return {
      kind,
      truth: wanted.size,
      found: have.size,
      agreed,
      recall: wanted.size === 0 ? 1 : agreed / wanted.size,
      precision: have.size === 0 ? 1 : agreed / have.size,
      missing: [...wanted.difference(have)].slice(0, SAMPLES),
      wrong: [...have.difference(wanted)].slice(0, SAMPLES),
    };
  });
}

function keysByKind(rows: Iterable<Named>): Map<string, Set<string>> {
  const byKind = new Map<string, Set<string>>();
  for (const row of rows) {
    const { repository, path, line_number, match_kind, dataset_id, resource_id } = row;
    const key = `${repository} ${path}:${line_number} ${dataset_id}/${resource_id}`;
    const keys = byKind.get(match_kind);
    if (keys === undefined) byKind.set(match_kind, new Set([key]));
    else keys.add(key);
  }
  return byKind;
}
