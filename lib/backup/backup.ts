/**
 * Carries out the plan of a backup: uploads in two waves, and says what became of each file.
 *
 * @module
 */
import { messageOf } from "../cli/errors.ts";
import type { Bar } from "../cli/progress.ts";
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import { OtherContent } from "./objects.ts";
import type { CloudStorage } from "./bucket.ts";
import { WHOLE_BYTES } from "./upload.ts";
import { nextVersionName, prefixBefore } from "./objects.ts";
import { inParallel } from "./parallel.ts";
import type { BackupPlan, Conflict, Upload } from "./plan.ts";
import type { UploadSessions } from "./upload.ts";
import { join } from "node:path";

/** What became of the uploads. */
export interface UploadResult {
  uploaded: number;
  bytes: number;
  /** Found in the bucket although the listing did not have them: another backup was at work. */
  present: number;
  conflicts: Conflict[];
  /** A sentence for every file that did not get there. */
  failures: string[];
}

/** Files in flight: small ones wait for answers most of the time, large ones hold a chunk each in memory. */
export const IN_FLIGHT = { small: 16, large: 8 };

/** Machines that back up at once and all have a list of runs of their own. */
const MOST_RIVALS = 1000;

/** Carries a plan out. What one file does wrong keeps no other from its place. */
export async function uploadAll(
  storage: CloudStorage,
  root: string,
  plan: BackupPlan,
  sessions: UploadSessions,
  bar: Bar,
): Promise<UploadResult> {
  const result: UploadResult = { uploaded: 0, bytes: 0, present: 0, conflicts: [], failures: [] };
  const missed: string[] = [];
  const upload = async (wanted: Upload) => {
    const { artifact: { path, bytes }, crc32c } = wanted;
    try {
      const onBytes = (more: number) => bar.advance(more);
      const isNew = await uploadVersion(storage, root, wanted, sessions, onBytes);
      result.uploaded += isNew ? 1 : 0;
      result.bytes += isNew ? bytes : 0;
      result.present += isNew ? 0 : 1;
    } catch (error) {
      if (error instanceof OtherContent) {
        result.conflicts.push({ path, bytes, crc32c, stored: error.stored });
      } else if (error instanceof TransientFailure || error instanceof PermanentFailure) {
        result.failures.push(`"${path}": ${messageOf(error)}`);
      } else {
        throw error;
      }
      missed.push(path);
    }
  };
  const [first, last] = plan.waves;
  await uploadBySize(first, upload);
  const ready = last.filter(({ artifact: { path } }) => {
    const prefix = prefixBefore(path);
    if (!missed.some((other) => other.startsWith(prefix))) return true;
    result.failures.push(
      `"${path}": left for the next backup, since what belongs to it is missing`,
    );
    return false;
  });
  await uploadBySize(ready, upload);
  return result;
}

/** Whether it went up, or was there. Where another machine was faster with the name of a version, it gets a later one. */
async function uploadVersion(
  storage: CloudStorage,
  root: string,
  { artifact, name, crc32c }: Upload,
  sessions: UploadSessions,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  const { path, bytes, mayChange, mtime } = artifact;
  for (let rivals = 0;; rivals++) {
    try {
      return await storage.upload(name, join(root, path), { bytes, crc32c }, sessions, onBytes);
    } catch (error) {
      if (!(error instanceof OtherContent) || !mayChange || rivals >= MOST_RIVALS) throw error;
      name = nextVersionName(path, name, mtime);
    }
  }
}

async function uploadBySize(uploads: Upload[], upload: (one: Upload) => Promise<void>) {
  const isSmall = ({ artifact: { bytes } }: Upload) => bytes <= WHOLE_BYTES;
  await inParallel(uploads.filter(isSmall), IN_FLIGHT.small, upload);
  await inParallel(uploads.filter((one) => !isSmall(one)), IN_FLIGHT.large, upload);
}
