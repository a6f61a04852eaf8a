/** Rows as CSV and JSON, in pieces, so that any size streams. */

type Row = Record<string, unknown>;

/**
 * CSV with a head, CRLF as RFC 4180 has it, safe for spreadsheets.
 * @param columns the head, where it is wanted even if there is no row
 */
export async function* toCsv(
  chunks: AsyncIterable<Row[]>,
  columns?: string[],
): AsyncGenerator<string> {
  let headed = columns !== undefined;
  if (columns !== undefined) yield columns.map(csvCell).join(",") + "\r\n";
  for await (const rows of chunks) {
    let text = "";
    for (const row of rows) {
      if (!headed) text += Object.keys(row).map(csvCell).join(",") + "\r\n";
      headed = true;
      text += Object.values(row).map(csvCell).join(",") + "\r\n";
    }
    yield text;
  }
}

/**
 * A cell as a spreadsheet may open it: text that would be taken for a formula gets an apostrophe
 * before it (OWASP, "CSV injection").
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  let text = String(value);
  if (typeof value === "string" && /^[-=+@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `{ "site": …, "rows": [ … ] }`: what it is, then one row a line. */
export async function* toJson(
  about: Record<string, unknown>,
  chunks: AsyncIterable<Row[]>,
): AsyncGenerator<string> {
  yield JSON.stringify(about).slice(0, -1) + `,"rows":[`;
  let between = "\n";
  for await (const rows of chunks) {
    let text = "";
    for (const row of rows) {
      text += between + JSON.stringify(row, plain);
      between = ",\n";
    }
    yield text;
  }
  yield "\n]}\n";
}

/** Whole numbers beyond what JavaScript counts exactly are text. */
export function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** A response body from pieces of text; what is left is given up when the reader goes. */
export function toStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
    // nothing is read before it is requested: the body of a HEAD request never is
  }, { highWaterMark: 0 });
}
