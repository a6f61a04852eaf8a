// Lines of code are shown as evidence; what looks like a key, a token or a password is not.

const HIDDEN = "***";

// Value follows a name that says what it is: ?app_token=…, "api_key": "…", password = '…'.
const NAMED =
  /((?:\b|_|%26|&amp;|[?&$])(?:\$\$)?(?:(?:x[-_])?(?:api|app|access|auth|client|secret|private|account|shared|subscription|service|storage|user)[-_]?(?:key|token|secret)|[a-z0-9]+[-_](?:token|secret|password|passwd)|token|secret|password|passwd|passphrase|pwd|authorization|signature|sig|apikey|appid|credential|x-amz-(?:signature|credential|security-token))(?:\\?["'])?\s*(?:=>|:=|%3d|[=:])\s*(?:\\?["'`])?)((?:bearer|basic|token)\s+)?([^\s"'`&;,)}<>\\#]{4,})/gi;
// "key" alone is many things; in a query it is mostly a secret.
const QUERY_KEY = /((?:[?&]|&amp;|%26|%3f)key(?:=|%3d))([^\s"'`&;,)}<>\\#]{4,})/gi;
const BEARER = /(\b(?:bearer|basic)\s+)([A-Za-z0-9._~+/-]{12,}=*)/gi;
const USER = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"'<>]{0,100}:)([^\s/@"'<>]+)(@)/gi;
// Shapes that services give to their tokens, so that they can be told in any text.
const SHAPES = new RegExp(
  [
    "\\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[0-9A-Z]{16}\\b", // AWS
    "\\bgh[pousr]_[A-Za-z0-9]{20,}", // GitHub
    "\\bgithub_pat_[A-Za-z0-9_]{20,}",
    "\\bglpat-[A-Za-z0-9_-]{20,}", // GitLab
    "\\bsgp_[A-Za-z0-9_]{20,}", // Sourcegraph
    "\\bxox[abprs]-[A-Za-z0-9-]{10,}", // Slack
    "\\bsk-[A-Za-z0-9_-]{20,}", // OpenAI and others
    "\\bsk_(?:live|test)_[A-Za-z0-9]{10,}", // Stripe
    "\\bnpm_[A-Za-z0-9]{30,}",
    "\\bhf_[A-Za-z0-9]{30,}",
    "\\bAIza[0-9A-Za-z_-]{35}", // Google
    "\\b[ps]k\\.eyJ[A-Za-z0-9._-]{20,}", // Mapbox
    "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*", // JSON web token
    "-----BEGIN [A-Z ]*PRIVATE KEY-----.*",
  ].join("|"),
  "g",
);
// Whoever writes this has hidden the value already, or has none in the code.
const PLACEHOLDER =
  /^(?:[$#%]?\{|\$[A-Za-z_(]|<|\*{2,}|x{3,}|%s|\.{3}|your|my[_-]|null\b|none\b|true\b|false\b|process\.|os\.|env\b|getenv|self\.|this\.)/i;

/** Hides keys, tokens and passwords in a line; what stands around them stays readable. */
export function scrubSecrets(text: string): string {
  return text
    .replace(SHAPES, HIDDEN)
    .replace(USER, `$1${HIDDEN}$3`)
    .replace(
      NAMED,
      (all, name: string, scheme: string | undefined, value: string) =>
        PLACEHOLDER.test(value) || isCall(value) ? all : name + (scheme ?? "") + HIDDEN,
    )
    .replace(
      QUERY_KEY,
      (all, name: string, value: string) => PLACEHOLDER.test(value) ? all : name + HIDDEN,
    )
    .replace(BEARER, `$1${HIDDEN}`);
}

/** `token = get_token(` or `token: string`: code, not a value. */
function isCall(value: string): boolean {
  return /^[A-Za-z_.]+[([]/.test(value) || /^(?:string|str|number|optional|any)\b/i.test(value);
}
