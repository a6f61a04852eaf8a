import type { Row } from "./list.ts";
import type { Things } from "./things.ts";

/** A repository that mentions more datasets says little about any pair of them. */
const MOST_DATASETS = 50;

/**
 * Datasets that the same repositories mention as this one, most of them first: as
 * final_used_together, but for one dataset.
 */
export function together({ datasets, pairs }: Things, id: string): Row[] {
  const dataset = datasets.named.codeOf(id);
  if (dataset === undefined) return [];
  const { dataset_id, repository, counted_as } = pairs.columns;
  const original = counted_as.names.codeOf("original");
  const counts = new Map<number, number>();
  for (const pair of dataset_id.rowsOf(dataset)) {
    if (counted_as.codes[pair] !== original || pairs.repositoryDatasets[pair]! > MOST_DATASETS) {
      continue;
    }
    for (const other of repository.rowsOf(repository.codes[pair]!)) {
      const beside = dataset_id.codes[other]!;
      if (beside === dataset || counted_as.codes[other] !== original) continue;
      counts.set(beside, (counts.get(beside) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([one, few], [other, many]) => many - few || one - other)
    .map(([row, count]) => ({
      dataset_id: datasets.named.valueOf(row),
      title: datasets.named.labelOf(row),
      together: count,
      repositories: datasets.repositories[row],
    }));
}
