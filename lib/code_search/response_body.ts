/** Bodies of answers: whole where they are of a size that can be held, and what a page says. */

/** Two in flight and their compression stay far under the memory that a stage may take. */
const LARGEST = 64_000_000;

/** Reads a body up to a size that can be held; `isCut` where there was more. */
export async function readBody(
  response: Response,
  largest = LARGEST,
): Promise<{ body: Uint8Array; isCut: boolean }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    length += piece.length;
    if (length > largest) break;
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return { body, isCut: length > largest };
}

/** What an unexpected answer says, in a few words: a page's title, or how its text begins. */
export async function describeBody(response: Response): Promise<string> {
  const { body } = await readBody(response, 100_000);
  const text = new TextDecoder().decode(body);
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  const words = (title ?? text.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ").trim();
  return words === "" ? "no text" : `"${words.slice(0, 120)}"`;
}
