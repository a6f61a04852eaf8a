/** The two ways a run ends badly; everything else is a fault of the program and shows as such. */

/** Wrong usage or config: exit status 2. Each fault is one line for the person who typed it. */
export class UsageError extends Error {
  override name = "UsageError";
  readonly faults: string[];

  constructor(...faults: string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** The stage cannot do its work: exit status 1. The message says the case and what to do next. */
export class StageError extends Error {
  override name = "StageError";
}

/**
 * Text for a terminal or a line of a log, without control characters: what portals, repositories
 * and requests are called must neither move the cursor nor begin a new line, nor turn the direction
 * of what follows.
 */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "�");
}

/** One line that says what an unknown thrown value was, with its causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${messageOf(error.cause)})`;
  return `${error.message}${cause}`.replace(/\s*\r?\n\s*/g, " ");
}

/**
 * What a person can do about a full disk, for errors that Deno, Node or DuckDB throw then; undefined for every other error.
 * @param place what is there on the disk, for errors that name no file
 */
export function fullDisk(error: unknown, place?: string): StageError | undefined {
  const message = messageOf(error);
  // DuckDB may use so much for what does not fit in memory as is free when it begins
  const isFull = /no space left on device|ENOSPC|disk quota exceeded|max_temp_directory_size/i;
  if (!isFull.test(message)) return undefined;
  const file = /(?:write file|writefile|open) ["']([^"']+)["']/.exec(message)?.[1] ?? place;
  const full = new StageError(
    `no space left on the disk${
      file === undefined ? "" : ` of "${file}"`
    }: make room, then run the same command again; what was finished is kept`,
  );
  if (error instanceof Error) full.stack = error.stack;
  return full;
}
