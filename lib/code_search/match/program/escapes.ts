/**
 * What the escapes in string literals mean; the languages agree on those that URLs may hold.
 *
 * @module
 */

const ESCAPE =
  /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n[ \t]*)|([\s\S]))/g;
const SIMPLE: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "0": "\0" };

/** A literal's content without its escapes. */
export function unescape(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(
    ESCAPE,
    (_, long?: string, four?: string, two?: string, end?: string, one?: string) => {
      if (end !== undefined) return "";
      const code = long ?? four ?? two;
      if (code === undefined) return SIMPLE[one ?? ""] ?? one ?? "";
      const point = parseInt(code, 16);
      return point > 0x10ffff ? "" : String.fromCodePoint(point);
    },
  );
}
