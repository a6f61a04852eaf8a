// Filters and sorts a list of a published site. Its rows are Parquet, loaded when the reader asks for it
// or follows a link with a filter; without this script there are the first pages and the files.
import { fileNameOf } from "./shared.js";

const PAGE_ROWS = 50;
const MOST_FACET_VALUES = 12;
const LONGEST_TEXT = 120;
const tools = document.getElementById("table-tools");
const rowsPlace = document.getElementById("rows");

/** What is known of the list, and its rows once they are loaded. */
let manifest;
let loading;
let state = { filters: {}, text: "", sort: undefined, isDescending: false, page: 1 };

if (tools) start();

async function start() {
  manifest = await (await fetch(tools.dataset.table)).json();
  const size = manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const button = element("button", `Filter and sort all ${count(manifest.rows)} rows`, {
    type: "button",
    id: "load",
  });
  const note = element("span", `loads ${formatBytes(size)}`, { class: "quiet" });
  tools.className = "tools";
  tools.append(button, note);
  button.addEventListener("click", show);
  addEventListener("hashchange", () => {
    readHash();
    show();
  });
  readHash();
  if (Object.keys(state.filters).length > 0) show();
  tools.dataset.ready = "yes";
}

/** The filters of the address, as links of other pages have them. */
function readHash() {
  const filters = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  state = { ...state, filters, page: 1 };
}

async function loadRows() {
  const { parquetReadObjects } = await import("./hyparquet/read.js");
  const rows = [];
  for (const { file } of manifest.parts) {
    const response = await fetch(tools.dataset.root + file);
    if (!response.ok) throw new Error(`"${file}" was answered with ${response.status}`);
    const buffer = await response.arrayBuffer();
    for (const row of await parquetReadObjects({ file: buffer })) rows.push(row);
  }
  return rows;
}

async function show() {
  const status = document.getElementById("table-status") ??
    tools.appendChild(element("span", "", { id: "table-status", role: "status" }));
  status.textContent = "Loading…";
  try {
    loading ??= loadRows();
    const rows = await loading;
    status.textContent = "";
    render(rows);
  } catch (error) {
    loading = undefined;
    status.textContent = `The table could not be loaded: ${error.message}`;
  }
}

function matching(rows) {
  const filters = Object.entries(state.filters);
  const words = state.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = rows.filter((row) =>
    filters.every(([name, value]) => valuesOf(row[name]).includes(value)) &&
    (words.length === 0 || words.every((word) => textOf(row).includes(word)))
  );
  if (state.sort === undefined) return found;
  const { name, label } = state.sort;
  const key = label ?? name;
  const sign = state.isDescending ? -1 : 1;
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  // rows without a value come last, whichever way
  return found.toSorted((one, other) => {
    const [a, b] = [one[key], other[key]];
    if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
    if (b === null || b === undefined) return -1;
    return sign * (typeof a === "string" ? collator.compare(a, b) : Number(a) - Number(b));
  });
}

function valuesOf(value) {
  if (value === null || value === undefined) return [];
  return String(value).split(manifest.separator);
}

function textOf(row) {
  return manifest.columns.map(({ name, label, below }) =>
    [row[label ?? name], below && row[below]].filter(Boolean).join(" ")
  ).join(" ").toLowerCase();
}

function render(rows) {
  const found = matching(rows);
  const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
  state.page = Math.min(state.page, pages);
  const focused = document.activeElement?.id;
  const selection = focused === "table-text" ? document.activeElement.selectionStart : undefined;
  const content = element("div", undefined, { id: "table-content" });
  content.append(chips(), textField(rows), table(rows, found, pages), pager(rows, pages));
  content.append(downloadButton(found));
  document.getElementById("load")?.nextElementSibling?.remove();
  document.getElementById("load")?.remove();
  const old = [...rowsPlace.children].filter((it) => it !== tools);
  for (const it of old) it.remove();
  rowsPlace.append(content);
  facets(found);
  if (focused) document.getElementById(focused)?.focus();
  if (selection !== undefined) {
    document.getElementById("table-text").setSelectionRange(selection, selection);
  }
  // the chips that the page came with, and the facets, say what was true of all rows
  for (const it of document.querySelectorAll("ul.chips:not(#table-content ul)")) it.remove();
  tools.dataset.shown = String(found.length);
}

