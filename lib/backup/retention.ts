/**
 * Which snapshots may go: neither among the newest, nor the last of a month, nor needed, nor without a copy.
 *
 * @module
 */
import { presentParents, type Snapshot } from "../storage/snapshots.ts";

/** What becomes of a snapshot. */
export interface Verdict {
  snapshot: Snapshot;
  /** Why it stays; undefined where it goes. */
  stays: string | undefined;
}

/**
 * Judges all snapshots of a site, in the order given.
 * @param snapshots oldest first within each database
 * @param keep how many of each database stay in any case
 * @param lack why a snapshot must stay although it is old, e.g. that no other copy of it exists
 */
export function judge(
  snapshots: Snapshot[],
  keep: number,
  lack: (snapshot: Snapshot) => string | undefined,
): Verdict[] {
  const stays = new Map<Snapshot, string>();
  for (const own of Map.groupBy(snapshots, ({ manifest }) => manifest.database).values()) {
    for (const snapshot of own.slice(-keep)) stays.set(snapshot, `one of the newest ${keep}`);
    for (const [month, of] of Map.groupBy(own, monthOf)) {
      setOnce(stays, of.at(-1)!, `the last of ${month}`);
    }
  }
  for (const snapshot of snapshots) {
    const reason = stays.has(snapshot) ? undefined : lack(snapshot);
    if (reason !== undefined) stays.set(snapshot, reason);
  }
  const byFile = new Map(snapshots.map((snapshot) => [snapshot.parent.file, snapshot]));
  // a map gives also what is added while it is walked: parents of parents come in turn
  for (const child of stays.keys()) {
    for (const { file } of presentParents(child.manifest)) {
      const parent = byFile.get(file);
      if (parent !== undefined) setOnce(stays, parent, `${child.name} was made from it`);
    }
  }
  return snapshots.map((snapshot) => ({ snapshot, stays: stays.get(snapshot) }));
}

/** `2026-11`, from the name: its time is UTC. */
function monthOf({ name }: Snapshot): string {
  return name.replace(/^.*_(\d{4})(\d\d)\d\dT\d{6}Z\.db$/, "$1-$2");
}

function setOnce(stays: Map<Snapshot, string>, snapshot: Snapshot, reason: string): void {
  if (!stays.has(snapshot)) stays.set(snapshot, reason);
}
