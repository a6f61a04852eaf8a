/**
 * Cuts the elements of one list out of a JSON file while it comes in pieces: the bytes of every
 * element stay as they came, and never more of the file is held than one element.
 */

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const BOM = [0xef, 0xbb, 0xbf];

/** No record is as long; a hostile file must not fill the memory. */
const LONGEST_RECORD = 64e6;
/** Levels of nesting: the file's own object, and the list in it. */
const IN_FILE = 1;
const IN_LIST = 2;

export class RecordCutter {
  /** Elements of the list that are no objects. */
  odd = 0;
  /** The list was met. */
  hasList = false;
  /** The file's object was closed: nothing is lacking. */
  isWhole = false;
  #position = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #inList = false;
  /** Between two elements of the list, or before the first. */
  #isBetween = false;
  /** The last string on the level of the file, which a colon makes a name. */
  #text: number[] = [];
  #name = "";
  #parts: Uint8Array[] | undefined;
  #length = 0;

  /** @param list the name of the member of the file's object that is the list */
  constructor(readonly list: string) {}

  /**
   * Takes the next piece and gives the records that end in it. They are good until the piece is
   * used otherwise.
   * @throws {SyntaxError} where the file is no JSON object
   */
  push(piece: Uint8Array): Uint8Array[] {
    const records: Uint8Array[] = [];
    let start = this.#parts === undefined ? -1 : 0;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at]!;
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#inString = false;
        if (this.#depth === IN_FILE && this.#inString && this.#text.length < 64) {
          this.#text.push(byte);
        }
        continue;
      }
      if (byte <= 32) continue;
      if (this.#depth === 0) this.#atEdge(byte, this.#position + at);
      const inList = this.#inList && this.#depth === IN_LIST;
      if (inList && byte !== COMMA && byte !== CLOSE_LIST && this.#isBetween) {
        this.#isBetween = false;
        if (byte === OPEN_OBJECT) {
          start = at;
          this.#parts = [];
          this.#length = 0;
        } else this.odd += 1;
      }
      switch (byte) {
        case QUOTE:
          this.#inString = true;
          if (this.#depth === IN_FILE) this.#text = [];
          break;
        case COLON:
          if (this.#depth === IN_FILE) this.#name = String.fromCharCode(...this.#text);
          break;
        case COMMA:
          if (inList) this.#isBetween = true;
          break;
        case OPEN_LIST:
          if (this.#depth === IN_FILE && this.#name === this.list) {
            this.#inList = this.hasList = this.#isBetween = true;
          }
          this.#depth += 1;
          break;
        case OPEN_OBJECT:
          this.#depth += 1;
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          this.#depth -= 1;
          if (this.#depth === IN_LIST && this.#parts !== undefined) {
            records.push(this.#record(piece.subarray(start, at + 1)));
            start = -1;
          } else if (this.#depth === IN_FILE) this.#inList = false;
          else if (this.#depth === 0) this.isWhole = true;
          break;
      }
    }
    this.#position += piece.length;
    if (start >= 0) this.#keep(piece.slice(start));
    return records;
  }

  #keep(part: Uint8Array): void {
    this.#parts!.push(part);
    this.#length += part.length;
    if (this.#length > LONGEST_RECORD) {
      throw new SyntaxError(`a record longer than ${LONGEST_RECORD} bytes`);
    }
  }

  #record(last: Uint8Array): Uint8Array {
    const parts = this.#parts!;
    this.#parts = undefined;
    if (parts.length === 0) return last;
    const whole = new Uint8Array(this.#length + last.length);
    let length = 0;
    for (const part of [...parts, last]) {
      whole.set(part, length);
      length += part.length;
    }
    return whole;
  }

  /** Before and behind the file's object nothing may stand but white space and a byte order mark. */
  #atEdge(byte: number, position: number): void {
    if (byte === BOM[position]) return;
    if (byte !== OPEN_OBJECT || this.isWhole) {
      throw new SyntaxError(
        this.isWhole
          ? `something stands behind the end of the JSON at byte ${position}`
          : `the JSON is no object: it begins with ${JSON.stringify(String.fromCharCode(byte))}`,
      );
    }
  }
}
