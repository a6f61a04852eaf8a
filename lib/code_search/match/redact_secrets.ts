/**
 * Hides keys, tokens and passwords in lines of code, which are shown as evidence and copied into
 * tables, reports and exports. What is around them stays readable.
 *
 * Two kinds of rules. Tokens whose shape names the service (`ghp_…`, `AKIA…`) come from the list of
 * a maintained secret scanner, `secret_rules.json`. Everything else is recognized by the name before it:
 * a parameter of a URL, an assignment, an option of a command line, a header, a login.
 *
 * A hidden harmless word costs little, a shown password much; still, placeholders (`{token}`,
 * `YOUR_KEY`) and code that only names a secret (`token = get_token()`) are left as they are.
 * @module
 */
import secretRules from "./secret_rules.json" with { type: "json" };

const HIDDEN = "***";

/** Whether a line can hold a secret at all; most cannot, and are not looked at any further. */
const MAY_HOLD = new RegExp(
  [
    "key|token|secret|pass|pwd|auth|sig|credential|cookie|bearer|basic|session|ticket|client|app_?id",
    "login|accountkey|sas|[?&;]code=|[?&;]st=|[?&;]sid=|%3d|:\\/\\/[^\\s/]{1,200}@|-----BEGIN|[^\\w-]-[bup]|--user",
  ].join("|"),
  "i",
);

/** Names after which whatever comes is a secret. */
const STRONG = "(?:api|app|access|auth|client|secret|private|account|shared|subscription|service|" +
  "storage|user|consumer|encryption|signing|master|admin|ckan|maps?)[-_.]?(?:key|token|secret)|" +
  "(?:token|secret|password|passwd|passphrase|passwort|pwd|signature|apikey|wskey|credentials?)|" +
  "authorization|x-amz-(?:signature|credential|security-token)";
/** Names after which a value is a secret if it looks like one: long, with letters and digits. */
const WEAK = "key|pass|auth|sig|sid|code|st|ticket|appid|app_id|client_?id|session_?id|session|" +
  "jsessionid|phpsessid|access_?id|id_?token|sas";
/** What may are before such a word in a longer name: `CKAN_API_KEY`, `dbPassword`, `x-app-token`. */
const BEFORE = "(?:[A-Za-z0-9_.$@-]{0,60}?[-_.$@]|[a-z0-9$]{0,40}?(?=[A-Z])|[A-Z0-9]{0,40}?)";

