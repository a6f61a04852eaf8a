import { assertEquals } from "@std/assert";
import { csvCell, toCsv, toJson } from "../../lib/web/csv.ts";

async function* chunks(...rows: Record<string, unknown>[]) {
  yield await Promise.resolve(rows);
}

async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

Deno.test("csvCell() makes text of what a spreadsheet would run", () => {
  assertEquals(csvCell("=1+1"), "'=1+1");
  assertEquals(csvCell('@SUM("a")'), `"'@SUM(""a"")"`);
  assertEquals(csvCell("-x"), "'-x");
  assertEquals(csvCell(-3), "-3");
  assertEquals(csvCell("a\r\nb"), `"a\r\nb"`);
  assertEquals(csvCell(null), "");
});

Deno.test("toCsv() has one head, and nothing at all for no rows", async () => {
  assertEquals(
    await whole(toCsv(chunks({ a: 1, b: "x,y" }, { a: 2, b: null }))),
    'a,b\r\n1,"x,y"\r\n2,\r\n',
  );
  assertEquals(await whole(toCsv(chunks())), "");
});

Deno.test("toJson() is JSON with none, one and many rows, and keeps whole numbers whole", async () => {
  const about = { site: "small" };
  assertEquals(JSON.parse(await whole(toJson(about, chunks()))), { site: "small", rows: [] });
  assertEquals(
    JSON.parse(await whole(toJson(about, chunks({ a: 9007199254740993n }, { a: 1 })))),
    { site: "small", rows: [{ a: "9007199254740993" }, { a: 1 }] },
  );
});
