import {
  eachElement,
  eachMember,
  fault,
  isText,
  OPEN_LIST,
  OPEN_OBJECT,
  skipSpace,
  skipValue,
} from "../json_scanner.ts";

/**
 * Cuts one answer of `package_search` into its datasets: the bytes of every dataset stay as the
 * portal gave them.
 */

/** Where the datasets of an answer lie: offsets into its bytes, ends exclusive. */
export interface ResultSlices {
  /** Start and end of each element of `result.results`, one after the other. */
  bounds: number[];
  /** The array itself, its brackets included. */
  arrayStart: number;
  arrayEnd: number;
}

const BOM = [0xef, 0xbb, 0xbf];

/**
 * Finds the elements of `result.results`; undefined where the answer has no such array. `dataset` is
 * called with the offset of each and gives the offset behind it.
 * @throws {SyntaxError} where the bytes are no JSON or end too early.
 */
export function splitResults(
  bytes: Uint8Array,
  dataset = (at: number) => skipValue(bytes, at),
): ResultSlices | undefined {
  let slices: ResultSlices | undefined;
  const results = (at: number): number => {
    const bounds: number[] = [];
    const arrayEnd = eachElement(bytes, at, (element) => {
      const end = dataset(element);
      bounds.push(element, end);
      return end;
    });
    slices = { bounds, arrayStart: at, arrayEnd };
    return arrayEnd;
  };
  const inObject = (at: number, wanted: string, opens: number, read: (at: number) => number) =>
    eachMember(
      bytes,
      at,
      (name, value) =>
        isText(bytes, name, wanted) && bytes[value] === opens
          ? read(value)
          : skipValue(bytes, value),
    );
  const start = skipSpace(bytes, BOM.every((byte, index) => bytes[index] === byte) ? 3 : 0);
  const end = skipSpace(
    bytes,
    bytes[start] === OPEN_OBJECT
      ? inObject(
        start,
        "result",
        OPEN_OBJECT,
        (result) => inObject(result, "results", OPEN_LIST, results),
      )
      : skipValue(bytes, start),
  );
  if (end < bytes.length) throw fault(bytes, end);
  return slices;
}
