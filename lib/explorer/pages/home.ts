/**
 * `/` and `/{site}`: the sites, and the overview of one site.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import {
  barChart,
  basisOf,
  type BasisSource,
  keyFigure,
  repositoriesNote,
  table,
} from "../../web/components.ts";
import { html, untrusted } from "../../web/html.ts";
import { countOrDash, labelFor, moment, percent, plural } from "../../web/labels.ts";
import type { Page } from "../layout.ts";
import { linked } from "../links.ts";
import { downloads, listSection } from "../list_view.ts";
import { DATASETS, LISTS, MENTIONS, ORGANIZATIONS, REPOSITORIES } from "../lists.ts";
import type { SiteData } from "../site_data.ts";
import type { SnapshotRow, View } from "../view.ts";

/** The first page of the server: its sites. */
export async function sitesPage(sites: SiteData[]): Promise<Page> {
  const cards = await Promise.all(sites.map(async (data) => {
    const figures = await readFigures(data);
    const { created_at, complete } = data.snapshot.manifest;
    return html`
      <li>
        <h2><a href="/${data.name}">${untrusted(data.title, 80)}</a></h2>
        <p>Public code mentions ${formatCount(figures.mentioned_datasets ?? 0)} of ${plural(
          figures.datasets ?? 0,
          "dataset",
        )}, in ${plural(figures.repositories ?? 0, "repository")}.</p>
        <p class="quiet">As of ${moment(created_at)}${complete
          ? ""
          : "; known to be incomplete"}</p>
      </li>
    `;
  }));
  return {
    title: "Open data in public code",
    section: "sites",
    body: html`
      <h1>Who uses open data in public code</h1>
      <p class="lead">Every dataset of a portal, and every place in public code that was found to name
        it: which repository, which line, and how certain the match is.</p>
      <ul class="cards">${cards}</ul>
      ${sites.length > 1 ? html`<p><a href="/compare">Compare these portals</a></p>` : null}
    `,
  };
}

/** The overview of a site: key figures, the distribution, match confidence, most mentioned. */
export async function homePage(view: View): Promise<Page> {
  const { data, links } = view;
  const figures = await readFigures(data);
  const get = (name: string) => figures[name] ?? 0;
  const share = (part: string, total: string) =>
    `of ${formatCount(get(total))} · ${percent(get(part), get(total))}`;
  const [kinds, basis, datasets, organizations, repositories] = await Promise.all([
    readMatchKinds(data),
    basisSentences(data),
    listSection(view, DATASETS, { is_mentioned: "yes" }, {
      heading: "Most mentioned datasets",
      rows: 10,
    }),
    listSection(view, ORGANIZATIONS, { is_mentioned: "yes" }, {
      heading: "Most mentioned publishers",
      rows: 10,
    }),
    listSection(view, REPOSITORIES, { counted_as: "original" }, {
      heading: "Repositories that mention most datasets",
      rows: 10,
    }),
  ]);
  return {
    title: "Overview",
    description: `Public code mentions ${formatCount(get("mentioned_datasets"))} of ${
      plural(get("datasets"), "dataset")
    } of ${data.title}, in ${plural(get("repositories"), "repository")}.`,
    section: "overview",
    feed: links.feed(),
    body: html`
      <p class="kicker">Open data in public code</p>
      <h1>Who uses the data of ${untrusted(data.title, 100)}</h1>
      ${basis}
      <dl class="figures">
        ${keyFigure(
          get("mentioned_datasets"),
          "Datasets mentioned",
          share("mentioned_datasets", "datasets"),
        )}
        ${keyFigure(
          get("mentioned_resources"),
          "Resources mentioned by URL or id",
          share("mentioned_resources", "resources"),
        )}
        ${keyFigure(
          get("mentioned_organizations"),
          "Organizations with a mentioned dataset",
          share("mentioned_organizations", "organizations"),
        )}
        ${keyFigure(get("repositories"), "Repositories", repositoriesNote(get))}
      </dl>
      ${distribution(data)}
      <p class="quiet">Counted apart: ${plural(get("fork_repositories"), "fork")}, ${plural(
        get("mirror_repositories"),
        "catalogue mirror",
      )}, ${plural(get("generic_repositories"), "repository")} with only a generic URL.</p>
      ${datasets}
      ${organizations}
      ${repositories}
      <section>
        <h2>Match confidence</h2>
        ${table<SnapshotRow>("Kinds of match, strongest first; they do not add up", [
          {
            head: "Kind",
            cell: (row) =>
              html`${
                linked(
                  links.list(MENTIONS.name, { match_kind: row.match_kind }),
                  labelFor("match_kind", row.match_kind),
                )
              }<span class="sub">${row.explanation}</span>`,
          },
          { head: "Repositories", isNumber: true, cell: (row) => countOrDash(row.repositories) },
          { head: "Mentions", isNumber: true, cell: (row) => countOrDash(row.mentions) },
          { head: "Datasets", isNumber: true, cell: (row) => countOrDash(row.datasets) },
        ], kinds)}
        ${downloads(links, "match_kinds", "kinds of match")}
      </section>
      <section>
        <h2>All tables</h2>
        <ul class="found">${[...LISTS.values()].filter((list) =>
          list.requiredFilter === undefined && links.list(list.name) !== undefined
        ).map((list) =>
          html`
            <li>${linked(links.list(list.name), list.heading)}<span class="sub">${list
              .description}</span></li>
          `
        )}</ul>
      </section>
    `,
  };
}

