/**
 * The demo portal's datasets: by number made on demand, or given; sorted, filtered, as JSON text.
 * @module
 */
import { type DemoDataset, demoDataset, demoDatasetId, demoModified } from "../city/datasets.ts";
import { pythonJson } from "./python_json.ts";
import {
  type Condition,
  holds,
  solrTime,
  type SortKey,
  timeCondition,
  writtenTime,
} from "./solr_query.ts";

/** One dataset: made again from its index whenever requested, unless it was given or touched. */
interface Entry {
  readonly id: string;
  readonly index: number;
  given: DemoDataset | undefined;
  modified: string;
}

export interface StoreOptions {
  /** How many datasets of the city, or the datasets themselves. */
  readonly datasets: number | readonly DemoDataset[];
  readonly seed?: number;
  /** How many characters of JSON text are kept at most. */
  readonly keptCharacters: number;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : (left > right ? 1 : 0);
}

export class PortalStore {
  readonly #options: StoreOptions;
  readonly #byId: Entry[];
  readonly #sorted = new Map<string, Entry[]>();
  readonly #texts = new Map<Entry, string>();
  #kept = 0;
  #touches = 0;
  /** Counts the changes made by remove, touch and insert. */
  version = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
    const { datasets } = options;
    this.#byId = typeof datasets === "number"
      ? Array.from({ length: datasets }, (_, index) => ({
        id: demoDatasetId(index, options),
        index,
        given: undefined,
        modified: "",
      }))
      : datasets.map((given) => ({
        id: given.id,
        index: -1,
        given,
        modified: solrTime(given.metadata_modified),
      }));
    this.#byId.sort((left, right) => compare(left.id, right.id));
  }

  /** The datasets that fulfil all conditions, in the order requested. */
  select(conditions: readonly Condition[], sort: readonly SortKey[]): readonly Entry[] {
    const ids = conditions.filter(({ field, negated, values }) =>
      field === "id" && !negated && values === undefined
    );
    const others = conditions
      .filter((condition) => !ids.includes(condition))
      .map((condition) =>
        condition.field === "metadata_modified" ? timeCondition(condition) : condition
      );
    const isByIdAlone = sort[0]?.field === "id" && !sort[0].descending;
    let found: readonly Entry[] = isByIdAlone ? this.#byId : this.#order(sort);
    if (ids.length > 0 && isByIdAlone) {
      const from = Math.max(0, ...ids.map((condition) => this.#rank(condition, "low")));
      const to = Math.min(...ids.map((condition) => this.#rank(condition, "high")));
      found = this.#byId.slice(from, Math.max(from, to));
    } else if (ids.length > 0) {
      found = found.filter((entry) => ids.every((condition) => holds(condition, entry.id)));
    }
    if (others.length === 0) return found;
    return found.filter((entry) =>
      others.every((condition) => holds(condition, this.#value(entry, condition.field)))
    );
  }

  /** The package's JSON text. */
  text(entry: Entry): string {
    const kept = this.#texts.get(entry);
    if (kept !== undefined) return kept;
    const text = pythonJson(this.dataset(entry));
    if (text.length <= this.#options.keptCharacters) {
      this.#texts.set(entry, text);
      this.#kept += text.length;
      for (const [oldest, old] of this.#texts) {
        if (this.#kept <= this.#options.keptCharacters) break;
        this.#texts.delete(oldest);
        this.#kept -= old.length;
      }
    }
    return text;
  }

  dataset(entry: Entry): DemoDataset {
    return entry.given ?? demoDataset(entry.index, this.#options);
  }

  /** A field as Solr has it, which is what `fl` gives; times are cut to milliseconds. */
  field(entry: Entry, name: string): unknown {
    if (name === "id") return entry.id;
    if (name === "metadata_modified") return writtenTime(this.#value(entry, name));
    return this.dataset(entry)[name] ?? null;
  }

  remove(id: string): void {
    const at = this.#position(id);
    const entry = this.#byId[at];
    if (entry?.id !== id) throw new Error(`Cannot remove dataset "${id}": there is none`);
    this.#byId.splice(at, 1);
    this.#changed(entry);
  }

  /** Edits the dataset: it is now the one modified last. */
  touch(id: string): void {
    const entry = this.#byId[this.#position(id)];
    if (entry?.id !== id) throw new Error(`Cannot touch dataset "${id}": there is none`);
    this.#touches++;
    const modified = new Date(Date.UTC(2026, 10, 24) + this.#touches * 1000).toISOString()
      .replace("Z", "001");
    entry.given = { ...this.dataset(entry), metadata_modified: modified };
    entry.modified = solrTime(modified);
    this.#changed(entry);
  }

  insert(dataset: DemoDataset): void {
    const at = this.#position(dataset.id);
    if (this.#byId[at]?.id === dataset.id) {
      throw new Error(`Cannot insert dataset "${dataset.id}": it is there already`);
    }
    const modified = solrTime(dataset.metadata_modified);
    const entry = { id: dataset.id, index: -1, given: dataset, modified };
    this.#byId.splice(at, 0, entry);
    this.#changed(entry);
  }

  #changed(entry: Entry): void {
    this.version++;
    this.#sorted.clear();
    this.#kept -= this.#texts.get(entry)?.length ?? 0;
    this.#texts.delete(entry);
  }

  /** Where the id is or would be. */
  #position(id: string): number {
    let low = 0;
    let high = this.#byId.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#byId[middle]!.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #rank(condition: Condition, side: "low" | "high"): number {
    const id = condition[side];
    if (id === undefined) return side === "low" ? 0 : this.#byId.length;
    const at = this.#position(id);
    const isThere = this.#byId[at]?.id === id;
    const included = side === "low" ? condition.lowIncluded : condition.highIncluded;
    return isThere && included === (side === "high") ? at + 1 : at;
  }

  #value(entry: Entry, field: string): string {
    if (field === "id") return entry.id;
    if (field === "metadata_modified") {
      entry.modified ||= solrTime(demoModified(entry.index, this.#options));
      return entry.modified;
    }
    const dataset = this.dataset(entry);
    if (field === "organization") {
      return (dataset["organization"] as { name: string } | null)?.name ?? "";
    }
    return String(dataset[field] ?? "");
  }

  #order(sort: readonly SortKey[]): Entry[] {
    const name = JSON.stringify(sort);
    const kept = this.#sorted.get(name);
    if (kept !== undefined) return kept;
    // Every dataset scores alike, as without a query; ties keep Solr's own order, here by id.
    const keys = sort.filter((key) => key.field !== "score");
    const ordered = this.#byId.toSorted((left, right) => {
      for (const { field, descending } of keys) {
        const order = compare(this.#value(left, field), this.#value(right, field));
        if (order !== 0) return descending ? -order : order;
      }
      return 0;
    });
    this.#sorted.set(name, ordered);
    return ordered;
  }
}
