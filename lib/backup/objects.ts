/**
 * What the bucket holds, as artifacts. An object has the path of its file under the artifacts
 * directory; of a file that changes, every further version is an object of its own, `{path}@{time}`.
 *
 * @module
 */
import { PermanentFailure } from "../http/failures.ts";
import { type Artifact, artifactOf, timestamp } from "../storage/paths.ts";

/** What the service says of a finished object; it may leave out any of it. */
export interface StoredAnswer {
  size?: string | number;
  crc32c?: string;
}

/** An object as the listing gives it. */
export interface StoredObject {
  name: string;
  bytes: number;
  /** Base64; empty where an endpoint knows none. */
  crc32c: string;
}

/** The bucket holds other content under this name. */
export class OtherContent extends PermanentFailure {
  override name = "OtherContent";

  constructor(readonly stored: StoredObject) {
    super(`the bucket holds other content under "${stored.name}"`);
  }
}

/** Whether an object is what is known of a file: by size, then by checksum. */
export function isSame(
  stored: { bytes: number; crc32c: string },
  known: { bytes: number; crc32c: string },
): boolean {
  return stored.bytes === known.bytes && stored.crc32c === known.crc32c;
}

/** An object as the service describes it, which may leave out any of it. */
export function storedObject(name: string, { size, crc32c }: StoredAnswer): StoredObject {
  return { name, bytes: Number(size ?? NaN), crc32c: crc32c ?? "" };
}

/** One version of an artifact in the bucket. */
export interface StoredVersion extends StoredObject {
  /** Empty for the first version. */
  time: string;
}

/** An artifact in the bucket. */
export interface StoredArtifact extends Artifact {
  path: string;
  /** Oldest first. */
  versions: StoredVersion[];
}

const VERSION = /@(\d{8}T\d{6}Z)$/;

/** The objects by path. Names that are no artifacts' are given apart: nothing touches them. */
export function groupObjects(
  objects: StoredObject[],
): { stored: Map<string, StoredArtifact>; foreign: StoredObject[] } {
  const stored = new Map<string, StoredArtifact>();
  const foreign: StoredObject[] = [];
  for (const object of objects) {
    const path = object.name.replace(VERSION, "");
    const artifact = artifactOf(path);
    if (artifact === undefined) {
      foreign.push(object);
      continue;
    }
    const entry = stored.get(path) ?? { ...artifact, path, versions: [] };
    entry.versions.push({ ...object, time: VERSION.exec(object.name)?.[1] ?? "" });
    stored.set(path, entry);
  }
  for (const { versions } of stored.values()) {
    versions.sort((one, other) => one.time < other.time ? -1 : 1);
  }
  return { stored, foreign };
}

/** The version that counts. */
export function newestVersion(artifact: StoredArtifact): StoredVersion {
  return artifact.versions.at(-1)!;
}

/**
 * The name of the version behind the one named, or the first further one: with the time when the
 * file was changed, or the second after that version where the clock went back.
 */
export function nextVersionName(path: string, name: string, mtime: number): string {
  const newest = VERSION.exec(name)?.[1]
    ?.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
  const time = newest === undefined ? mtime : Math.max(mtime, Date.parse(newest) + 1000);
  return `${path}@${timestamp(new Date(time))}`;
}

/** Whether a file's name would be read as that of a version. */
export function looksLikeVersion(path: string): boolean {
  return VERSION.test(path);
}

/**
 * Whether an artifact is what makes others visible: a snapshot's database, whose manifest must be
 * there before it, and a run's seal, which must come after the run's answers.
 */
export function comesLast({ kind, run }: Artifact): boolean {
  return kind === "snapshot" || run?.file === "manifest.json";
}

/** What must be there before an artifact that comes last: every path that begins so. */
export function prefixBefore(path: string): string {
  return path.replace(/(manifest\.json|db)$/, "");
}
