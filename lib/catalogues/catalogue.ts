/**
 * What every kind of catalogue can do: be harvested, by one process or by several, and give the
 * records of a harvest to the tables. `catalogues.ts` lists the kinds.
 *
 * @module
 */

import type { Outcome } from "../pipeline/run_log.ts";
import type { Context } from "../pipeline/stage.ts";
import type { SealedRun } from "../storage/sealed_run.ts";
import type { Shard } from "../storage/shards.ts";

/** The kind of download that a harvest is: the folder under `downloads/`. */
export const KIND = "datasets";

/** Dataset records side by side in one buffer, which the reader may use up. */
export interface RecordPage {
  bytes: Uint8Array;
  /** Start and end of each record, one after the other; ends are exclusive. */
  bounds: number[];
  /** What was wrong with records, these or such as could not be read at all. */
  faults?: RecordFault[];
}

/** A fault of a record: it was mended, or the record was left out. */
export interface RecordFault {
  /** Id of the dataset; null where it is not known. */
  dataset_id: string | null;
  fault: string;
  /** How often it occurs in the record. */
  places: number;
}

export interface Catalogue {
  /** Harvests the catalogue, resumes the harvest that was not finished, or reports nothing new. */
  harvest(context: Context): Promise<Outcome>;
  /** Harvests, or resumes, what one of several processes has to read. */
  harvestShard(context: Context, shard: Shard): Promise<Outcome>;
  /**
   * The records of a sealed harvest as packages of CKAN, in the order in which a later copy of a
   * dataset overrides an earlier one.
   */
  records(context: Context, run: SealedRun): AsyncIterable<RecordPage>;
  /**
   * Whether the records are made from those of another format: each then has the text of its source
   * beside it, as `source_text`.
   */
  readonly isConverted: boolean;
}
