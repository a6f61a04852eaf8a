/**
 * How many repositories a query asks for. 25 with their manifests are answered by GitHub as a rule,
 * 50 sometimes not (gato-x #270, 2026-05): so it falls by half and comes back in steps, small ones
 * beyond what is known to go well.
 */
export class BatchSize {
  static readonly START = 25;
  static readonly LARGEST = 50;
  static readonly USUAL = 30;

  #size = BatchSize.START;

  get current(): number {
    return this.#size;
  }

  /** After a query that was too much. */
  halve(asked: number): void {
    this.#size = Math.max(1, Math.floor(Math.min(asked, this.#size) / 2));
  }

  /** After a query that was answered whole. */
  grow(): void {
    const next = this.#size < BatchSize.USUAL
      ? Math.min(this.#size + 8, BatchSize.USUAL)
      : this.#size + 2;
    this.#size = Math.min(next, BatchSize.LARGEST);
  }
}
