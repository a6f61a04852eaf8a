// The search of a published site: reads a few small files of the index and shows what they name.
// As a classic script it can be deferred; what it shares with the publisher it imports when needed.
"use strict";
(() => {
  const input = document.getElementById("q");
  const results = document.getElementById("results");
  if (!input || !results) return;
  const WAIT_MS = 80;
  const cache = new Map();

  const load = (path) => {
    if (!cache.has(path)) {
      const loading = fetchJson(path);
      loading.catch(() => cache.delete(path));
      cache.set(path, loading);
    }
    return cache.get(path);
  };

  /** A file of compressed JSON; null where there is none. Some hosts unpack it on the way. */
  async function fetchJson(path) {
    const response = await fetch(path);
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`"${path}" was answered with ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return JSON.parse(new TextDecoder().decode(bytes));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await new Response(stream).json();
  }

  /** The rows of each list of the index that have a word with this prefix. */
  async function rowsOf(shared, index, prefix) {
    const letters = Array.from(prefix);
    let file = shared.indexFile(letters.slice(0, 2).join(""));
    if (index.divided.includes(file)) {
      const part = shared.indexFile(letters.slice(0, 3).join("")).slice(0, 30);
      file = part.startsWith("other-") ? `${file}-${part}` : part;
    }
    // only files that exist are requested, so that the console stays quiet
    if (!index.words.includes(file)) return [];
    const words = await load(`search/words/${file}.json.gz`) ?? {};
    const lists = [];
    for (const [word, text] of Object.entries(words)) {
      if (!word.startsWith(prefix)) continue;
      for (const [at, steps] of text.split(";").entries()) {
        if (steps === "") continue;
        lists[at] ??= new Set();
        let row = -1;
        for (const step of steps.split(",")) {
          row += Number.parseInt(step, 36);
          lists[at].add(row);
        }
      }
    }
    return lists;
  }

  async function search(text, kind) {
    const shared = await import("./shared.js");
    const index = await load("search/index.json.gz");
    const words = shared.searchable(text).split(/\s+/).filter((word) => word !== "").slice(0, 8);
    const tokens = words.flatMap((word) => shared.wordsOf(word));
    if (tokens.length === 0) return { status: "Type the beginning of a word.", groups: [] };
    const shortest = Math.min(...tokens.map((token) => Array.from(token).length));
    const isDivided = (token) =>
      index.divided.includes(shared.indexFile(Array.from(token).slice(0, 2).join("")));
    if (shortest < 2 || tokens.some((token) => Array.from(token).length < 3 && isDivided(token))) {
      return { status: `Type at least ${shortest < 2 ? "two" : "three"} letters.`, groups: [] };
    }
    const found = await Promise.all(
      tokens.map((token) => rowsOf(shared, index, token.slice(0, 40))),
    );
    const most = kind ? 50 : index.shown;
    const groups = [];
    for (const [at, it] of index.kinds.entries()) {
      if (kind && it.kind !== kind) continue;
      const [begins, others] = [2 * at, 2 * at + 1];
      const has = (lists, row) => lists[begins]?.has(row) || lists[others]?.has(row);
      const sorted = (set) => [...set ?? []].sort((one, other) => one - other);
      const rest = found.slice(1);
      const isIn = (row) => rest.every((lists) => has(lists, row));
      const firstRows = sorted(found[0][begins]).filter(isIn);
      const known = new Set(firstRows);
      const rows = [
        ...firstRows,
        ...sorted(found[0][others]).filter((row) => !known.has(row) && isIn(row)),
      ];
      if (rows.length === 0) continue;
      const entries = await Promise.all(
        rows.slice(0, most).map(async (row) => {
          const file = Math.floor(row / it.rowsPerFile);
          const all = await load(`search/entries/${it.kind}-${file}.json.gz`);
          return all[row % it.rowsPerFile];
        }),
      );
      groups.push({ ...it, entries, more: !kind && rows.length > most });
    }
    const status = groups.length === 0
      ? "Nothing found. This search finds beginnings of words; try fewer or other words."
      : `Results for “${text.trim()}”`;
    return { status, groups };
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function plural(count, one) {
    const many = one.endsWith("y") ? `${one.slice(0, -1)}ies` : `${one}s`;
    return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
  }

  function show(text, { status, groups }) {
    const sections = groups.map(({ kind, heading, counts, entries, more }) => {
      const section = element("section");
      section.append(element("h2", heading));
      const list = element("ul", undefined, { class: "found" });
      for (const [label, detail, count, address] of entries) {
        const item = element("li");
        const name = address === null
          ? element("span", undefined)
          : element("a", undefined, { href: address });
        name.append(element("bdi", label));
        const below = detail === null
          ? plural(count, counts)
          : `${detail} · ${plural(count, counts)}`;
        item.append(name, element("span", below, { class: "sub" }));
        list.append(item);
      }
      section.append(list);
      if (more) {
        const paragraph = element("p");
        const query = new URLSearchParams({ q: text, kind });
        paragraph.append(
          element("a", `More ${heading.toLowerCase()}`, { href: `search.html?${query}` }),
        );
        section.append(paragraph);
      }
      return section;
    });
    results.replaceChildren(element("p", status, { role: "status" }), ...sections);
  }

  let latest = 0;
  async function run(isTyped) {
    const text = input.value;
    const parameters = new URLSearchParams(location.search);
    const kind = isTyped ? undefined : parameters.get("kind") ?? undefined;
    const number = ++latest;
    try {
      const found = await search(text, kind);
      if (number !== latest) return;
      show(text, found);
      results.dataset.ready = text;
      if (isTyped) history.replaceState(null, "", `?${new URLSearchParams({ q: text })}`);
    } catch (error) {
      results.replaceChildren(
        element("p", `The search could not be loaded: ${error.message}`, { role: "status" }),
      );
    }
  }

  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => run(true), WAIT_MS);
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    run(true);
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked !== null && asked !== "") {
    input.value = asked.slice(0, 200);
    run(false);
  }
})();
