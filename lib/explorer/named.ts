import type { Names } from "./columns.ts";
import type { Keys } from "./keys.ts";
import type { Texts } from "./packed_strings.ts";

/** Things that have an id and a page. */
export class Named implements Names {
  constructor(
    readonly size: number,
    private readonly keys: Keys,
    private readonly ids?: Texts,
    private readonly labels?: Texts,
  ) {}

  /** The row of an id. Without ids of its own it goes by the key: whoever reads the row compares. */
  codeOf(id: string): number | undefined {
    return this.keys.find(id, (row) => this.ids === undefined || this.ids.at(row) === id);
  }
  valueOf(row: number): string {
    return this.ids?.at(row) ?? "";
  }
  labelOf(row: number): string {
    return this.labels?.at(row) ?? this.valueOf(row);
  }
}
