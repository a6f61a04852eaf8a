import { html, untrusted } from "../../web/html.ts";
import { formatCount } from "../../cli/progress.ts";
import { withQuery } from "../addresses.ts";
import type { Page } from "../layout.ts";
import { DATASETS, MENTIONS } from "../lists.ts";
import { ORGANIZATION_REACH } from "../lists_of_reach.ts";
import type { SiteData } from "../site_data.ts";
import { facts, listSection } from "../table_parts.ts";
import {
  graphLink,
  head,
  notes,
  reachLink,
  rowOf,
  theRow,
  usage,
  USAGE_COLUMNS,
} from "../thing_parts.ts";
import { wordFor } from "../../web/labels.ts";

/** Pages of what datasets belong to: an organization, a topic. */

/** `/{site}/organization/{id}` */
export async function organizationPage(data: SiteData, id: string): Promise<Page> {
  const { organizations } = data.things;
  const at = rowOf(organizations.named, id);
  const filters = { organization_id: id };
  const omit = ["organization_id"];
  const [row, datasets, mentions, unused] = await Promise.all([
    theRow(
      data,
      `select details.*, usage.datasets, usage.mentioned_datasets, usage.resources, ${USAGE_COLUMNS}
     from (
       select * from final.final_organization_usage where rowid = ${organizations.itemRow[at]}
     ) as usage
     cross join (
       select * from final.final_clean_organizations
       where rowid = ${organizations.organizationRow[at]}
     ) as details`,
    ),
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
        ["Id", html`<code>${untrusted(id, 80)}</code>`],
        ["Neighbourhood", graphLink(data, filters)],
        ["Reach", reachLink(data, ORGANIZATION_REACH, filters)],
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
  const { topics } = data.things;
  const at = rowOf(topics.named, `${kind}:${topic}`);
  const row = await theRow(
    data,
    `select datasets, mentioned_datasets, ${USAGE_COLUMNS} from final.final_topic_usage as usage
     where usage.rowid = ${topics.itemRow[at]}`,
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
