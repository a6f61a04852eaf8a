// The `@std/fs/ensure-dir` of this project: what it uses of the original, over `Deno.mkdir`.

/**
 * Makes sure that the folder exists, with all folders above it.
 *
 * @param dir Path or file URL of the folder.
 * @throws {Error} If something other than a folder is already there.
 */
export async function ensureDir(dir: string | URL): Promise<void> {
  // Looking first needs only read permission where the folder already exists.
  if (await isDirectory(dir)) return;
  try {
    await Deno.mkdir(dir, { recursive: true });
  } catch (error) {
    // Somebody else may have made it between the look and the making.
    if (!(error instanceof Deno.errors.AlreadyExists) || !(await isDirectory(dir))) throw error;
  }
}

async function isDirectory(path: string | URL): Promise<boolean> {
  try {
    const { isDirectory, isFile } = await Deno.stat(path);
    if (isDirectory) return true;
    throw new Error(
      `Failed to ensure directory exists: expected 'dir', got '${isFile ? "file" : "other"}'`,
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
