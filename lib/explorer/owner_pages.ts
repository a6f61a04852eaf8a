import { html, outside } from "../html.ts";
import { formatCount } from "../progress.ts";
import { withQuery } from "./addresses.ts";
import type { Page } from "./layout.ts";
import { DATASETS, MENTIONS } from "./lists.ts";
import type { SiteData } from "./site_data.ts";
import { facts, listSection } from "./table_parts.ts";
import { graphLink, head, notes, theRow, usage } from "./thing_parts.ts";
import { wordFor } from "./words.ts";

/** Pages of what datasets belong to: an organization, a topic. */

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
