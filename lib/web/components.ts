/**
 * What pages are put together from: tables, bar charts, lists of properties, and the two sentences
 * that say what was searched, as of when and how complete the result is. Used by the report, the
 * explorer and the published site, so that they look and read alike.
 * @module
 */
import { formatCount } from "../cli/progress.ts";
import { type Html, html, type Part, untrusted } from "./html.ts";
import { moment, plural } from "./labels.ts";

/** A column of a table: its head, its cell, and whether it holds numbers. */
export interface TableColumn<Row> {
  head: Part;
  cell: (row: Row) => Part;
  isNumber?: boolean;
}

/** A table that scrolls on its own where the page is narrow; the first column heads its row. */
export function table<Row>(caption: string, columns: TableColumn<Row>[], rows: Row[]): Html {
  const heads = columns.map(({ head, isNumber }) =>
    isNumber
      ? html`<th scope="col" class="n">${typeof head === "string" ? hyphenated(head) : head}</th>`
      : html`<th scope="col">${head}</th>`
  );
  const lines = rows.map((row) =>
    html`
      <tr>${columns.map(({ cell, isNumber }, index) => {
        const content = cell(row);
        if (index === 0) return html`<th scope="row">${content}</th>`;
        if (!isNumber) return html`<td>${content}</td>`;
        return content === "0"
          ? html`<td class="n zero">0</td>`
          : html`<td class="n">${content}</td>`;
      })}</tr>
    `
  );
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <caption><span>${caption}</span></caption>
        <thead>
          <tr>${heads}</tr>
        </thead>
        <tbody>${lines}</tbody>
      </table>
    </div>
  `;
}

/** Soft hyphens, because columns of numbers are narrower than their heads. */
function hyphenated(head: string): string {
  return head.replace(
    /(Reposi|Normal|Identi|Depen|Resour|Pack)(?=(tories|ized|fier|dents|ces|ages))/gi,
    "$1\u00ad",
  );
}

/** One bar of a chart. `of` is the total that it is a share of, drawn as a pale bar behind it. */
export interface Bar {
  label: Part;
  value: number;
  of?: number;
  /** Shown in place of the value. */
  note?: string;
}

/**
 * Horizontal bars as a table: label, bar, number. The number is text beside its bar, so the chart
 * needs no second table for those who cannot see it.
 * @param labelHead what the labels are
 * @param valueHead what the numbers count
 */
export function barChart(
  title: string,
  note: Part,
  labelHead: string,
  valueHead: string,
  bars: Bar[],
): Html {
  if (bars.length === 0) {
    return html`
      <figure class="bars">
        <figcaption>${title}<span>None found.</span></figcaption>
      </figure>
    `;
  }
  const largest = Math.max(...bars.map((bar) => bar.of ?? bar.value), Number.MIN_VALUE);
  const width = (value: number) => `${Number((100 * value / largest).toFixed(2))}%`;
  const rows = bars.map(({ label, value, of, note: end }) =>
    html`
      <tr>
        <th scope="row">${label}</th>
        <td class="bar">
          <svg aria-hidden="true"
            focusable="false">${of === undefined ? null : html`
              <rect class="of" width="${width(of)}" height="100%" />
            `}<rect width="${width(value)}" height="100%"/></svg>
        </td>
        <td class="n">${end ?? formatCount(value)}</td>
      </tr>
    `
  );
  return html`
    <figure class="bars">
      <table>
        <caption>${title}<span>${note}</span></caption>
        <thead class="hidden">
          <tr>
            <th scope="col">${labelHead}</th>
            <td></td>
            <th scope="col">${valueHead}</th>
          </tr>
        </thead>
        <tbody>${rows}</tbody>
      </table>
    </figure>
  `;
}

/** Named properties of one entry; those without a value are left out. */
export function properties(entries: [name: string, value: Part][]): Html {
  const shown = entries.filter(([, value]) =>
    value !== null && value !== undefined && value !== ""
  );
  return html`
    <dl class="properties">${shown.map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )}</dl>
  `;
}

/** A large number with what it counts, and a smaller remark. */
export function keyFigure(value: number, label: string, remark?: string): Html {
  return html`
    <div>
      <dt>${label}</dt>
      <dd>${formatCount(value)}${remark === undefined ? null : html`<small>${remark}</small>`}</dd>
    </div>
  `;
}

/** A source of code in the basis of a result. */
export interface BasisSource {
  title: string;
  repositories: number | null;
  as_of: Date | string | null;
  leaves_out: string | null;
}

/** What a result rests on: what was searched, as of when, and what is missing. */
export interface Basis {
  title: string;
  datasets: number;
  /** When the final tables were built. */
  createdAt: string;
  /** Names of the code searches. */
  backends: string[];
  /** What each holds, where it says so. */
  sources?: BasisSource[];
  queries: number;
  completeQueries: number;
  isComplete: boolean;
  reasons: string[];
}

const BACKEND_NAMES: Record<string, string> = {
  sourcegraph: "Sourcegraph",
  github: "GitHub code search",
  zoekt: "Zoekt",
  local: "local checkouts",
  corpus: "a corpus of public code",
};

/** Reasons that are listed; a harvest can have thousands. */
const MOST_REASONS = 20;

/** Whose the repositories of the headline are, and what it leaves out. */
export function repositoriesNote(figureOf: (name: string) => number): string {
  const [own, independent, unknown] = ["own", "independent", "unknown"].map((relation) =>
    formatCount(figureOf(`${relation}_repositories`))
  );
  return `${independent} independent, ${unknown} of unknown owners; without forks, mirrors and ` +
    `the publisher's own (${own})`;
}

