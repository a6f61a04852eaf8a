import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Page, readPage } from "../../../lib/catalogues/ckan/answers.ts";
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
  ["broken JSON in a dataset", answer(GOOD.replace('"b"', "b")), TransientFailure, "broken"],
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
  ["no id", answer(GOOD.replace('{"id":"b"}', "null")), PermanentFailure, "dataset 2"],
  ["success that is no true", answer(GOOD.replace("true", '"true"')), PermanentFailure, "CKAN"],
];

for (const [name, response, kind, words] of CASES) {
  Deno.test(`readPage() throws ${kind.name} when there comes ${name}`, async () => {
    const thrown = await assertRejects(() => read(response), kind);
    assertStringIncludes((thrown as Error).message, words);
  });
}
