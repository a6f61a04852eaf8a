/**
 * Endless lines, cut: of a minified bundle with one URL only what is around it is worth keeping.
 * `deploy/spark/scan_corpus.py` does the same in Python; lengths are in code points there and here.
 * @module
 */

/** A line of so many characters is kept as it is. */
const LONGEST_LINE = 4096;
const BEFORE = 1000;
const AFTER = 3000;
/** So far a cut is moved to where no URL is cut in two. */
const LONGEST_MOVE = 1000;
const STOP = /[\s"'<>`]/;

/**
 * The line, or the parts of a long one around each place where the host is; no URL is cut, unless it
 * is endless itself. Parts do not overlap.
 */
export function excerptsOf(line: string, host: string): string[] {
  if (line.length <= LONGEST_LINE) return [line];
  const characters = [...line];
  if (characters.length <= LONGEST_LINE) return [line];
  const spans = spansAround(placesOf(characters, host), characters);
  return spans.map(([start, end]) => characters.slice(start, end).join(""));
}

function placesOf(characters: string[], host: string): number[] {
  // one unit per character, so that positions are the same
  const text = characters.map((it) => it.length > 1 ? "\ufffd" : lower(it)).join("");
  const places: number[] = [];
  for (let at = text.indexOf(host); at >= 0; at = text.indexOf(host, at + host.length)) {
    places.push(at);
  }
  return places.length > 0 ? places : [0];
}

function lower(character: string): string {
  return character >= "A" && character <= "Z" ? character.toLowerCase() : character;
}

function spansAround(places: number[], characters: string[]): [number, number][] {
  const spans: [number, number][] = [];
  for (const place of places) {
    let start = Math.max(0, place - BEFORE);
    for (let moved = 0; start > 0 && moved < LONGEST_MOVE; moved++) {
      if (STOP.test(characters[start - 1]!)) break;
      start -= 1;
    }
    let end = Math.min(characters.length, place + AFTER);
    for (let moved = 0; end < characters.length && moved < LONGEST_MOVE; moved++) {
      if (STOP.test(characters[end]!)) break;
      end += 1;
    }
    const last = spans.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else spans.push([start, end]);
  }
  return spans;
}
