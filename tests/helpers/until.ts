/**
 * Waiting for something that a server or another process does.
 * @module
 */

/**
 * Resolves once the condition holds.
 * @throws {Error} with what was waited for, after 30 seconds: a process that has died keeps no test
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  for (const end = Date.now() + 30_000; !await condition();) {
    if (Date.now() > end) throw new Error(`waited 30 s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
