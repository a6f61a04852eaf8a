/** What every assertion throws. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** `sentence` with the caller's message behind it, as the original puts them together. */
export function withMessage(sentence: string, message: string | undefined): string {
  return message ? `${sentence}: ${message}` : `${sentence}.`;
}