/** `?app_token=…`, `&amp;key=…`, `%26api_key%3D…`, `;jsessionid=…`. */
const PARAMETER = new RegExp(
  `((?:[?&;]|&amp;|%3f|%26|\\\\u0026)(?:\\$\\$|%24%24)?(?:${BEFORE})(?:${STRONG}|${WEAK})(?:=|%3d))` +
    `([^\\s"'\`&;<>\\\\#)\\]}|,]{3,})`,
  "gi",
);
/** A name, then `=`, `:`, `=>`, a type where there is one, and a value in quotes. */
const QUOTED = new RegExp(
  `(?<![A-Za-z0-9])((?:${BEFORE})(?:${STRONG}|${WEAK})(?:\\\\?["'\`]|&quot;)?\\]?\\s{0,9}` +
    `(?::\\s{0,9}[A-Za-z][\\w<>[\\]., |?]{0,40}\\s{0,9}=|=>|:=|\\|\\|=|\\?\\?=|<-|[=:])\\s{0,9}` +
    `(?:(?:Bearer|Basic|Token)\\s+)?)` +
    `((?:[bfru@$]{0,2})(?:\\\\?["'\`]|&quot;))`,
  "gi",
);
/** A name in quotes, a comma, the value in quotes: defaults, headers, settings. */
const ARGUMENT = new RegExp(
  `((?:\\\\?["'\`])(?:${BEFORE})(?:${STRONG}|key|auth|pass)(?:\\\\?["'\`])\\s{0,9}[,)]\\s{0,9}` +
    `(?:or\\s+|\\|\\|\\s{0,9}|\\?\\?\\s{0,9}|default\\s{0,3}=\\s{0,3})?)` +
    `((?:[bfru@]{0,2})\\\\?["'\`])`,
  "gi",
);
/** The value that is in where a variable of the environment is not set. */
const DEFAULT = new RegExp(
  `((?:environ|getenv|env)[\\w.]{0,20}\\s{0,3}[.([]{1,2}\\s{0,3}["'\`]?(?:${BEFORE})(?:${STRONG}|${WEAK})` +
    `["'\`]?[\\])]?\\s{0,3}(?:,|\\bor\\b|\\|\\||\\?\\?|\\?:)\\s{0,9})((?:[bfru@]{0,2})\\\\?["'\`])`,
  "gi",
);
/** A call that sets a secret: `setToken("…")`, `.password("…")`. */
const CALL = new RegExp(
  `((?:^|[^A-Za-z0-9])(?:set_?|with_?|use_?)?(?:${STRONG})\\(\\s{0,9})((?:[bfru@]{0,2})\\\\?["'\`])`,
  "gi",
);
/** A name and a value without quotes, as in `.env` files, YAML, shells and options. */
const BARE = new RegExp(
  `((?:^|[^A-Za-z0-9])(?:${BEFORE})(?:${STRONG}|${WEAK})\\s{0,9}(?:=>|:=|[=:]|%3d)\\s{0,9}` +
    `(?:(?:Bearer|Basic|Token)\\s+)?)([^\\s"'\`<>]{4,})`,
  "gi",
);
/** `<password>…</password>`, `<add key="ApiKey" value="…"/>`. */
const ELEMENT = new RegExp(
  `(<(?:[\\w.-]+:)?(?:${BEFORE})(?:${STRONG}|key|pass)\\b[^<>]{0,80}>)([^<>]{3,200})(?=<\\/)`,
  "gi",
);
const ATTRIBUTE = new RegExp(
  `(\\b(?:key|name|id)\\s{0,3}=\\s{0,3}["'](?:${BEFORE})(?:${STRONG}|${WEAK})["']\\s+value\\s{0,3}=\\s{0,3})(["'])`,
  "gi",
);
/** `--token X`, `--password=X`, `--api-key X`. */
const OPTION = new RegExp(
  `(\\s--?(?:${BEFORE})(?:${STRONG}|key|pass|auth)(?:[=\\s]|",\\s{0,3}"|',\\s{0,3}')\\s{0,3})([^\\s"'\`<>]{3,})`,
  "gi",
);
/** The same with the value in quotes. */
const QUOTED_OPTION = new RegExp(
  `(\\s--?(?:${BEFORE})(?:${STRONG}|key|pass|auth)[=\\s]\\s{0,3})(["'])`,
  "gi",
);
/** curl's and wget's user and password; in a list of arguments, too. */
const LOGIN =
  /((?:\s|["'])(?:-u|--user|--proxy-user)(?:[=\s]|["'],\s{0,3}["']|(?=["']))\s{0,3}["']?[^\s:"'@/]{1,80}:)([^\s"'`]{1,200})/g;
/** mysql's `-pX`, sshpass's `-p X`. */
const DASH_P =
  /(\b(?:mysql|mysqldump|mysqladmin|mongo|mongodump|sshpass|smbclient)\b[^\n|;]{0,200}?\s-p\s?["']?)([^\s"'-][^\s"']{2,})/g;
/** `auth=("user", "password")`, `HTTPBasicAuth("user", "password")`, `authenticate("u", "p")`. */
const PAIR =
  /((?:auth(?!or)\w{0,20}|login|credentials?|userpwd|basic_?auth)\s{0,3}(?:=\s{0,3}(?:[\w.]{0,40})?)?[([]\s{0,3}[bfru]?(["'])[^"']{0,100}\2\s{0,3},\s{0,3}(?:password\s{0,3}=\s{0,3})?[bfru]?)(["'])/gi;
/** A line of `.netrc`. */
const NETRC = /(\blogin\s+\S{1,100}\s+password\s+)(\S+)/gi;
const NETRC_PASSWORD = /(^\s{0,20}password\s+)(\S+)\s*$/gi;
/** All of a cookie's values, to the end of its string. */
const COOKIE =
  /((?:\b(?:set-)?cookie["']?\s{0,3}[:=,]|\s-b|--cookie)\s{0,3}["']?)([\w.%-]{1,80}=[^"'\n]{4,})/gi;
const BEARER = /(\b(?:bearer|basic)\s+)([A-Za-z0-9._~+/-]{12,}=*)/gi;
/** `scheme://user:password@host`; the password may itself have an "@". */
const USER = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"'<>]{0,100}:)([^\s/"'<>]{1,200})(@)/gi;
/** `https://TOKEN@host`. */
const USER_ALONE = /(\bhttps?:\/\/)([A-Za-z0-9_.~%-]{12,200})(@)/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*/g;
/** What services' tokens begin with, as far as the list of rules has it otherwise or not at all. */
const SHAPES = new RegExp(
  [
    "\\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[0-9A-Z]{16}\\b", // AWS
    "\\bgh[pousr]_[A-Za-z0-9]{20,}", // GitHub
    "\\bgithub_pat_[A-Za-z0-9_]{20,}",
    "\\bgl(?:pat|dt|rt|ptt|ft|soat|agent|cbt|imt)-[A-Za-z0-9_-]{20,}", // GitLab
    "\\bsgp_[A-Za-z0-9_]{20,}", // Sourcegraph
    "\\bxox[abeoprs]-[A-Za-z0-9-]{10,}", // Slack
    "\\bsk-[A-Za-z0-9_-]{20,}", // OpenAI and others
    "\\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}", // Stripe
    "\\bnpm_[A-Za-z0-9]{30,}",
    "\\bpypi-[A-Za-z0-9_-]{40,}",
    "\\bhf_[A-Za-z0-9]{30,}",
    "\\bAIza[0-9A-Za-z_-]{35}", // Google
    "\\bya29\\.[0-9A-Za-z_-]{20,}",
    "\\b[ps]k\\.eyJ[A-Za-z0-9._-]{20,}", // Mapbox
    "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]*)?", // JSON web token
  ].join("|"),
  "g",
);

/** A property list's key and the string after it. */
const PLIST = new RegExp(
  `(<key>(?:${BEFORE})(?:${STRONG})<\\/key>\\s{0,20}<string>)([^<>]{3,200})(?=<\\/)`,
  "gi",
);

const IS_STRONG = new RegExp(STRONG, "i");
/** In a URL these are secrets, too, whatever their value looks like. */
const STRONG_PARAMETER =
  /(?:pass|auth|sig|ticket|client_?id|app_?id|session_?id|phpsessid)(?:=|%3d)$/i;
/** `CKAN_KEY`, as variables of the environment are written; some keys are no secrets. */
const ENVIRONMENT_KEY = /(?<![A-Za-z0-9])[A-Z0-9_]*KEY(?![A-Za-z0-9])/;
const NO_SECRET_KEY = /(?:PRIMARY|FOREIGN|SORT|PUBLIC|CACHE|PARTITION|UNIQUE|JOIN)_?KEY/i;
/** Whoever writes this has hidden the value already, or has none in the code. */
const PLACEHOLDER = new RegExp(
  [
    "^(?:[$#%@]?\\{|\\$[A-Za-z_(]|<|&lt;|\\[|\\*{2,}|x{3,}|%[sd(]|%\\w+%|\\.{3}|…|your|insert|replace|enter|change[-_]?me|todo\\b)",
    "^(?:null|none|nil|undefined|true|false|string|str|text|number|boolean|object|any|required|optional|example)$",
    "^(?:redacted|hidden|removed|secret|password|token|key|value|dummy|bearer|basic|sha256|public|private)$",
    "^(?:process\\.|os\\.|env\\b|getenv|self\\.|this\\.|config\\.|settings\\.|options\\.|args\\.|import\\.meta)",
    // "my_api_key" names a secret; "my-s3cret" is one
    "^(?:my|the|some|an?)[-_ ]?(?:(?:api|app|access|auth|secret|client|ckan)[-_ ]?)?(?:key|token|secret|password|id)$",
    "(?:_|-|\\b)(?:here|placeholder)$",
  ].join("|"),
  "i",
);

/**
 * Hides keys, tokens and passwords in a line: each becomes `***`. A line without any comes back as
 * it is.
 */
export function redactSecrets(text: string): string {
  let redacted = hideShapes(text);
  if (!MAY_HOLD.test(text)) return redacted;
  redacted = hide(redacted, USER, isGiven);
  redacted = hide(redacted, USER_ALONE, (value) => looksRandom(value, 12));
  redacted = hide(redacted, COOKIE, (value) => isGiven(value.slice(value.indexOf("=") + 1)));
  for (const pattern of [LOGIN, DASH_P, NETRC, NETRC_PASSWORD, BEARER, PLIST]) {
    redacted = hide(redacted, pattern, isGiven);
  }
  redacted = hide(
    redacted,
    ELEMENT,
    (value, name) => isGiven(value) && (IS_STRONG.test(name) || looksRandom(value, 12)),
  );
  redacted = hide(redacted, PARAMETER, isSecretParameter);
  for (const pattern of [QUOTED, DEFAULT, CALL, ATTRIBUTE, QUOTED_OPTION]) {
    redacted = hideQuoted(redacted, pattern, isSecretText);
  }
  redacted = hideQuoted(
    redacted,
    ARGUMENT,
    (value, name) => isSecretText(value, name) && !/^[A-Za-z_ -]+$/.test(value),
  );
  redacted = hideQuoted(redacted, PAIR, isGiven);
  redacted = hide(
    redacted,
    OPTION,
    (value, name) =>
      isGiven(value) && !/^[-=({[]/.test(value) && (IS_STRONG.test(name) || looksRandom(value, 8)),
  );
  return hide(redacted, BARE, isSecretAssignment);
}

/** Services' tokens, by their shape; of a rule's match only what the rule calls the secret. */
function hideShapes(text: string): string {
  let redacted = text.replace(PRIVATE_KEY, HIDDEN).replace(SHAPES, HIDDEN);
  // one pass for all keywords: few lines have any
  if (!KEYWORDS.test(text)) return redacted;
  const lower = text.toLowerCase();
  for (const rule of RULES) {
    if (!rule.keywords.some((keyword) => lower.includes(keyword))) continue;
    redacted = redacted.replace(rule.pattern(), (all, ...groups) => {
      const secret = groups.find((group, at) =>
        typeof group === "string" && at < groups.length - 2
      );
      const value = secret ?? all;
      return entropyOf(value) >= rule.entropy ? all.replace(value, () => HIDDEN) : all;
    });
  }
  return redacted;
}

/** Replaces the pattern's second group, which follows its first one directly. */
function hide(
  text: string,
  pattern: RegExp,
  isSecret: (value: string, before: string) => boolean,
): string {
  return text.replace(pattern, (all: string, before: string, found: string) => {
    const value = endOf(before, found);
    if (!isSecret(value, before)) return all;
    return before + HIDDEN + all.slice(before.length + value.length);
  });
}

/** What of a match belongs to the value: another parameter does not, nor what closes a bracket. */
function endOf(before: string, found: string): string {
  const next = /%3d$/i.test(before) ? /%26/i.exec(found) : /&(?:amp;)?[\w$.-]{1,60}=/.exec(found);
  const value = next === null ? found : found.slice(0, next.index);
  return value.replace(/[,;:)\]}]+$/, "") || value;
}

/**
 * Replaces what is between the quote that a pattern ends with and the same quote again, or the end
 * of the line where it was cut.
 */
function hideQuoted(
  text: string,
  pattern: RegExp,
  isSecret: (value: string, before: string) => boolean,
): string {
  let redacted = "";
  let from = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const quote = /(?:\\?["'`]|&quot;)$/.exec(match[0])![0];
    const start = match.index + match[0].length;
    const end = closingQuote(text, start, quote);
    const value = text.slice(start, end);
    if (!isSecret(value, match[1]!)) continue;
    redacted += text.slice(from, start) + HIDDEN;
    from = end;
    pattern.lastIndex = end;
  }
  return redacted + text.slice(from);
}

function closingQuote(text: string, start: number, quote: string): number {
  for (let at = text.indexOf(quote, start); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (quote.length > 1 || text[at - 1] !== "\\") return at;
  }
  return text.length;
}

/** Whether a value is none that exists for another. */
function isGiven(value: string): boolean {
  return value.trim() !== "" && !PLACEHOLDER.test(value.trim());
}

function isSecretParameter(value: string, before: string): boolean {
  if (!isGiven(value)) return false;
  if (IS_STRONG.test(before) || STRONG_PARAMETER.test(before)) return value.length >= 4;
  // "code" is also a country's
  return looksRandom(value, /key(?:=|%3d)$/i.test(before) ? 8 : 10);
}

/** A value in quotes, by its name and its own look. */
function isSecretText(value: string, before: string): boolean {
  if (!isGiven(value) || value.length < 4 || /\{[A-Za-z_$({]/.test(value)) {
    return false;
  }
  if (isEnvironmentKey(before)) return /\d|[a-z][A-Z]|[^\w\s.-]/.test(value);
  if (!IS_STRONG.test(before)) return looksRandom(value, 8);
  // what a form or a document says about it
  const words = value.replace(/^(?:bearer|basic|token)\s+/i, "");
  const isLabel = /^\p{Lu}\p{Ll}+$/u.test(words) ||
    /\b(?:key|token|secret|password)s?\b/i.test(words) && /\s/.test(words) ||
    words.split(/\s+/).length > 4;
  const isAddress = /^(?:https?:|\/|\.\/)/.test(value);
  return !isLabel && !isAddress;
}

/** A value without quotes: names of other variables, types and calls are code, not values. */
function isSecretAssignment(value: string, before: string): boolean {
  if (!isGiven(value) || /^[({[]|[([]|=>|^[/^]/.test(value)) return false;
  const isVariable = /(?:^|[^A-Za-z0-9])[A-Z][A-Z0-9_]*=$/.test(before);
  if (isVariable && (IS_STRONG.test(before) || isEnvironmentKey(before))) return value.length >= 4;
  if (isEnvironmentKey(before)) return looksRandom(value, 8);
  if (!IS_STRONG.test(before)) return looksRandom(value, 12);
  const word = /pass|pwd/i.test(before) ? value : value.replace(/\d$/, "");
  const isName = /^[A-Za-z_$]+(?:[.:?]+[A-Za-z_$]*)*$/.test(word);
  return !isName && !/^\d{1,5}$/.test(value) && !/^(?:https?:)?\/\//.test(value);
}

function isEnvironmentKey(before: string): boolean {
  return ENVIRONMENT_KEY.test(before) && !NO_SECRET_KEY.test(before);
}

/** Letters and digits that change often, or a long run of both: no word, no year, no short id. */
function looksRandom(value: string, length: number): boolean {
  if (value.length < length || /\s/.test(value)) return false;
  const runs = value.match(/[A-Za-z0-9+/=]{6,}/g) ?? [];
  return runs.some((run) => {
    const changes = run.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
    return changes >= 2 || run.length >= 20 && /\d/.test(run) && /[A-Za-z]/.test(run);
  });
}

/** Bits a character, as the scanner whose rules these are counts them. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    bits -= count / value.length * Math.log2(count / value.length);
  }
  return bits;
}

interface Rule {
  keywords: string[];
  entropy: number;
  /** Compiled when a line first has one of the keywords. */
  pattern(): RegExp;
}

const RULES: Rule[] = secretRules.rules.map(({ regex, flags, keywords, entropy = 0 }) => {
  let compiled: RegExp | undefined;
  return { keywords, entropy, pattern: () => compiled ??= new RegExp(regex, `${flags}g`) };
});

const KEYWORDS = new RegExp(
  RULES.flatMap(({ keywords }) => keywords)
    .map((keyword) => keyword.replace(/[^A-Za-z0-9_~]/g, "\\$&")).join("|"),
  "i",
);
