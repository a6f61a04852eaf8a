import { assertEquals } from "@std/assert";
import { scrubSecrets } from "../../../lib/code_search/match/redact_secrets.ts";

const HIDDEN: [line: string, scrubbed: string][] = [
  [
    'get("https://data.a.us/resource/erm2-nwe9.json?$$app_token=k9XzPqW3rTn&$limit=5")',
    'get("https://data.a.us/resource/erm2-nwe9.json?$$app_token=***&$limit=5")',
  ],
  ["https://api.a.ch/x.json?key=AB12CD34&format=csv", "https://api.a.ch/x.json?key=***&format=csv"],
  ["https://api.a.ch/x?a=1&amp;api_key=AB12CD34", "https://api.a.ch/x?a=1&amp;api_key=***"],
  ["https://me:hunter22@data.a.ch/x.csv", "https://me:***@data.a.ch/x.csv"],
  [
    "https://b.blob.core.windows.net/c/d.csv?sv=1&sig=Zm9vYmFy%3D",
    "https://b.blob.core.windows.net/c/d.csv?sv=1&sig=***",
  ],
  ["-H 'Authorization: Bearer abcdef0123456789'", "-H 'Authorization: Bearer ***'"],
  ["headers = {'X-App-Token': 'ab12cd34ef56'}", "headers = {'X-App-Token': '***'}"],
  ['CKAN_TOKEN="0123456789abcdef"', 'CKAN_TOKEN="***"'],
  ['"password": "correct horse"', '"password": "*** horse"'],
  ["id AKIAIOSFODNN7EXAMPLE in use", "id *** in use"],
  ["push https://ghp_0123456789abcdefghijABCDEFGHIJ012345@x.ch", "push https://***@x.ch"],
  ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_def", "jwt ***"],
];

for (const [line, scrubbed] of HIDDEN) {
  Deno.test(`scrubSecrets() hides the secret when the line is ${line}`, () => {
    assertEquals(scrubSecrets(line), scrubbed);
  });
}

const KEPT = [
  'fetch("https://dados.gov.br/api/3/action/datastore_search?resource_id=089fa11a-a4a2-4f9f-be00-5a663bb2a389")',
  "https://data.a.us/resource/erm2-nwe9.json?$limit=5&$offset=0",
  "https://a.ch/x?app_token=${TOKEN}&key={key}",
  "token = get_token(url)",
  "def load(token: str, url: str):",
  "https://olinda.bcb.gov.br/app#!/recursos/A",
  "for key in keys: print(key)",
];

for (const line of KEPT) {
  Deno.test(`scrubSecrets() changes nothing when the line is ${line}`, () => {
    assertEquals(scrubSecrets(line), line);
  });
}