/** Datasets by the number of repositories that mention them: most of a catalogue has none. */
function distribution({ tables }: SiteData) {
  const classes = [
    { label: "No repository", from: 0, to: 0 },
    { label: "1 repository", from: 1, to: 1 },
    { label: "2 to 4 repositories", from: 2, to: 4 },
    { label: "5 to 9 repositories", from: 5, to: 9 },
    { label: "10 or more repositories", from: 10, to: Infinity },
  ];
  const { repositories, size } = tables.datasets;
  return barChart(
    "Datasets by the number of repositories that mention them",
    "Without forks, mirrors of the catalogue and generic URLs.",
    "Repositories",
    "Datasets",
    classes.map(({ label, from, to }) => {
      let value = 0;
      for (const count of repositories) if (count >= from && count <= to) value += 1;
      return { label, value, note: `${formatCount(value)} (${percent(value, size)})` };
    }),
  );
}

/** What was searched, as of when, how complete. */
async function basisSentences(data: SiteData) {
  const { manifest } = data.snapshot;
  const searches = await data.known<{ backend: string; queries: number; complete: number }>(
    `select
       backend,
       sum(queries)::bigint as queries,
       coalesce(sum(queries) filter (where status = 'complete'), 0)::bigint as complete
     from final.final_searches group by backend order by backend`,
  );
  const sum = (of: (row: typeof searches[number]) => number) =>
    searches.reduce((total, row) => total + of(row), 0);
  return basisOf({
    title: data.title,
    datasets: data.tables.datasets.size,
    createdAt: manifest.created_at,
    backends: searches.map((row) => row.backend),
    sources: await data.known<BasisSource>(
      "select title, repositories, as_of, leaves_out from final.final_coverage order by source",
      // tables of an earlier version do not say
    ).catch(() => []),
    queries: sum((row) => row.queries),
    completeQueries: sum((row) => row.complete),
    isComplete: manifest.complete,
    reasons: manifest.reasons,
  });
}

/** The kinds of match, strongest first, with what was found of each. */
export function readMatchKinds(data: SiteData): Promise<SnapshotRow[]> {
  return data.known("select * from final.final_match_kinds order by strength");
}

/** The figures of a site by name. */
export async function readFigures(data: SiteData): Promise<Record<string, number>> {
  const rows = await data.known<{ figure: string; value: number }>(
    "select figure, value from final.final_key_figures",
  );
  return Object.fromEntries(rows.map(({ figure, value }) => [figure, value]));
}