function chips() {
  const list = element("ul", undefined, { class: "chips", "aria-label": "Filters that apply" });
  for (const [name, value] of Object.entries(state.filters)) {
    const facet = manifest.facets.find((it) => it.name === name);
    const item = element("li");
    const { [name]: _removed, ...others } = state.filters;
    item.append(
      `${facet?.head ?? name.replaceAll("_", " ")}: `,
      element("strong", labelOf(name, value)),
      " ",
      element("a", "remove", { href: `#${new URLSearchParams(others)}` }),
    );
    list.append(item);
  }
  list.hidden = list.children.length === 0;
  return list;
}

function textField(rows) {
  const box = element("p", undefined, { class: "tools" });
  const label = element("label", "Rows that contain", { for: "table-text" });
  const input = element("input", undefined, { id: "table-text", type: "search" });
  input.value = state.text;
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      state = { ...state, text: input.value, page: 1 };
      render(rows);
    }, 150);
  });
  box.append(label, input);
  return box;
}

function table(rows, found, pages) {
  const caption = `${plural(found.length)}${pages > 1 ? `, page ${state.page} of ${pages}` : ""}`;
  const box = element("div", undefined, {
    class: "scroll",
    tabindex: "0",
    role: "region",
    "aria-label": caption,
  });
  const made = element("table");
  const head = element("caption");
  head.append(element("span", caption));
  made.append(head);
  const heads = element("tr");
  for (const column of manifest.columns) {
    const cell = element("th", undefined, { scope: "col" });
    if (column.type === "number") cell.className = "n";
    const isSorted = state.sort?.name === column.name;
    if (isSorted) {
      cell.setAttribute("aria-sort", state.isDescending ? "descending" : "ascending");
    }
    const button = element("button", column.head, { type: "button", id: `sort-${column.name}` });
    button.addEventListener("click", () => {
      // numbers begin with the largest, text with the first
      const isDescending = isSorted ? !state.isDescending : column.type === "number";
      state = { ...state, sort: column, isDescending, page: 1 };
      render(rows);
    });
    cell.append(button);
    heads.append(cell);
  }
  made.append(element("thead"));
  made.tHead.append(heads);
  const body = element("tbody");
  const first = (state.page - 1) * PAGE_ROWS;
  for (const row of found.slice(first, first + PAGE_ROWS)) body.append(tableRow(row));
  made.append(body);
  box.append(made);
  return box;
}

function tableRow(row) {
  const line = element("tr");
  for (const [at, column] of manifest.columns.entries()) {
    const cell = at === 0 ? element("th", undefined, { scope: "row" }) : element("td");
    if (column.type === "number") cell.className = "n";
    cell.append(content(column, row));
    const below = column.below && row[column.below];
    if (below) cell.append(element("span", String(below), { class: "sub" }));
    line.append(cell);
  }
  return line;
}

