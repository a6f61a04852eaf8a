import { html, link, outside } from "../html.ts";
import { idAddress, topicAddress } from "./addresses.ts";
import type { Page } from "./layout.ts";
import { MENTIONS, PAIRS, RESOURCES, TOGETHER } from "./lists.ts";
import type { SiteData } from "./site_data.ts";
import { facts, listSection } from "./table_parts.ts";
import { graphLink, head, notes, portalOf, theRow, usage } from "./thing_parts.ts";
import { moment } from "./words.ts";

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
    listSection(data, RESOURCES, { dataset_id: id }, { omit: ["dataset_id"] }),
    listSection(data, PAIRS, { dataset_id: id }, {
      heading: "Repositories that mention it",
      omit: ["dataset_id"],
      empty: "No repository was found to mention it.",
    }),
    listSection(data, MENTIONS, { dataset_id: id }, { omit: ["dataset_id"] }),
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
