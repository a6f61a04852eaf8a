/**
 * What a backup has to copy: the difference between the artifacts here and the objects in the bucket.
 *
 * @module
 */
import { isSame, type StoredObject } from "./objects.ts";
import type { LocalArtifact } from "./local_artifacts.ts";
import { comesLast, newestVersion, nextVersionName, type StoredArtifact } from "./objects.ts";

/** A file and the name that it gets in the bucket. */
export interface Upload {
  artifact: LocalArtifact;
  name: string;
  crc32c: string;
}

/** The bucket has other content under the name of a file that never changes. */
export interface Conflict {
  path: string;
  bytes: number;
  crc32c: string;
  stored: StoredObject;
}

/** What a backup has to do. */
export interface BackupPlan {
  /** In two waves: what the second one makes visible is in the first. */
  waves: [Upload[], Upload[]];
  conflicts: Conflict[];
  /** Files that are in the bucket already. */
  present: number;
}

/** Compares what is there here with what the bucket holds: size first, then checksum. */
export function planBackup(
  artifacts: LocalArtifact[],
  sums: Map<string, string>,
  stored: Map<string, StoredArtifact>,
): BackupPlan {
  const plan: BackupPlan = { waves: [[], []], conflicts: [], present: 0 };
  const runs: Upload[] = [];
  for (const artifact of artifacts) {
    const { path, bytes } = artifact;
    const crc32c = sums.get(path)!;
    const there = stored.get(path);
    const newest = there && newestVersion(there);
    if (newest && isSame(newest, { bytes, crc32c })) {
      plan.present += 1;
    } else if (newest && !artifact.mayChange) {
      plan.conflicts.push({ path, bytes, crc32c, stored: newest });
    } else {
      const name = newest ? nextVersionName(path, newest.name, artifact.mtime) : path;
      const upload = { artifact, name, crc32c };
      if (artifact.kind === "runs") runs.push(upload);
      else plan.waves[comesLast(artifact) ? 1 : 0].push(upload);
    }
  }
  // every backup writes a line into the list of runs: alone it is no reason for the next backup
  if (plan.waves.some((wave) => wave.length > 0)) plan.waves[0].push(...runs);
  else plan.present += runs.length;
  return plan;
}
