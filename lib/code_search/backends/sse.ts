/** The subset of server-sent events that Sourcegraph's stream uses: a name, one line of data. */

/** One event; `data` is as it came. */
export interface StreamEvent {
  name: string;
  data: string;
}

const LF = 10;
const CR = 13;

/**
 * The events of a body, in order. Data are one line: an event whose line the end of the body cuts
 * off is not given, one that only lacks the empty line after it is. Lines
 * that are neither `event:` nor `data:` (comments, ids) are passed over.
 */
export function* readEvents(body: Uint8Array): Generator<StreamEvent> {
  const decoder = new TextDecoder();
  let name = "";
  let data: string[] = [];
  for (let start = 0; start < body.length;) {
    const end = body.indexOf(LF, start);
    if (end < 0) return; // the line is cut, and with it the event
    const line = decoder.decode(body.subarray(start, body[end - 1] === CR ? end - 1 : end));
    start = end + 1;
    if (line === "") {
      if (name !== "" || data.length > 0) yield { name, data: data.join("\n") };
      name = "";
      data = [];
    } else if (line.startsWith("event:")) {
      name = line.slice(6).trim();
    } else if (line.startsWith("data:")) {
      data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  }
  if (data.length > 0) yield { name, data: data.join("\n") };
}
