import { type Html, html, link, outside, type Part } from "../html.ts";
import { formatCount } from "../progress.ts";
import { idAddress, pageAddress, topicAddress, withQuery } from "./addresses.ts";
import { NotFound } from "./failures.ts";
import type { Page } from "./layout.ts";
import { DATASETS, MENTIONS, PAIRS, RESOURCES, TOGETHER } from "./lists.ts";
import type { SiteData } from "./site_data.ts";
import { facts, listSection } from "./table_parts.ts";
import { MATCH_KINDS, moment, wordFor } from "./words.ts";

/** A page for each dataset, organization, resource, repository and topic. */

// deno-lint-ignore no-explicit-any
type Row = Record<string, any>;

/** `/{site}/dataset/{id}` */
export async function datasetPage(data: SiteData, id: string): Promise<Page> {
  const row = await theRow(
    data,
    `select details.*, usage.* exclude (name, title), organization.title as organization
     from (select * from explorer.datasets where dataset_key = hash($id)) as known
     inner join final.final_dataset_usage as usage on known.item_row = usage.rowid
     inner join final.final_clean_datasets as details on known.dataset_row = details.rowid
     left join explorer.organizations as organization
       on known.organization_key = organization.organization_key
     where usage.dataset_id = $id`,
    { id },
  );
  const topics = await data.rows<{ topic_kind: string; topic: string }>(
    `select topics.topic_kind, topics.topic
     from final.final_dataset_topics as topics
     where topics.rowid in (
       select item_row from explorer.dataset_topics where dataset_key = hash($id)
     )
     order by topics.topic_kind, topics.topic limit 60`,
    { id },
  );
  const [resources, pairs, mentions, together] = await Promise.all([
    listSection(data, RESOURCES, { dataset_id: id }, { omit: ["dataset_id"], rows: 20 }),
    listSection(data, PAIRS, { dataset_id: id }, {
      heading: "Repositories that mention it",
      omit: ["dataset_id"],
      empty: "No repository was found to mention it.",
    }),
    listSection(data, MENTIONS, { dataset_id: id }, { omit: ["dataset_id"], rows: 20 }),
    listSection(data, TOGETHER, { dataset_id: id }),
  ]);
  const title = row.title ?? row.name ?? id;
  return {
    title,
    section: "datasets",
    body: html`
      ${head("Dataset", title)}
      ${notes(row.notes)}
      ${facts([
        [
          "Organization",
          row.organization_id === null
            ? null
            : html`<a href="${idAddress(data.name, "organization", row.organization_id)}">${
              outside(row.organization ?? row.organization_id)
            }</a>`,
        ],
        ["Licence", outside(row.license_title ?? row.license_id ?? "Not stated", 80)],
        ["Changed in the catalogue", row.metadata_modified ? moment(row.metadata_modified) : null],
        [
          "In the portal",
          row.name === null ? null : link(
            `${portalOf(data)}/dataset/${encodeURIComponent(row.name)}`,
            outside(row.name, 60),
          ),
        ],
        ["Id", html`<code>${outside(id, 80)}</code>`],
        [
          "Topics",
          topics.length === 0
            ? null
            : html`<ul class="inline">${
              topics.map(({ topic_kind, topic }) =>
                html`<li><a href="${topicAddress(data.name, topic_kind, topic)}">${
                  outside(topic, 40)
                }</a></li>`
              )
            }</ul>`,
        ],
        ["Neighbourhood", graphLink(data, { dataset_id: id })],
      ])}
      ${usage(row)}
      ${mentions}
      ${pairs}
      ${resources}
      ${together}
    `,
  };
}

/** `/{site}/organization/{id}` */
export async function organizationPage(data: SiteData, id: string): Promise<Page> {
  const row = await theRow(
    data,
    `select details.*, usage.* exclude (name, title)
     from (select * from explorer.organizations where organization_key = hash($id)) as known
     inner join final.final_organization_usage as usage on known.item_row = usage.rowid
     inner join final.final_clean_organizations as details
       on known.organization_row = details.rowid
     where usage.organization_id = $id`,
    { id },
  );
  const filters = { organization_id: id };
  const omit = ["organization_id"];
  const [datasets, mentions, unused] = await Promise.all([
    listSection(data, DATASETS, { ...filters, is_mentioned: "yes" }, {
      heading: "Datasets that are mentioned",
      omit,
      rows: 20,
    }),
    listSection(data, MENTIONS, filters, { omit }),
    listSection(data, DATASETS, { ...filters, is_mentioned: "no" }, {
      heading: "Datasets that no repository was found to mention",
      omit,
    }),
  ]);
  const title = row.title ?? row.name ?? id;
  return {
    title,
    section: "organizations",
    body: html`
      ${head("Organization", title)}
      ${notes(row.description ?? null)}
      ${facts([
        [
          "Datasets",
          `${formatCount(row.datasets)}, of which ${
            formatCount(row.mentioned_datasets)
          } are mentioned`,
        ],
        [
          "Resources",
          html`<a href="${withQuery(`/${data.name}/resources`, filters)}">${
            formatCount(row.resources)
          }</a>`,
        ],
        ["Id", html`<code>${outside(id, 80)}</code>`],
        ["Neighbourhood", graphLink(data, filters)],
      ])}
      ${usage(row)}
      ${datasets}
      ${mentions}
      ${unused}
    `,
  };
}

