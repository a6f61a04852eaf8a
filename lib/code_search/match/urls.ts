// What a URL is compared by: host, path and query without the differences that do not matter.

/** A URL reduced to what is compared. Scheme, user, `www.`, default port and fragment are gone. */
export interface ComparableUrl {
  /** Lower case, without `www.`; with `:port` when the port is not the scheme's own. */
  host: string;
  /** "" or "/a/b": percent-decoded where that is safe, without the trailing slash; case is kept. */
  path: string;
  /** Without "?", percent-decoded where that is safe; "" when there is none. */
  query: string;
}

const HOST = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+$/u;
const LAST_LABEL = /\.(?:\p{L}[\p{L}\p{N}-]+|\d{1,3})$/u;
const AUTHORITY =
  /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/)?(?:[^\s/?#@]*@)?([^/?#:\s]+)(?::(\d*))?(?=[/?#]|$)/i;

/**
 * Reads a URL as a catalogue gives it. Null for what is none: no host with a dot in it, a host with
 * blanks ("https://Project management www…"), a name without scheme and without path ("data.csv").
 */
export function parseUrl(text: string): ComparableUrl | null {
  const url = decodeEscapes(text.trim());
  const found = AUTHORITY.exec(url);
  if (!found) return null;
  const [authority, scheme, name = "", port = ""] = found;
  if (!HOST.test(name) || !LAST_LABEL.test(name)) return null;
  if (scheme && !url.startsWith("//", scheme.length + 1)) return null;
  const { path, query } = splitTail(url.slice(authority.length));
  if (!scheme && path === "") return null;
  return { host: comparableHost(name) + comparablePort(port, scheme), path, query };
}

/** Host names are compared in lower case and without `www.` and the root's dot. */
export function comparableHost(name: string): string {
  let host = name.toLowerCase();
  if (host.endsWith(".")) host = host.slice(0, -1);
  return host.startsWith("www.") && host.indexOf(".", 4) > 0 ? host.slice(4) : host;
}

/** ":8080", or "" for no port and for a scheme's own one. */
export function comparablePort(port: string, scheme?: string): string {
  if (port === "") return "";
  const own = scheme?.toLowerCase() === "https"
    ? "443"
    : scheme?.toLowerCase() === "http"
    ? "80"
    : "";
  const isDefault = own === "" ? port === "80" || port === "443" : port === own;
  return isDefault ? "" : `:${port}`;
}

/** Splits what follows the host ("/a/b/?x=1#top") into path and query, both comparable. */
export function splitTail(tail: string): { path: string; query: string } {
  const hash = tail.indexOf("#");
  const whole = hash < 0 ? tail : tail.slice(0, hash);
  const mark = whole.indexOf("?");
  let path = mark < 0 ? whole : whole.slice(0, mark);
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === 47) end--;
  if (end < path.length) path = path.slice(0, end);
  const query = mark < 0 ? "" : whole.slice(mark + 1);
  return { path: comparablePath(path), query: comparableQuery(query) };
}

/** One string for path and query, as the catalogue index keeps them. */
export function joinTail(path: string, query: string): string {
  return query === "" ? path : `${path}?${query}`;
}

/** Percent-decoded, but for `/ ? # %`, whose encoded form means something else in a path. */
export function comparablePath(path: string): string {
  return path.includes("%")
    ? decodePercent(path, /(?:%(?!2f|3f|23|25)[0-9a-f]{2})+/gi)
    : composed(path);
}

/** Percent-decoded, but for `& = # + %`; "+" is a blank, as forms send it. */
export function comparableQuery(query: string): string {
  const blank = query.includes("+") ? query.replaceAll("+", " ") : query;
  return blank.includes("%")
    ? decodePercent(blank, /(?:%(?!26|3d|23|25|2b)[0-9a-f]{2})+/gi)
    : composed(blank);
}

function decodePercent(text: string, runs: RegExp): string {
  const decoded = text.replace(runs, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run; // not UTF-8, e.g. %E7 from Latin-1: compared as it stands
    }
  });
  const upper = decoded.includes("%")
    ? decoded.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())
    : decoded;
  return composed(upper);
}

/** "é" as one code point or as two is the same letter; macOS file names are written in two. */
function composed(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x2ff) return text.normalize("NFC");
  }
  return text;
}

const BACKSLASH = /\\{1,8}u00([0-9a-f]{2})|\\{1,8}x([0-9a-f]{2})|\\{1,8}([/&_%#~=?.:-])/gi;
const ENTITY = /&(?:amp;)*(?:(amp|sol|colon|quest|equals|num)|#0*(\d{2,3})|#x0*([0-9a-f]{2}));/gi;
const NAMED: Record<string, string> = {
  amp: "&",
  sol: "/",
  colon: ":",
  quest: "?",
  equals: "=",
  num: "#",
};

/** Undoes what a programming language, JSON, HTML or Markdown puts before a character of a URL. */
export function decodeEscapes(text: string): string {
  let plain = text;
  if (plain.includes("\\")) {
    plain = plain.replace(
      BACKSLASH,
      (_, u?: string, x?: string, self?: string) =>
        self ?? String.fromCharCode(parseInt(u ?? x ?? "", 16)),
    );
  }
  if (plain.includes("&") && plain.includes(";")) {
    plain = plain.replace(
      ENTITY,
      (_, name?: string, decimal?: string, hex?: string) =>
        name !== undefined
          ? NAMED[name.toLowerCase()] ?? ""
          : String.fromCharCode(decimal !== undefined ? Number(decimal) : parseInt(hex ?? "", 16)),
    );
  }
  return plain;
}
