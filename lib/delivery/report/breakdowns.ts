import { formatCount } from "../../cli/progress.ts";
import { type Html, html, link, untrusted } from "../../web/html.ts";
import type { BreakdownRow, MatchKindRow, ReportData, TopicRow } from "./rows.ts";
import { counted, figure, KIND_NAMES, percent, placeLink, table } from "./components.ts";

/** The report's charts, and how the mentions were graded. */

export function kindsSection(data: ReportData): Html {
  return html`
    <section id="kinds"><h2>How sure a mention is</h2>
    <p>Every mention is graded by what stands in the code. The kinds are different things and stand side by side;
    adding them up would give a number that means nothing.</p>
    <dl class="kinds">${data.matchKinds.map(kindPart)}</dl>
    ${table<MatchKindRow>("Mentions by kind; what is counted apart stands on the right", [
      { head: "Kind", cell: (row) => KIND_NAMES[row.match_kind] ?? row.match_kind },
      { head: "Reposi\u00adtories", isNumber: true, cell: (row) => formatCount(row.repositories) },
      { head: "Places", isNumber: true, cell: (row) => formatCount(row.mentions) },
      { head: "Data\u00adsets", isNumber: true, cell: (row) => formatCount(row.datasets) },
      { head: "Places in forks", isNumber: true, cell: (row) => formatCount(row.fork_mentions) },
      { head: "in mirrors", isNumber: true, cell: (row) => formatCount(row.mirror_mentions) },
      { head: "generic", isNumber: true, cell: (row) => formatCount(row.generic_mentions) },
    ], data.matchKinds)}</section>
  `;
}

function kindPart(row: MatchKindRow): Html {
  const example = row.example_repository === null
    ? null
    : html`<dd class="quiet">e.g. <code>${untrusted(row.example_text, 100)}</code> in ${
      untrusted(row.example_repository, 60)
    }, ${
      placeLink({
        path: row.example_path ?? "",
        line_number: row.example_line_number,
        url: row.example_url,
      })
    }</dd>`;
  return html`
    <div><dt>${KIND_NAMES[row.match_kind] ?? row.match_kind}</dt><dd>${row.explanation}</dd>
    <dd class="big">${counted(row.repositories, "repository", "repositories")}, ${counted(
      row.datasets,
      "dataset",
    )}</dd>${example}</div>
  `;
}

const USE_NAMES: Record<string, string> = {
  code: "Source code",
  notebook: "Notebook",
  documentation: "Documentation",
  configuration: "Configuration",
  data: "Data file",
  unknown: "Not known",
};

export function usesSection(data: ReportData): Html {
  const of = (name: string) => data.breakdowns[name] ?? [];
  return html`
    <section id="uses">
      <h2>What for</h2>
      <p>The kind of use is guessed from the file’s path and type: a heuristic. A repository counts in each kind it
        has.</p>
      <div class="pairs">
        ${repositoriesFigure(
          "Kinds of use",
          "Repositories with a mention in such a file.",
          of("kind_of_use"),
          (value) => USE_NAMES[value] ?? value,
        )}
        ${repositoriesFigure(
          "Languages",
          "Repositories with a mention in a file of that language.",
          of("language"),
        )}
        ${repositoriesFigure(
          "Formats",
          "Repositories that name a resource of that format.",
          of("format"),
        )}
        ${repositoriesFigure(
          "Licences",
          "Repositories that mention a dataset under that licence.",
          of("licence"),
        )}
        ${topicsFigure(data.topics)}
        ${yearsFigure(of("year_of_last_push"))}
    ${concentrationFigure(of("repositories_per_dataset"))}
          </div>
    </section>
  `;
}

function repositoriesFigure(
  title: string,
  note: string,
  rows: BreakdownRow[],
  nameOf: (value: string) => string = (value) => value,
): Html {
  const mentioned = rows.filter((row) => (row.repositories ?? 0) > 0);
  const hasWhole = mentioned.some((row) => row.datasets !== null);
  return figure(
    title,
    note,
    mentioned.map((row) => ({ label: nameOf(row.value), value: row.repositories ?? 0 })),
    [
      { head: title, cell: (row) => untrusted(nameOf(row.value), 60) },
      { head: "Repositories", isNumber: true, cell: (row) => formatCount(row.repositories ?? 0) },
      {
        head: "Datasets mentioned",
        isNumber: true,
        cell: (row) => formatCount(row.mentioned_datasets),
      },
      ...(hasWhole
        ? [{
          head: "of all",
          isNumber: true,
          cell: (row: BreakdownRow) => formatCount(row.datasets ?? 0),
        }]
        : []),
    ],
    mentioned,
  );
}

function topicsFigure(rows: TopicRow[]): Html {
  return figure(
    "Topics",
    "Repositories that mention a dataset with that tag or group.",
    rows.map((row) => ({ label: row.topic, value: row.repositories })),
    [
      { head: "Topic", cell: (row) => untrusted(row.topic, 60) },
      { head: "Kind", cell: (row) => row.topic_kind },
      { head: "Repositories", isNumber: true, cell: (row) => formatCount(row.repositories) },
      {
        head: "Datasets mentioned",
        isNumber: true,
        cell: (row) => formatCount(row.mentioned_datasets),
      },
      { head: "of all", isNumber: true, cell: (row) => formatCount(row.datasets) },
    ],
    rows,
  );
}

/** Only where the repositories' hosts were asked. */
function yearsFigure(rows: BreakdownRow[]): Html | null {
  if (rows.length === 0) return null;
  const sorted = [...rows].sort((a, b) => b.value.localeCompare(a.value));
  const note = "Repositories by the year in which something was last pushed to them.";
  return repositoriesFigure("Last push", note, sorted);
}

function concentrationFigure(rows: BreakdownRow[]): Html {
  const order = ["0", "1", "2 to 4", "5 to 9", "10 or more"];
  const sorted = [...rows].sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
  const all = sorted.reduce((sum, row) => sum + (row.datasets ?? 0), 0);
  const share = (row: BreakdownRow) => percent(row.datasets ?? 0, all);
  return figure(
    "Concentration",
    "Datasets by the number of repositories that mention them.",
    sorted.map((row) => ({
      label: row.value === "1" ? "1 repository" : `${row.value} repositories`,
      value: row.datasets ?? 0,
      note: share(row),
    })),
    [
      { head: "Repositories", cell: (row) => row.value },
      { head: "Datasets", isNumber: true, cell: (row) => formatCount(row.datasets ?? 0) },
      { head: "Share", isNumber: true, cell: share },
    ],
    sorted,
  );
}

/** What changed since the search before, where there was one. */
export function trendPart(data: ReportData): Html | null {
  const { kept = 0, gone = 0 } = data.trend;
  const added = data.trend.new ?? 0;
  if (kept + gone + added === 0) return null;
  return html`
    <p>Since the earlier searches: ${counted(
      added,
      "pair",
    )} of dataset and repository new, ${formatCount(gone)} gone, ${formatCount(
      kept,
    )} kept. Public indexes give not always the same: what seems gone may come again.</p>
  `;
}

/** A link to the address with the address as its text. */
export function addressLink(address: string): Html {
  return link(address, untrusted(address, 80));
}
