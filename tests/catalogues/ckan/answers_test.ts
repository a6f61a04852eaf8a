import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { type Page, readPage, splitResults } from "../../../lib/catalogues/ckan/answers.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../../lib/http/failures.ts";

const GOOD =
  '{"help":"","success":true,"result":{"count":7,"results":[{"id":"a","metadata_modified":"2026-01-01"},{"id":"b"}]}}';

function answer(body: string | Uint8Array<ArrayBuffer>, status = 200): Response {
  return new Response(body, { status });
}

async function read(response: Response): Promise<Page> {
  return readPage(response, await response.bytes(), new Date(0));
}

Deno.test("readPage() gives count, ids and the bytes as they came", async () => {
  const page = await read(answer(GOOD));
  assertEquals(page.count, 7);
  assertEquals(page.ids, ["a", "b"]);
  assertEquals(page.modified[0], "2026-01-01");
  assertEquals(new TextDecoder().decode(page.bytes), GOOD);
});

Deno.test("readPage() keeps bytes that are no UTF-8", async () => {
  const bytes = new TextEncoder().encode(GOOD.replace('"b"', '"b","x":"?"'));
  bytes[bytes.indexOf(63)] = 0xff;
  assertEquals((await read(answer(bytes))).bytes, bytes);
});

const error = (type: string, message = "m") =>
  JSON.stringify({ success: false, error: { __type: type, message } });
const BLOCKED = "<html><head><title>Request Rejected</title></head></html>";

const CASES: [string, Response, new (message: string) => Error, string][] = [
  ["a block page under 200", answer(BLOCKED), TransientFailure, "Request Rejected"],
  ["a block page under 403", answer(BLOCKED, 403), TransientFailure, "403"],
  ["429", answer("slow down", 429), TransientFailure, "429"],
  ["503", answer("", 503), TransientFailure, "503"],
  ["cut JSON", answer(GOOD.slice(0, 90)), TransientFailure, "broken"],
  ["broken JSON around", answer(GOOD.replace('"count":7', '"count":07')), TransientFailure, "brok"],
  ["an empty answer", answer(""), TransientFailure, "empty"],
  ["no success under 200", answer('{"success":false}'), TransientFailure, "success"],
  ["trouble under 200", answer(error("Internal Server Error")), TransientFailure, "success"],
  ["Solr's trouble", answer(error("Search Error", "SOLR"), 409), TransientFailure, "SOLR"],
  ["a wrong parameter", answer(error("Search Query Error"), 400), PermanentFailure, "400"],
  ["validation", answer(error("Validation Error"), 409), PermanentFailure, "409"],
  ["not found", answer(error("Not Found Error", "Não encontrado"), 404), PermanentFailure, "Não"],
  ["a bare string", answer('"Bad request - Action name not known"', 400), PermanentFailure, "name"],
  ["a 404 page", answer(BLOCKED, 404), PermanentFailure, "404"],
  ["a key wanted", answer(error("Authorization Error"), 403), FatalFailure, "key"],
  ["JSONP", answer(`callback(${GOOD})`), PermanentFailure, "JSONP"],
  ["DKAN", answer('{"success":true,"result":[[{"id":"a"}]]}'), PermanentFailure, "DKAN"],
  ["another API", answer('{"success":true,"items":[]}'), PermanentFailure, "result.results"],
  ["no count", answer(GOOD.replace("7", '"7"')), PermanentFailure, "count"],
  ["success that is no true", answer(GOOD.replace("true", '"true"')), PermanentFailure, "CKAN"],
];

for (const [name, response, kind, words] of CASES) {
  Deno.test(`readPage() throws ${kind.name} when there comes ${name}`, async () => {
    const thrown = await assertRejects(() => read(response), kind);
    assertStringIncludes((thrown as Error).message, words);
  });
}

function pieces(text: string): string[] | undefined {
  const bytes = new TextEncoder().encode(text);
  const slices = splitResults(bytes);
  if (slices === undefined) return undefined;
  const found: string[] = [];
  for (let at = 0; at < slices.bounds.length; at += 2) {
    found.push(
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        bytes.subarray(slices.bounds[at]!, slices.bounds[at + 1]!),
      ),
    );
  }
  return found;
}

Deno.test("splitResults() gives every dataset byte for byte", () => {
  const records = [
    '{"id": "a", "n": 1.10, "big": 123456789012345678901234567890}',
    '{"id":"b","text":"quote \\" bracket ] brace } comma , backslash \\\\"}',
    '{ "id" : "c",\n "nested": [[{"x": ["]"]}], {}], "e": "\u{1f600}\u00a0\u0096" }',
  ];
  const page = `{"help": "?", "success": true, "result": {"count": 3, "results": [${
    records.join(" , ")
  }], "facets": {}}}`;
  assertEquals(pieces(page), records);
  assertEquals(pieces(`\ufeff${page}`), records);
});

Deno.test("splitResults() finds the list wherever it is, and only there", () => {
  assertEquals(pieces('{"result":{"results":[]}}'), []);
  assertEquals(pieces('{"results":[1],"result":{"facets":{"results":[2]},"results":[3,"x"]}}'), [
    "3",
    '"x"',
  ]);
  assertEquals(pieces('{"help":"\\"result\\": {\\"results\\": [1]}","result":{"results":[2]}}'), [
    "2",
  ]);
});

Deno.test("splitResults() gives nothing when there is no such list", () => {
  for (
    const text of ["{}", "[]", '"x"', '{"result":[]}', '{"result":{"results":{}}}', '{"result":1}']
  ) {
    assertEquals(pieces(text), undefined, text);
  }
});

Deno.test("splitResults() throws when the answer was cut or is broken", () => {
  const page =
    '{"success": true, "result": {"count": 1, "results": [{"id": "a\\""}, {"id": "b"}]}}';
  for (let length = page.indexOf("[") + 1; length < page.indexOf("]"); length += 1) {
    assertThrows(() => pieces(page.slice(0, length)), SyntaxError);
  }
  assertThrows(() => pieces('{"result":{"results":[1 2]}}'), SyntaxError);
  assertThrows(() => pieces('{"result":{"results":[,]}}'), SyntaxError);
  assertThrows(() => pieces('{"a" 1,"result":{"results":[]}}'), SyntaxError);
});

Deno.test("readPage() reads the other datasets when one has broken JSON or no id, and counts it", async () => {
  const mended = await read(answer(GOOD.replace('"b"', '"b",')));
  assertEquals([mended.ids, mended.unread, mended.isMended], [["a", "b"], 0, true]);
  const without = await read(answer(GOOD.replace('{"id":"b"}', "null")));
  assertEquals([without.ids, without.unread, without.isMended], [["a"], 1, false]);
  const numbered = await read(answer(GOOD.replace('"b"', "12345678901234567890")));
  assertEquals(numbered.ids, ["a", "12345678901234567890"]);
});
