/** So much of what two long values have in common stays before what they differ in. */
const SHOWN_ALIKE = 30;

/**
 * Two values without most of what they begin with alike, where a cut at `most` characters would hide
 * in what they differ.
 */
export function shortPair(old: string, now: string, most: number): [string, string] {
  const [before, after] = [Array.from(old), Array.from(now)];
  if (Math.max(before.length, after.length) <= most) return [old, now];
  let same = 0;
  while (before[same] !== undefined && before[same] === after[same]) same += 1;
  const cut = same - SHOWN_ALIKE;
  if (cut < SHOWN_ALIKE) return [old, now];
  const end = (characters: string[]) => `…${characters.slice(cut).join("")}`;
  return [end(before), end(after)];
}
