/**
 * How the mentions were graded, and charts of what kind of use, language, format, licence and topic
 * they have.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { barChart, table } from "../../web/components.ts";
import { type Html, html, untrusted } from "../../web/html.ts";
import { labelFor, percent, plural } from "../../web/labels.ts";
import { numbers, placeLink } from "./cells.ts";
import type { BreakdownRow, MatchKindRow, ReportData } from "./data.ts";

/** Match confidence: every kind with its explanation, an example and its counts. */
export function kindsSection(data: ReportData): Html {
  return html`
    <section id="kinds"><h2>Match confidence</h2>
    <p>Every mention is graded by the text found in the code, strongest kind first. The kinds are
    counted side by side: a repository can have several, so they do not add up.</p>
    <dl class="kinds">${data.matchKinds.map(kindEntry)}</dl>
    ${table<MatchKindRow>("Mentions by kind of match; counted apart on the right", [
      { head: "Kind", cell: (row) => labelFor("match_kind", row.match_kind) },
      numbers("Repositories", (row) => row.repositories),
      numbers("Mentions", (row) => row.mentions),
      numbers("Datasets", (row) => row.datasets),
      numbers("In forks", (row) => row.fork_mentions),
      numbers("In mirrors", (row) => row.mirror_mentions),
      numbers("Generic", (row) => row.generic_mentions),
    ], data.matchKinds)}</section>
  `;
}

function kindEntry(row: MatchKindRow): Html {
  const example = row.example_repository === null
    ? null
    : html`<dd class="quiet">Example: <code>${untrusted(row.example_text, 100)}</code> in ${
      untrusted(row.example_repository, 60)
    }, ${
      placeLink({
        path: row.example_path ?? "",
        line_number: row.example_line_number,
        url: row.example_url,
      })
    }</dd>`;
  return html`
    <div><dt>${labelFor("match_kind", row.match_kind)}</dt><dd>${row.explanation}</dd>
    <dd class="big">${plural(row.repositories, "repository")}, ${plural(
      row.datasets,
      "dataset",
    )}</dd>${example}</div>
  `;
}

/** The charts. */
export function usesSection(data: ReportData): Html {
  const of = (name: string) => data.breakdowns.filter((row) => row.breakdown === name);
  return html`
    <section id="uses">
      <h2>Kind of use</h2>
      <p>The kind of use is estimated from the file’s path and type. A repository counts once in each
      kind that it has.</p>
      <div class="charts">
        ${repositoriesChart("Kinds of use", "with a mention in such a file", of("kind_of_use"))}
        ${repositoriesChart(
          "Languages",
          "with a mention in a file of that language",
          of("language"),
        )}
        ${repositoriesChart("Formats", "that name a resource of that format", of("format"))}
        ${repositoriesChart("Licences", "that mention a dataset under that licence", of("licence"))}
        ${topicsChart(data)}
        ${yearsChart(of("year_of_last_push"))}
      </div>
    </section>
  `;
}

function repositoriesChart(title: string, which: string, rows: BreakdownRow[]): Html {
  const mentioned = rows.filter((row) => (row.repositories ?? 0) > 0);
  return barChart(
    title,
    `Repositories ${which}.`,
    title,
    "Repositories",
    mentioned.map((row) => ({
      label: untrusted(labelFor(row.breakdown, row.value), 60),
      value: row.repositories ?? 0,
    })),
  );
}

function topicsChart({ topics }: ReportData): Html {
  return barChart(
    "Topics",
    "Repositories that mention a dataset with that tag or group.",
    "Topic",
    "Repositories",
    topics.map((row) => ({ label: untrusted(row.topic, 60), value: row.repositories })),
  );
}

/** Only where the code hosts were asked. */
function yearsChart(rows: BreakdownRow[]): Html | null {
  if (rows.length === 0) return null;
  const sorted = rows.toSorted((one, other) => other.value.localeCompare(one.value));
  return repositoriesChart("Last push", "by the year of the last push to them", sorted);
}

/** Datasets by the number of repositories that mention them: the distribution behind the totals. */
export function distributionChart(rows: BreakdownRow[]): Html {
  const order = ["0", "1", "2 to 4", "5 to 9", "10 or more"];
  const found = rows.filter((row) => row.breakdown === "repositories_per_dataset")
    .sort((one, other) => order.indexOf(one.value) - order.indexOf(other.value));
  const all = found.reduce((sum, row) => sum + (row.datasets ?? 0), 0);
  return barChart(
    "Most datasets are not mentioned; a few are mentioned widely",
    "Datasets by the number of repositories that mention them.",
    "Repositories",
    "Datasets",
    found.map((row) => ({
      label: row.value === "0"
        ? "No repository"
        : `${row.value} ${row.value === "1" ? "repository" : "repositories"}`,
      value: row.datasets ?? 0,
      note: `${formatCount(row.datasets ?? 0)} (${percent(row.datasets ?? 0, all)})`,
    })),
  );
}
