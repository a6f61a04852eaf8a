import { html, link, untrusted } from "../../web/html.ts";
import { datasetPage as datasetPageOf } from "../../web/portal_pages.ts";
import { idAddress, topicAddress } from "../addresses.ts";
import type { Page } from "../layout.ts";
import { MENTIONS, PAIRS, RESOURCES, TOGETHER } from "../lists.ts";
import { DATASET_REACH } from "../lists_of_reach.ts";
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
import { moment } from "../../web/labels.ts";

/** `/{site}/dataset/{id}` */
export async function datasetPage(data: SiteData, id: string): Promise<Page> {
  const { datasets, topics } = data.things;
  const at = rowOf(datasets.named, id);
  const organization = datasets.columns.organization_id;
  const topicsOf = Array.from(datasets.columns.topic.at(at), (topic) => ({
    kind: topics.columns.topic_kind.at(topic)!,
    topic: topics.named.labelOf(topic),
  })).sort((one, other) => `${one.kind} ${one.topic}` < `${other.kind} ${other.topic}` ? -1 : 1);
  const [row, resources, pairs, mentions, together] = await Promise.all([
    theRow(
      data,
      `select details.name, details.title, details.notes, details.license_id,
       details.license_title, details.metadata_modified, ${USAGE_COLUMNS}
     from (select * from final.final_dataset_usage where rowid = ${datasets.itemRow[at]}) as usage
     cross join (
       select * from final.final_clean_datasets where rowid = ${datasets.datasetRow[at]}
     ) as details`,
    ),
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
          organization.at(at) === null
            ? null
            : html`<a href="${idAddress(data.name, "organization", organization.at(at)!)}">${
              untrusted(organization.labelAt(at))
            }</a>`,
        ],
        ["Licence", untrusted(row.license_title ?? row.license_id ?? "Not stated", 80)],
        ["Changed in the catalogue", row.metadata_modified ? moment(row.metadata_modified) : null],
        [
          "In the portal",
          row.name === null ? null : link(
            datasetPageOf(data.snapshot.manifest.config.site, row.name),
            untrusted(row.name, 60),
          ),
        ],
        ["Id", html`<code>${untrusted(id, 80)}</code>`],
        [
          "Topics",
          topicsOf.length === 0
            ? null
            : html`<ul class="inline">${
              topicsOf.slice(0, 60).map(({ kind, topic }) =>
                html`<li><a href="${topicAddress(data.name, kind, topic)}">${
                  untrusted(topic, 40)
                }</a></li>`
              )
            }</ul>`,
        ],
        ["Neighbourhood", graphLink(data, { dataset_id: id })],
        ["Reach", reachLink(data, DATASET_REACH, { dataset_id: id })],
      ])}
      ${usage(row)}
      ${mentions}
      ${pairs}
      ${resources}
      ${together}
    `,
  };
}