/** The same two sentences at the head of the report and of every portal's home page. */
export function basisOf(basis: Basis): Html {
  const { title, datasets, createdAt, backends, queries, completeQueries, reasons } = basis;
  const names = backends.map((name) => BACKEND_NAMES[name] ?? name);
  const searchedBy = new Intl.ListFormat("en").format(names);
  const isAll = basis.isComplete && completeQueries === queries;
  const searched = html`Public code was searched through ${
    untrusted(searchedBy || "a code search", 120)
  } for the ${plural(datasets, "dataset")} of ${untrusted(title, 80)}, as of <time>${
    moment(createdAt)
  }</time>.`;
  const answered = `${formatCount(completeQueries)} of ${plural(queries, "query")}`;
  if (isAll) {
    return html`
      <p class="basis">${searched} The harvest and the search are complete (${answered}
      answered in full); what the code search has not indexed cannot be found.</p>
      ${sourcesOf(basis.sources ?? [])}
    `;
  }
  const more = reasons.length - MOST_REASONS;
  return html`
    <div class="basis warn">
      <p>${searched} <strong>Known to be incomplete</strong> (${answered} answered in full):
      every figure is a lower bound.</p>
      ${sourcesOf(basis.sources ?? [])}
      ${reasons.length === 0 ? null : html`
        <details>
          <summary>${plural(reasons.length, "reason")}</summary>
          <ul>${reasons.slice(0, MOST_REASONS).map((reason) =>
            html`
              <li>${untrusted(reason, 300)}</li>
            `
          )}${more > 0 ? html`<li>and ${formatCount(more)} more</li>` : null}</ul>
        </details>
      `}
    </div>
  `;
}

/** "The Stack v3: 173,000,000 repositories as of 2025-08-07; without files over 5 MB." */
function sourcesOf(sources: BasisSource[]): Html | null {
  if (sources.length === 0) return null;
  const sentences = sources.map(({ title, repositories, as_of, leaves_out }) => {
    const what = repositories === null ? "" : `: ${plural(repositories, "repository")}`;
    const when = as_of === null ? "" : ` as of ${new Date(as_of).toISOString().slice(0, 10)}`;
    return html`${untrusted(title, 80)}${what}${when}${
      leaves_out === null || leaves_out === "" ? "" : html`; without ${untrusted(leaves_out, 400)}`
    }.`;
  });
  return html`<p class="note">${
    sentences.map((it, at) =>
      at === 0 ? it : html`
        ${it}
      `
    )
  }</p>`;
}