function content({ type, name, label, kind, address }, row) {
  const value = row[name];
  if (value === null || value === undefined) return "–";
  if (type === "number") return count(value);
  if (type === "label") return labelOf(name, String(value));
  if (type === "code") return element("code", String(value));
  if (type === "time") return element("time", new Date(value).toISOString().slice(0, 10));
  if (type === "entry") {
    const text = shortened(String(row[label] ?? value));
    const page = row[`${name}_page`];
    if (!page) return text;
    const path = page === 1
      ? `${kind}/${fileNameOf(String(value))}.html`
      : `entry.html#${kind}/${encodeURIComponent(value)}`;
    const link = element("a", undefined, { href: tools.dataset.root + path });
    link.append(text);
    return link;
  }
  const text = name === "path" && row.line_number ? `${value}:${row.line_number}` : String(value);
  const href = row[address];
  if (type !== "link" || !/^https?:\/\//i.test(href ?? "")) return shortened(text);
  const link = element("a", undefined, { href, rel: "noopener noreferrer" });
  link.append(shortened(text));
  return link;
}

/** Text of others: its direction of writing ends with it, and it is cut as on the other pages. */
function shortened(text) {
  const characters = Array.from(text.slice(0, 800));
  if (characters.length <= LONGEST_TEXT) return element("bdi", text);
  const shown = `${characters.slice(0, LONGEST_TEXT).join("").trimEnd()}…`;
  return element("bdi", shown, { title: characters.slice(0, 300).join("") });
}

function pager(rows, pages) {
  const box = element("p", undefined, { class: "pager" });
  box.hidden = pages === 1;
  for (
    const [id, text, page] of [["previous", "← Previous page", -1], ["next", "Next page →", 1]]
  ) {
    const button = element("button", text, { type: "button", id: `page-${id}` });
    button.disabled = state.page + page < 1 || state.page + page > pages;
    button.addEventListener("click", () => {
      state = { ...state, page: state.page + page };
      render(rows);
    });
    box.append(button);
  }
  return box;
}

/** Counts of the rows that are shown, in place of those of the page. */
function facets(found) {
  const place = document.querySelector(".facets");
  if (!place) return;
  const groups = manifest.facets.filter(({ name }) => state.filters[name] === undefined)
    .map(({ name, head }) => {
      const counts = new Map();
      for (const row of found) {
        for (const value of valuesOf(row[name])) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const top = [...counts].sort(([one, few], [other, many]) =>
        many - few || (one < other ? -1 : 1)
      ).slice(0, MOST_FACET_VALUES);
      if (top.length === 0) return undefined;
      const box = element("details", undefined, { class: "facet", open: "" });
      const list = element("ul");
      for (const [value, number] of top) {
        const item = element("li");
        const hash = new URLSearchParams({ ...state.filters, [name]: value });
        item.append(
          element("a", labelOf(name, value).slice(0, 60), { href: `#${hash}` }),
          element("span", count(number), { class: "count" }),
        );
        list.append(item);
      }
      box.append(element("summary", head), list);
      return box;
    });
  place.replaceChildren(...groups.filter((it) => it !== undefined));
}

/** The rows that are shown, as a file. */
function downloadButton(found) {
  const box = element("p", undefined, { class: "files" });
  const button = element("button", `Download these ${plural(found.length)} as CSV`, {
    type: "button",
    id: "download",
  });
  button.addEventListener("click", () => {
    const names = Object.keys(found[0] ?? {}).filter((name) => !name.endsWith("_page"));
    const lines = [names, ...found.map((row) => names.map((name) => row[name]))];
    const text = lines.map((line) => line.map(csvCell).join(",") + "\r\n").join("");
    const link = element("a", undefined, {
      href: URL.createObjectURL(new Blob([text], { type: "text/csv" })),
      download: `${manifest.list}.csv`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  box.append(button);
  return box;
}

/** Text that a spreadsheet would take for a formula gets an apostrophe. */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  let text = String(value).replaceAll(manifest.separator, ", ");
  if (typeof value === "string" && /^[-=+@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function labelOf(name, value) {
  const facet = manifest.facets.find((it) => it.name === name);
  const column = manifest.columns.find((it) => it.name === name);
  return manifest.labels[name]?.[value] ?? column?.labels?.[value] ?? facet?.labels?.[value] ??
    value;
}

function count(value) {
  return Number(value).toLocaleString("en-US");
}

function plural(number) {
  return `${count(number)} ${number === 1 ? "row" : "rows"}`;
}

function formatBytes(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
