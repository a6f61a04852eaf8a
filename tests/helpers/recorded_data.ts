/**
 * Recorded answers of real services, kept beside the project in `../shared/data`, never copied into
 * it. Tests that read them are left out, with a line that says so, where they are absent.
 *
 * @module
 */

const DATA = new URL("../../../shared/data/", import.meta.url);

/** A recorded answer, unpacked; of CKAN unless another folder is named. */
export async function recorded(name: string, folder = "ckan"): Promise<Uint8Array> {
  const file = await Deno.open(new URL(`${folder}/${name}`, DATA));
  const bytes = name.endsWith(".gz")
    ? file.readable.pipeThrough(new DecompressionStream("gzip"))
    : file.readable;
  return new Uint8Array(await new Response(bytes).arrayBuffer());
}

/** The same as text. */
export async function recordedText(name: string, folder: string): Promise<string> {
  return new TextDecoder().decode(await recorded(name, folder));
}

/** A test that is left out where the recorded answers are not. */
export function recordedTest(name: string, test: () => void | Promise<void>): void {
  const isAbsent = !isThere(DATA);
  Deno.test({
    name: isAbsent ? `${name} (left out: ../shared/data is not here)` : name,
    ignore: isAbsent,
    fn: test,
  });
}

function isThere(folder: URL): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}
