import { type DemoPortal, startPortal } from "../../lib/demo/services/portal.ts";
import type { DemoDataset } from "../../lib/demo/city/datasets.ts";
import { Random } from "../../lib/demo/random.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const START = Date.UTC(2026, 10, 24, 3);
const MOST_SKEW_MS = 30 * MINUTE_MS;

/**
 * A portal with a history drawn from a seed: its datasets are edited, come, go and come again under
 * the same id; every edit carries the time of a clock that is up to half an hour wrong.
 */
export class ChangingPortal {
  readonly portal: DemoPortal;
  /** What was done to it so far. */
  changes = 0;
  /** Its true time, in milliseconds. */
  now = START;
  /** Does something at each request, where it is set. */
  atRequest: (() => void) | undefined;
  readonly #datasets = new Map<string, DemoDataset>();
  readonly #gone = new Set<string>();
  readonly #random: Random;
  #number = 0;

  constructor(seed: number, size: number, options: { keyset?: boolean; clamp?: number } = {}) {
    this.#random = new Random(seed, "history");
    for (let index = 0; index < size; index += 1) {
      const dataset = this.#made(this.#newId(), START - this.#random.below(900 * DAY_MS));
      this.#datasets.set(dataset.id, dataset);
    }
    const hook = () => {
      this.atRequest?.();
      return undefined;
    };
    const datasets = [...this.#datasets.values()];
    this.portal = startPortal({ ...options, datasets, faults: hook, gzip: false });
  }

  get size(): number {
    return this.#datasets.size;
  }

  /** Lets one thing happen, a while after the last one. */
  change(): void {
    this.changes += 1;
    this.now += this.#random.below(3 * MINUTE_MS);
    const what = this.#random.unit();
    const { portal } = this;
    if (what < 0.35) {
      const id = this.#random.pick([...this.#datasets.keys()]);
      portal.remove(id);
      this.#put(id, this.#skewed());
    } else if (what < 0.55) this.#put(this.#newId(), this.#skewed());
    else if (what < 0.65) {
      // an import that keeps the times of where it comes from
      this.#put(this.#newId(), START - this.#random.below(2000 * DAY_MS));
    } else if (what < 0.85 && this.size > 5) {
      const id = this.#random.pick([...this.#datasets.keys()]);
      portal.remove(id);
      this.#datasets.delete(id);
      this.#gone.add(id);
    } else if (this.#gone.size > 0) {
      const id = this.#random.pick([...this.#gone]);
      this.#gone.delete(id);
      this.#put(id, this.#skewed());
    } else this.#put(this.#newId(), this.#skewed());
  }

  /** A day goes by, more or less. */
  sleep(): void {
    this.now += this.#random.between(20, 28) * 60 * MINUTE_MS;
  }

  /** The text of every dataset that it has now, in order. */
  async texts(): Promise<string[]> {
    const { atRequest } = this;
    this.atRequest = undefined;
    const texts: string[] = [];
    while (texts.length < this.size) {
      const query = `rows=1000&start=${texts.length}&sort=id+asc&facet=false`;
      const text = await (await fetch(`${this.portal.endpointUrl}?${query}`)).text();
      const list = text.slice(text.indexOf('"results": [') + 12, text.lastIndexOf("]"));
      texts.push(...list.split(/(?<=\}), (?=\{"id": "[^"]+", "name": "dataset-)/));
    }
    this.atRequest = atRequest;
    return texts.sort();
  }

  #put(id: string, time: number): void {
    const dataset = this.#made(id, time);
    this.#datasets.set(id, dataset);
    this.portal.insert(dataset);
  }

  #made(id: string, time: number): DemoDataset {
    const number = this.#number++;
    const random = this.#random;
    const modified = new Date(time).toISOString().slice(0, 23) + random.text(3, "0123456789");
    return {
      id,
      name: `dataset-${number}`,
      title: `Bäume & "Straßen" ${number}`,
      url: null,
      owner_org: null,
      notes: random.text(random.below(200), 'ab\\" {}[],\u00e9\n'),
      metadata_modified: modified,
      resources: Array.from({ length: random.below(3) }, (_, position) => ({
        id: `${id}-${position}`,
        package_id: id,
        position,
        url: `https://files.example/${number}/${position}.csv`,
      })) as unknown as DemoDataset["resources"],
      tags: [{ name: random.text(4, "abc"), state: "active" }],
      extras: [{ key: "number", value: `${number}` }],
      groups: [],
    };
  }

  #skewed(): number {
    return this.now + this.#random.between(-MOST_SKEW_MS, MOST_SKEW_MS);
  }

  #newId(): string {
    const hex = (length: number) => this.#random.text(length, "0123456789abcdef");
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${hex(4)}-${hex(12)}`;
  }
}
