/**
 * A CKAN that breaks one rule: what it counts, how it orders, filters, clamps, shapes or redirects. Its
 * truth is known, so that a harvest can be judged.
 *
 * @module
 */

import { Random } from "../../lib/demo/random.ts";

/** A dataset as it is true; `revision` changes with every edit. */
export interface TrueDataset {
  id: string;
  revision: number;
  /** Milliseconds since 1970. */
  modified: number;
}

/** One rule that is broken; what is absent is as in CKAN. */
export interface BrokenRule {
  name: string;
  /** How many match, by how many do. */
  count?: (matching: number) => number;
  clamp?: number;
  startClamp?: number;
  /** The order of all datasets, whatever `sort` says. */
  order?: (ids: string[], request: number) => string[];
  ignoresFilters?: boolean;
  /** Filters of this kind find nothing. */
  findsNothing?: "time" | "list" | "range";
  /** The spelling of a time; undefined where datasets have none. */
  time?: (milliseconds: number) => string | undefined;
  /** A record as it is sent. */
  shape?: (record: Record<string, unknown>) => unknown;
  /** The text of a page as it is sent. */
  text?: (text: string) => string;
  /** Redirects a request. */
  redirect?: (url: URL) => string | undefined;
  hasNoFields?: boolean;
  hides?: (id: string) => boolean;
}

const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 23) + "000";

export class FaultyPortal {
  readonly datasets = new Map<string, TrueDataset>();
  readonly requests: URL[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #time = Date.UTC(2026, 0, 1);

  constructor(public rule: BrokenRule, size: number, seed = 1) {
    const random = new Random(seed, "faulty portal");
    for (let number = 0; number < size; number++) this.put(newId(random));
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(new URL(request.url)),
    );
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get endpointUrl(): string {
    return `${this.origin}/api/3/action/package_search`;
  }

  /** Adds or edits a dataset. */
  put(id: string): void {
    this.#time += 61_000;
    const revision = (this.datasets.get(id)?.revision ?? 0) + 1;
    this.datasets.set(id, { id, revision, modified: this.#time });
  }

  /** Edits, deletes and adds some datasets. */
  change(seed: number): void {
    const random = new Random(seed, "changes");
    const ids = [...this.datasets.keys()];
    for (let number = 0; number < 3; number++) this.put(random.pick(ids));
    this.datasets.delete(random.pick(ids));
    this.put(newId(random));
  }

  async close(): Promise<void> {
    await this.#server.shutdown();
  }

  #answer(url: URL): Response {
    this.requests.push(url);
    const { rule } = this;
    const location = rule.redirect?.(url);
    if (location !== undefined) {
      return new Response(null, { status: 302, headers: { location } });
    }
    const query = url.searchParams;
    const filters = query.get("fq") ?? "";
    const found = this.#ordered(query.get("sort") ?? "id asc")
      .filter((dataset) => rule.ignoresFilters || this.#matches(dataset, filters));
    const rows = Math.min(Number(query.get("rows") ?? 10), rule.clamp ?? 1000);
    const start = Math.min(Number(query.get("start") ?? 0), rule.startClamp ?? Infinity);
    const fields = rule.hasNoFields ? null : query.get("fl");
    const results = found.slice(start, start + rows)
      .filter(({ id }) => fields !== null || !rule.hides?.(id))
      .map((dataset) => fields === null ? this.#record(dataset) : this.#listed(dataset));
    const count = rule.count?.(found.length) ?? found.length;
    const text = JSON.stringify({ success: true, result: { count, results } });
    return new Response(rule.text?.(text) ?? text, {
      headers: { "content-type": "application/json" },
    });
  }

  #ordered(sort: string): TrueDataset[] {
    const ids = [...this.datasets.keys()].sort();
    if (this.rule.order !== undefined) {
      return this.rule.order(ids, this.requests.length).map((id) => this.datasets.get(id)!);
    }
    const ordered = ids.map((id) => this.datasets.get(id)!);
    return sort.startsWith("metadata_modified")
      ? ordered.sort((one, other) => other.modified - one.modified)
      : ordered;
  }

  #matches({ id, modified }: TrueDataset, filters: string): boolean {
    const { findsNothing } = this.rule;
    const time = /metadata_modified:\[(\S+) TO \*\]/.exec(filters)?.[1];
    if (time !== undefined && (findsNothing === "time" || modified < Date.parse(time))) {
      return false;
    }
    const list = /id:\(([^)]*)\)/.exec(filters)?.[1];
    if (list !== undefined && (findsNothing === "list" || !list.includes(`"${id}"`))) return false;
    const range = /id:([[{])(\S+) TO (\S+?)([\]}])(?=\s|$)/.exec(filters);
    if (range === null) return true;
    if (findsNothing === "range") return false;
    const [, open, low = "", high = "", close] = range;
    const [from, to] = [low.replaceAll('"', ""), high.replaceAll('"', "")];
    return (from === "*" || (open === "[" ? id >= from : id > from)) &&
      (to === "*" || (close === "]" ? id <= to : id < to));
  }

  #record({ id, revision, modified }: TrueDataset): unknown {
    const time = (this.rule.time ?? isoTime)(modified);
    const record = {
      id,
      name: `dataset-${id.slice(0, 8)}`,
      title: `Dataset ${id.slice(0, 8)}, revision ${revision}`,
      version: String(revision),
      ...(time === undefined ? {} : { metadata_modified: time }),
      organization: { id: "o", name: "org", title: "Org" },
      resources: [0, 1].map((number) => ({
        id: `${id}-${number}`,
        package_id: id,
        url: `https://files.example/${id}/${number}.csv`,
      })),
      tags: [{ name: "tag" }],
      extras: [{ key: "k", value: "v" }],
      groups: [{ id: "g", name: "group" }],
    };
    return this.rule.shape?.(record) ?? record;
  }

  #listed({ id, modified }: TrueDataset): unknown {
    const time = (this.rule.time ?? isoTime)(modified);
    return {
      id,
      ...(time === undefined ? {} : { metadata_modified: time }),
      organization: "org",
      groups: ["group"],
    };
  }
}

function newId(random: Random): string {
  const hex = (length: number) => random.text(length, "0123456789abcdef");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${hex(4)}-${hex(12)}`;
}
