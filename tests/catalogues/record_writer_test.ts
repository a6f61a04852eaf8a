import { assertEquals } from "@std/assert";
import { recordsOf } from "../../lib/catalogues/ckan/answers.ts";
import { RecordWriter } from "../../lib/catalogues/record_writer.ts";

const page = (records: string) =>
  new TextEncoder().encode(`{"success":true,"result":{"count":1,"results":[${records}]}}`);

async function written(pages: Uint8Array[], mayRepeat = false) {
  const folder = await Deno.makeTempDir();
  try {
    const writer = new RecordWriter(folder, mayRepeat);
    for (const one of pages) await writer.add(recordsOf(one));
    return {
      texts: await Promise.all(writer.files.map((file) => Deno.readTextFile(file))),
      writer,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("RecordWriter writes one dataset a line and changes nothing in it", async () => {
  const record = String.raw`{"id":"a","n":1.10,"t":"caf\u00e9 \ud83d\ude00 \\ud800 \u0096 é"}`;
  const { texts, writer } = await written([page(`${record} ,\n{"id":\r\n"b"}`), page("")]);
  assertEquals(texts, [`${record}\n{"id":  "b"}\n`]);
  const longest = new TextEncoder().encode(record).length;
  assertEquals(writer.counts, { records: 2, repeats: 0, longest });
});

Deno.test("RecordWriter replaces and counts halves of surrogate pairs and bytes that are no UTF-8", async () => {
  const bytes = page(String.raw`{"id":"\ud800","x":"\uDC00\ud83d\ude00\ud83d","y":"?"}`);
  bytes[bytes.indexOf(63)] = 0xff;
  const { texts, writer } = await written([bytes]);
  assertEquals(
    texts,
    [String.raw`{"id":"\ufffd","x":"\ufffd\ud83d\ude00\ufffd","y":"` + '\ufffd"}\n'],
  );
  const fault = "not Unicode, replaced by U+FFFD";
  assertEquals(writer.faults, [{ dataset_id: "\ufffd", fault, places: 4 }]);
});

Deno.test("RecordWriter writes a record once when it came twice, and both when they differ", async () => {
  const { texts, writer } = await written([
    page('{"id":"a"},{"id":"b"}'),
    page('{"id":"b"},{"id":"a","x":1}'),
  ], true);
  assertEquals(texts, ['{"id":"a"}\n{"id":"b"}\n', '{"id":"a","x":1}\n']);
  assertEquals(writer.counts.repeats, 1);
});

Deno.test("RecordWriter escapes raw control characters in texts, and names the dataset", async () => {
  const { texts, writer } = await written([
    page('{"id":"a","t":"x"},\n\t{"id":"b",\n"t":"x\ty\nz"},{"id":"c"}'),
  ]);
  const mended = String.raw`{"id":"b", "t":"x\u0009y\u000az"}`;
  assertEquals(texts, [`{"id":"a","t":"x"}\n${mended}\n{"id":"c"}\n`]);
  const fault = "raw control character in a text, escaped";
  assertEquals(writer.faults, [{ dataset_id: "b", fault, places: 2 }]);
});
