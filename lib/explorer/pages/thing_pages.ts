import { html, link, untrusted } from "../../web/html.ts";
import { formatCount } from "../../cli/progress.ts";
import { idAddress } from "../addresses.ts";
import type { Page } from "../layout.ts";
import { MENTIONS, PAIRS } from "../lists.ts";
import type { SiteData } from "../site_data.ts";
import { facts, listSection } from "../table_parts.ts";
import { graphLink, head, notes, rowOf, theRow } from "../thing_parts.ts";
import { moment, wordFor } from "../../web/labels.ts";

/** Pages of what mentions are between: a resource, a repository. */

/** `/{site}/resource/{id}` */
export async function resourcePage(data: SiteData, id: string): Promise<Page> {
  const { resources } = data.things;
  const at = rowOf(resources.named, id);
  const { dataset_id: dataset, organization_id: organization } = resources.columns;
  const [row, mentions] = await Promise.all([
    theRow(
      data,
      `select details.* from final.final_clean_all_resources as details
     where details.rowid = ${resources.itemRow[at]} and details.id = $id`,
      { id },
    ),
    listSection(data, MENTIONS, { resource_id: id }, {
      omit: ["dataset_id"],
      empty: "No place in public code was found to name this resource.",
    }),
  ]);
  const title = row.name ?? row.url;
  return {
    title,
    section: "datasets",
    body: html`
      ${head("Resource", title)}
      ${notes(row.description ?? null)}
      ${facts([
        ["URL", link(row.url, html`<code>${untrusted(row.url, 300)}</code>`)],
        [
          "Dataset",
          html`<a href="${idAddress(data.name, "dataset", dataset.at(at)!)}">${
            untrusted(dataset.labelAt(at))
          }</a>`,
        ],
        [
          "Organization",
          organization.at(at) === null
            ? null
            : html`<a href="${idAddress(data.name, "organization", organization.at(at)!)}">${
              untrusted(organization.labelAt(at))
            }</a>`,
        ],
        ["Format", untrusted(row.format ?? "Not stated", 40)],
        ["Repositories that name it", formatCount(resources.repositories[at]!)],
        ["Id", html`<code>${untrusted(id, 80)}</code>`],
      ])}
      ${mentions}
    `,
  };
}

/** `/{site}/repository/{host}/{owner}/{name}` */
export async function repositoryPage(data: SiteData, repository: string): Promise<Page> {
  const { repositories } = data.things;
  const at = rowOf(repositories.named, repository);
  const [row, pairs, mentions] = await Promise.all([
    theRow(
      data,
      `select details.* from final.final_repositories as details
     where details.rowid = ${repositories.itemRow[at]}`,
    ),
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
        ["Where it stands", link(`https://${repository}`, untrusted(repository))],
        ["Description", row.description ? untrusted(row.description, 300) : null],
        ["Counted as", wordFor("counted_as", row.counted_as)],
        ["Language", untrusted(row.language ?? "Not known", 40)],
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
