/**
 * The one reader of URLs: host, path and query without the differences that do not matter.
 *
 * Lines of code, the catalogue, and what SQL joins on all go through here, so that two readers
 * can never disagree about the same URL.
 * @module
 */

/** A URL reduced to what is compared. Scheme, user, `www.`, default port and fragment are gone. */
export interface ComparableUrl {
  /** Lower case, without `www.`; with `:port` when the port is not the scheme's own. */
  host: string;
  /** "" or "/a/b": percent-decoded where that is safe, without the trailing slash; case is kept. */
  path: string;
  /** Without "?", percent-decoded where that is safe; "" when there is none. */
  query: string;
}

const HOST = /^[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+$/u;
const LAST_LABEL = /\.(?:\p{L}[\p{L}\p{N}\p{M}-]+|\d{1,3})$/u;
const AUTHORITY =
  /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/)?(?:[^\s/?#@]*@)?([^/?#:\s]+)(?::(\d*))?(?=[/?#]|$)/i;

/**
 * Reads a URL as a catalogue gives it. Null where the text is not a URL: no host with a dot in it,
 * a host with blanks ("https://Project management www…"), a name without scheme and without path
 * ("data.csv").
 */
export function parseUrl(text: string): ComparableUrl | null {
  const url = decodeEscapes(text.trim());
  const found = AUTHORITY.exec(url);
  if (!found) return null;
  const [authority, scheme, raw = "", port = ""] = found;
  const name = raw.replace(/\.$/, "");
  if (!HOST.test(name) || !LAST_LABEL.test(name)) return null;
  if (scheme && !url.startsWith("//", scheme.length + 1)) return null;
  const { path, query } = splitTail(url.slice(authority.length));
  if (!scheme && path === "") return null;
  return { host: comparableHost(name) + comparablePort(port, scheme), path, query };
}

/** `parseUrl()` for a catalogue that has other names for some of its hosts. */
export function urlReader(aliases: Record<string, string>): typeof parseUrl {
  const names = new Map(
    Object.entries(aliases).map(([alias, host]) => [comparableHost(alias), comparableHost(host)]),
  );
  return (text) => {
    const url = parseUrl(text);
    return url && { ...url, host: names.get(url.host) ?? url.host };
  };
}

/**
 * The one form in which host names are compared: lower case, punycode, without `www.` and without
 * the root's dot.
 */
export function comparableHost(name: string): string {
  let host = name.toLowerCase();
  if (host.endsWith(".")) host = host.slice(0, -1);
  for (let at = 0; at < host.length; at++) {
    if (host.charCodeAt(at) > 0x7f) {
      host = asciiHost(host);
      break;
    }
  }
  return host.startsWith("www.") && host.indexOf(".", 4) > 0 ? host.slice(4) : host;
}

const asciiHosts = new Map<string, string>();

function asciiHost(name: string): string {
  const known = asciiHosts.get(name);
  if (known !== undefined) return known;
  let ascii: string;
  try {
    ascii = new URL(`http://${name}`).hostname;
  } catch {
    ascii = name.normalize("NFC");
  }
  if (asciiHosts.size > 10_000) asciiHosts.clear();
  asciiHosts.set(name, ascii);
  return ascii;
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
      return decodeLatin1(run);
    }
  });
  const upper = decoded.includes("%")
    ? decoded.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())
    : decoded;
  return composed(upper);
}

/** "%E7" that is not UTF-8 comes from Latin-1, where it is the code point. */
function decodeLatin1(run: string): string {
  return run.replace(
    /%([2-7][0-9a-f]|[a-f][0-9a-f])/gi,
    (_, code: string) => String.fromCharCode(parseInt(code, 16)),
  );
}

const MAY_COMBINE = /[\u0300-\uffff]/;

/** "é" as one code point or as two is the same letter; macOS file names are written in two. */
function composed(text: string): string {
  return text !== "" && MAY_COMBINE.test(text) ? text.normalize("NFC") : text;
}

const BACKSLASH =
  /\\{1,8}u\{?([0-9a-f]{4})\}?|((?:\\{1,8}x[0-9a-f]{2})+)|\{\\([_%#&$~])\}|\\{1,8}([/&_%#~=?.:$-])/gi;
const ENTITY = /&(?:amp;)*(?:#0*(\d{2,6})|#x0*([0-9a-f]{2,5})|([a-z]{2,8}\d?));/gi;
const NAMED: Record<string, string> = {
  amp: "&",
  sol: "/",
  colon: ":",
  quest: "?",
  equals: "=",
  num: "#",
  shy: "",
  zwnj: "",
  zwj: "",
  lowbar: "_",
  period: ".",
  percnt: "%",
  plus: "+",
  szlig: "ß",
  aelig: "æ",
  oslash: "ø",
  ccedil: "ç",
  ntilde: "ñ",
  eth: "ð",
  thorn: "þ",
};
const MARKS: Record<string, string> = {
  uml: "\u0308",
  acute: "\u0301",
  grave: "\u0300",
  circ: "\u0302",
  tilde: "\u0303",
  ring: "\u030a",
  cedil: "\u0327",
  caron: "\u030c",
};
const ACCENTED = /^([a-z])(uml|acute|grave|circ|tilde|ring|cedil|caron)$/i;
/** Marks where a line may be broken: no part of the URL they are in. */
const HAS_IGNORED = /<\/?wbr|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/i;
const IGNORED =
  /<\/?wbr\s*\/?>|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gi;

/** The letter or mark that an HTML entity's name means; undefined for one that ends a URL. */
export function namedEntity(name: string): string | undefined {
  const mark = ACCENTED.exec(name);
  if (mark) {
    return ((mark[1] ?? "") + (MARKS[(mark[2] ?? "").toLowerCase()] ?? "")).normalize("NFC");
  }
  const letter = NAMED[name.toLowerCase()];
  const isCapital = /^[A-Z]/.test(name) && letter !== undefined && /\p{L}/u.test(letter);
  return isCapital ? letter.toUpperCase() : letter;
}

/** Undoes what a programming language, JSON, HTML or Markdown puts before a character of a URL. */
export function decodeEscapes(text: string): string {
  let plain = text;
  if (plain.includes("\\")) {
    plain = plain.replace(
      BACKSLASH,
      (_, u?: string, x?: string, braced?: string, self?: string) =>
        self ?? braced ?? (u !== undefined ? String.fromCharCode(parseInt(u, 16)) : bytes(x ?? "")),
    );
  }
  if (plain.includes("&") && plain.includes(";")) {
    plain = plain.replace(
      ENTITY,
      (all, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return namedEntity(name) ?? all;
        const code = decimal !== undefined ? Number(decimal) : parseInt(hex ?? "", 16);
        return code > 0x10ffff ? all : String.fromCodePoint(code);
      },
    );
  }
  return HAS_IGNORED.test(plain) ? plain.replace(IGNORED, "") : plain;
}

/** "\\xc3\\xbc" are the bytes of a letter in UTF-8; "\\xfc" alone is its code point. */
function bytes(escapes: string): string {
  const codes = (escapes.match(/[0-9a-f]{2}/gi) ?? []).map((code) => parseInt(code, 16));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(codes));
  } catch {
    return String.fromCharCode(...codes);
  }
}
