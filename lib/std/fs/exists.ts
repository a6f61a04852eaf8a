// The `@std/fs/exists` of this project: what it uses of the original, over `Deno.stat`.

/** What else must be true of the path. */
export interface ExistsOptions {
  /** Only a folder counts. */
  isDirectory?: boolean;
  /** Only a file counts. */
  isFile?: boolean;
}

/**
 * Says whether there is something at the path, links followed.
 *
 * @param path Path or file URL.
 * @param options What else must be true of it.
 * @throws {TypeError} If both `isFile` and `isDirectory` are requested.
 */
export async function exists(path: string | URL, options: ExistsOptions = {}): Promise<boolean> {
  try {
    return fits(await Deno.stat(path), options);
  } catch (error) {
    return isThereAfterAll(error);
  }
}

/** The synchronous {@linkcode exists}. */
export function existsSync(path: string | URL, options: ExistsOptions = {}): boolean {
  try {
    return fits(Deno.statSync(path), options);
  } catch (error) {
    return isThereAfterAll(error);
  }
}

function fits(info: Deno.FileInfo, { isDirectory, isFile }: ExistsOptions): boolean {
  if (isDirectory && isFile) {
    throw new TypeError(
      "ExistsOptions.options.isDirectory and ExistsOptions.options.isFile must not be true together",
    );
  }
  return (!isDirectory || info.isDirectory) && (!isFile || info.isFile);
}

function isThereAfterAll(error: unknown): boolean {
  if (error instanceof Deno.errors.NotFound) return false;
  // The system keeps us from looking at it, so it is there; Deno's own refusal is NotCapable.
  if (error instanceof Deno.errors.PermissionDenied) return true;
  throw error;
}
