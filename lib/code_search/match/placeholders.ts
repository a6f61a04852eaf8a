/**
 * Where code leaves a hole in a URL: placeholders of templates, and strings that are joined on.
 * @module
 */

const HOLE = new RegExp(
  [
    "[$#%]?\\{", // {year} ${year} #{year} %{year} {{ year }} {0}
    "\\$\\(|\\\\\\(", // $(date), Swift's \(year)
    "(?<![?&])\\$(?=[A-Za-z_])", // $year; but ?$limit= is Socrata's and OData's own
    "<(?=[%?]|[A-Za-z_])|&lt;(?=\\w)", // <year> <%= year %> <?= $year ?>
    "%(?![0-9A-Fa-f]{2})(?=[A-Za-z@(\\d])", // %s %d %(year)s %Y, not the percent-encoded %20
    "%0\\d[di]", // %04d would else be read as a control character
    "(?<=/):(?!persistentId)(?=[A-Za-z_])", // /:year; but Dataverse's own /:persistentId
    "\\*(?=[\\w./-])", // data_*.csv
    "\\.{3}|…", // data/... in documentation
    "\\[(?=[A-Za-z_]+\\])", // [year]
    "YYYY",
  ].join("|"),
  "g",
);

/** Position of the first placeholder in the text at or after `from`, or -1. */
export function findPlaceholder(text: string, from: number): number {
  HOLE.lastIndex = from;
  return HOLE.exec(text)?.index ?? -1;
}

// + and .. and & and || and << join strings, % and .format fill them; a dot with blanks is PHP's.
const JOINED_AFTER =
  /^\\?["'`]\s*(?:\+|\.\.|&(?!&|amp|quot|gt|lt|#)|%|\|\||<<|\.(?:format|concat|join)\b|\.\s*\$|\s\.\s|\\$)/;
const COMMA_AFTER = /^\\?["'`]\s*,\s*[^\s"'`]/;
const JOINING_CALL =
  /(?:paste0?|str_c|glue|concat|join|file\.path|resolve|s?printf|format)\s*\(\s*[furb]*["'`]$/i;

/** Whether the string literal that ends at `end` is joined with something that follows it. */
export function isJoinedOn(line: string, start: number, end: number): boolean {
  const after = line.slice(end, end + 40);
  if (JOINED_AFTER.test(after)) return true;
  return COMMA_AFTER.test(after) && JOINING_CALL.test(line.slice(Math.max(0, start - 40), start));
}

/** Position after the placeholder that is opened at `at` with `{` or `(`; `at` when it is not closed. */
export function skipBraces(line: string, at: number): number {
  const open = line.charCodeAt(at);
  const close = open === 123 ? 125 : 41;
  let depth = 0;
  for (let i = at; i < line.length && i < at + 120; i++) {
    const code = line.charCodeAt(i);
    if (code === open) depth++;
    else if (code === close && --depth === 0) return i + 1;
  }
  return at;
}