/** `/{site}/resource/{id}` */
export async function resourcePage(data: SiteData, id: string): Promise<Page> {
  const row = await theRow(
    data,
    `select details.*, known.repositories, dataset.title as dataset,
       organization.title as organization
     from (select * from explorer.resources where resource_key = hash($id)) as known
     inner join final.final_clean_all_resources as details on known.item_row = details.rowid
     left join explorer.datasets as dataset on known.dataset_key = dataset.dataset_key
     left join explorer.organizations as organization
       on known.organization_key = organization.organization_key
     where details.id = $id`,
    { id },
  );
  const mentions = await listSection(data, MENTIONS, { resource_id: id }, {
    omit: ["dataset_id"],
    rows: 20,
    empty: "No place in public code was found to name this resource.",
  });
  const title = row.name ?? row.url;
  return {
    title,
    section: "datasets",
    body: html`
      ${head("Resource", title)}
      ${notes(row.description ?? null)}
      ${facts([
        ["URL", link(row.url, html`<code>${outside(row.url, 300)}</code>`)],
        [
          "Dataset",
          html`<a href="${idAddress(data.name, "dataset", row.dataset_id)}">${
            outside(row.dataset ?? row.dataset_id)
          }</a>`,
        ],
        [
          "Organization",
          row.organization_id === null
            ? null
            : html`<a href="${idAddress(data.name, "organization", row.organization_id)}">${
              outside(row.organization ?? row.organization_id)
            }</a>`,
        ],
        ["Format", outside(row.format ?? "Not stated", 40)],
        ["Repositories that name it", formatCount(row.repositories)],
        ["Id", html`<code>${outside(id, 80)}</code>`],
      ])}
      ${mentions}
    `,
  };
}

/** `/{site}/repository/{host}/{owner}/{name}` */
export async function repositoryPage(data: SiteData, repository: string): Promise<Page> {
  const row = await theRow(
    data,
    `select details.* from final.final_repositories as details
     where details.rowid in (
       select item_row from explorer.repositories where repository_key = hash($id)
     ) and details.repository = $id`,
    { id: repository },
  );
  const [pairs, mentions] = await Promise.all([
    listSection(data, PAIRS, { repository }, {
      heading: "Datasets that it mentions",
      omit: ["repository"],
      rows: 20,
    }),
    listSection(data, MENTIONS, { repository }, { rows: 20 }),
  ]);
  return {
    title: repository,
    section: "repositories",
    body: html`
      ${head("Repository", repository)}
      ${facts([
        ["Where it stands", link(`https://${repository}`, outside(repository))],
        ["Description", row.description ? outside(row.description, 300) : null],
        ["Counted as", wordFor("counted_as", row.counted_as)],
        ["Language", outside(row.language ?? "Not known", 40)],
        ["Stars", row.stars === null ? "Not known" : formatCount(row.stars)],
        [
          "Last fetched by the code search",
          row.last_fetched_at ? moment(row.last_fetched_at) : null,
        ],
        ["Datasets", formatCount(row.datasets)],
        ["Places", `${formatCount(row.mentions)} in ${formatCount(row.files)} files`],
        ["Neighbourhood", graphLink(data, { repository })],
      ])}
      ${mentions}
      ${pairs}
    `,
  };
}

/** `/{site}/topic/{kind}/{topic}` */
export async function topicPage(data: SiteData, kind: string, topic: string): Promise<Page> {
  const row = await theRow(
    data,
    `select details.* from final.final_topic_usage as details
     where details.rowid in (
       select item_row from explorer.topics where topic_key = hash($kind || ':' || $topic)
     ) and details.topic = $topic and details.topic_kind = $kind`,
    { kind, topic },
  );
  return {
    title: topic,
    section: "topics",
    body: html`
      ${head(`Topic (${wordFor("topic_kind", kind).toLowerCase()})`, topic)}
      ${facts([
        [
          "Datasets",
          `${formatCount(row.datasets)}, of which ${
            formatCount(row.mentioned_datasets)
          } are mentioned`,
        ],
      ])}
      ${usage(row)}
      ${await listSection(data, DATASETS, { topic: `${kind}:${topic}` }, { rows: 50 })}
    `,
  };
}

/** The kicker and the title of a page; a title from outside is cut. */
export function head(kind: string, title: string): Html {
  return html`
    <p class="kicker">${kind}</p>
    <h1>${outside(title, 200)}</h1>
  `;
}

/** The one row of a thing. @throws {NotFound} where there is none. */
export async function theRow(
  data: SiteData,
  sql: string,
  values: Record<string, string>,
): Promise<Row> {
  const [row] = await data.rows<Row>(sql, values);
  if (row === undefined) throw new NotFound();
  return row;
}

/** Where people see the portal. */
export function portalOf(data: SiteData): string {
  return data.snapshot.manifest.config.site.package_search_endpoint_url
    .replace(/\/api\/.*$/, "").replace(/\/$/, "");
}

function notes(text: string | null): Part {
  return text ? html`<p class="notes">${outside(text, 600)}</p>` : null;
}

function graphLink(data: SiteData, query: Record<string, string>): Html {
  return html`<a href="${withQuery(pageAddress(data.name, "graph"), query)}">Show as a graph</a>`;
}

/** Repositories by match kind and, apart, what does not count; kinds are never added up. */
function usage(row: Row): Html {
  const count = (name: string, column: string) =>
    html`
      <div>
        <dt>${name}</dt>
        <dd>${formatCount(row[column] ?? 0)}</dd>
      </div>
    `;
  return html`
    <section>
      <h2>Repositories, by what their code has</h2>
      <dl class="figures">
        ${count("in any way", "repositories")}
        ${Object.entries(MATCH_KINDS).map(([kind, name]) => count(name, `${kind}_repositories`))}
      </dl>
      <p class="quiet">A repository can stand under several kinds: they do not add up. Counted apart:
        ${formatCount(row.fork_repositories)} forks, ${formatCount(
          row.mirror_repositories,
        )} mirrors of
        the catalogue, ${formatCount(row.generic_repositories)} with only a generic URL.</p>
    </section>
  `;
}
