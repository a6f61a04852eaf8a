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

/** One line that says what an unknown thrown value was, with its causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${messageOf(error.cause)})`;
  return `${error.message}${cause}`.replace(/\s*\n\s*/g, " ");
}
