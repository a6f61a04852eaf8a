import { html, untrusted } from "../../web/html.ts";
import { formatCount } from "../../cli/progress.ts";
import type { Page } from "../layout.ts";
import { DATASETS, LISTS, MENTIONS, ORGANIZATIONS, REPOSITORIES } from "../lists.ts";
import type { SiteData } from "../site_data.ts";
import { listSection, table } from "../table_parts.ts";
import { moment, plural, wordFor } from "../../web/labels.ts";

/** The first page of all: the sites. */
export async function sitesPage(sites: SiteData[]): Promise<Page> {
  const cards = await Promise.all(sites.map(async (data) => {
    const figures = await figuresOf(data);
    const { created_at, complete } = data.snapshot.manifest;
    return html`
      <li>
        <h2><a href="/${data.name}">${untrusted(data.title, 80)}</a></h2>
        <p>${formatCount(figures.mentioned_datasets ?? 0)} of ${plural(
          figures.datasets ?? 0,
          "dataset",
        )} are mentioned in ${plural(figures.repositories ?? 0, "repository")}.</p>
        <p class="quiet">As of ${moment(created_at)}${complete
          ? ""
          : "; something is known to be missing"}</p>
      </li>
    `;
  }));
  return {
    title: "Open data in public code",
    section: "sites",
    body: html`
      <h1>Who mentions open data in public code</h1>
      <p class="lead">Every dataset of a portal, and every place in public code that was found to name
        it: which repository, which line, how sure.</p>
      <ul class="cards">${cards}</ul>
      ${sites.length > 1 ? html`<p><a href="/compare">Compare these portals</a></p>` : null}
    `,
  };
}

/** `/{site}`: the key figures, how mentions were graded, what is mentioned most. */
export async function sitePage(data: SiteData): Promise<Page> {
  const figures = await figuresOf(data);
  const kinds = await matchKinds(data);
  const { created_at, complete, reasons } = data.snapshot.manifest;
  const figure = (name: string, of: string, text: string) =>
    html`
      <div>
        <dt>${text}</dt>
        <dd>${formatCount(figures[name] ?? 0)}${of === ""
          ? null
          : html`<small>of ${formatCount(figures[of] ?? 0)}</small>`}</dd>
      </div>
    `;
  const [datasets, organizations, repositories] = await Promise.all([
    listSection(data, DATASETS, { is_mentioned: "yes" }, { heading: "Most mentioned datasets" }),
    listSection(data, ORGANIZATIONS, { is_mentioned: "yes" }, {
      heading: "Most mentioned organizations",
    }),
    listSection(data, REPOSITORIES, { counted_as: "original" }, {
      heading: "Repositories that mention most",
    }),
  ]);
  const column = (head: string, name: string) => ({
    head,
    name,
    isNumber: true,
    cell: (row: Record<string, unknown>) => formatCount(row[name] as number),
  });
  return {
    title: "Overview",
    section: "overview",
    body: html`
      <p class="kicker">Open data in public code</p>
      <h1>${untrusted(data.title, 100)}</h1>
      <p class="quiet">As of ${moment(created_at)}</p>
      ${complete ? null : html`
        <div class="box warn">
          <p><strong>Something is known to be missing.</strong></p>
          <ul>${reasons.map((reason) => html`<li>${untrusted(reason, 300)}</li>`)}</ul>
        </div>
      `}
      <dl class="figures">
        ${figure("mentioned_datasets", "datasets", "datasets are mentioned")}
        ${figure("mentioned_resources", "resources", "resources are mentioned by name")}
        ${figure(
          "mentioned_organizations",
          "organizations",
          "organizations have a mentioned dataset",
        )}
        ${figure("repositories", "", "repositories mention a dataset")}
      </dl>
      <p class="quiet">Counted apart: ${formatCount(figures.fork_repositories ?? 0)} forks,
        ${formatCount(figures.mirror_repositories ?? 0)} mirrors of the catalogue,
        ${formatCount(figures.generic_repositories ?? 0)} repositories with only a generic URL.</p>
      <section>
        <h2>How sure: kinds of match</h2>
        ${table(
          "Kinds of match, strongest first; they are never added up",
          [
            {
              head: "Kind",
              name: "match_kind",
              cell: (row, site) =>
                html`
                  <a href="/${site}/${MENTIONS.name}?match_kind=${row.match_kind}">${wordFor(
                    "match_kind",
                    row.match_kind,
                  )}</a><span
                    class="sub">${row.explanation}</span>
                `,
            },
            column("Repositories", "repositories"),
            column("Places", "mentions"),
            column("Datasets", "datasets"),
          ],
          kinds,
          data.name,
        )}
        <p class="files">All rows: <a href="/${data.name}/data/match_kinds.csv" download>CSV<span
          class="hidden"> of kinds of match</span></a>
          <a href="/${data.name}/data/match_kinds.json">JSON<span class="hidden"> of kinds of
            match</span></a></p>
      </section>
      ${datasets}
      ${organizations}
      ${repositories}
      <section>
        <h2>All tables</h2>
        <ul class="found">${Object.values(LISTS).filter(({ needs }) => needs === undefined).map((
          list,
        ) =>
          html`
            <li><a href="/${data.name}/${list.name}">${list.heading}</a>
              <span class="sub">${list.about}</span></li>
          `
        )}</ul>
      </section>
    `,
  };
}

/** What kinds of match there are, strongest first, with what was found of each. */
export function matchKinds(data: SiteData): Promise<Record<string, unknown>[]> {
  return data.known("select * from final.final_match_kinds order by strength");
}

async function figuresOf(data: SiteData): Promise<Record<string, number>> {
  const rows = await data.known<{ figure: string; value: number }>(
    "select figure, value from final.final_key_figures",
  );
  return Object.fromEntries(rows.map(({ figure, value }) => [figure, value]));
}
