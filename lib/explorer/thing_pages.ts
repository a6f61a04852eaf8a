import { html, link, outside } from "../html.ts";
import { formatCount } from "../progress.ts";
import { idAddress } from "./addresses.ts";
import type { Page } from "./layout.ts";
import { MENTIONS, PAIRS } from "./lists.ts";
import type { SiteData } from "./site_data.ts";
import { facts, listSection } from "./table_parts.ts";
import { graphLink, head, notes, theRow } from "./thing_parts.ts";
import { moment, wordFor } from "./words.ts";

/** Pages of what mentions are between: a resource, a repository. */

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
    }),
    listSection(data, MENTIONS, { repository }),
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
