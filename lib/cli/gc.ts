/**
 * Collects garbage now: the room of a large catalogue is needed by DuckDB in the same process.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives the heap's dead room back to the system now. V8 keeps it for later otherwise, which costs
 * DuckDB, in the same process, as much as a large catalogue took.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  setFlagsFromString("--no-expose-gc");
}
