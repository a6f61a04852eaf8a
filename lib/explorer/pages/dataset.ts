/**
 * `/{site}/dataset/{id}`: one dataset, who mentions it and where, its resources with their own counts.
 * @module
 */
import { properties } from "../../web/components.ts";
import { html, link, untrusted } from "../../web/html.ts";
import { moment, plural } from "../../web/labels.ts";
import { datasetPage as portalDatasetPage } from "../../web/sources.ts";
import type { Page } from "../layout.ts";
import { linked } from "../links.ts";
import { listSection } from "../list_view.ts";
import { DATASET_REACH, MENTIONS, PAIRS, RESOURCES, USED_TOGETHER } from "../lists.ts";
import { readRow, type View } from "../view.ts";
import {
  feedLink,
  graphLink,
  heading,
  notes,
  reachLink,
  rowOf,
  usage,
  USAGE_COLUMNS,
} from "./sections.ts";

/** The page of a dataset. */
export async function datasetPage(view: View, id: string): Promise<Page> {
  const { data, links } = view;
  const { datasets, topics } = data.tables;
  const at = rowOf(datasets.entities, id);
  const organization = datasets.columns.organization_id;
  const topicsOf = Array.from(datasets.columns.topic.at(at), (topic) => ({
    kind: topics.columns.topic_kind.at(topic)!,
    topic: topics.entities.labelOf(topic),
  })).sort((one, other) => `${one.kind} ${one.topic}` < `${other.kind} ${other.topic}` ? -1 : 1);
  const [row, counts, resources, pairs, mentions, together] = await Promise.all([
    readRow(
      view,
      "final_clean_datasets",
      "item.*",
      datasets.datasetRow[at]!,
    ),
    readRow(view, "final_dataset_usage", USAGE_COLUMNS, datasets.itemRow[at]!),
    view.isBrief
      ? null
      : listSection(view, RESOURCES, { dataset_id: id }, { omit: ["dataset_id"] }),
    view.isBrief ? null : listSection(view, PAIRS, { dataset_id: id }, {
      heading: "Repositories that mention it",
      omit: ["dataset_id"],
      empty: "No repository was found that mentions it.",
    }),
    listSection(view, MENTIONS, { dataset_id: id }, { omit: ["dataset_id"] }),
    view.isBrief ? null : listSection(view, USED_TOGETHER, { dataset_id: id }),
  ]);
  const title = row.title ?? row.name ?? id;
  const portal = portalDatasetPage(data.snapshot.manifest.config.site, row.name);
  const feed = links.feed("dataset", id);
  return {
    title,
    description: `${plural(counts.repositories, "repository")} in public code ${
      counts.repositories === 1 ? "mentions" : "mention"
    } this dataset.`,
    section: "datasets",
    feed,
    body: html`
      ${heading("Dataset", title)}
      ${portal === undefined ? null : html`<p>${link(portal, "Open on the portal")}</p>`}
      ${notes(row.notes)}
      ${properties([
        [
          "Organization",
          organization.at(at) === null ? null : linked(
            links.entry("organization", organization.at(at)!),
            untrusted(organization.labelAt(at)),
          ),
        ],
        ["Licence", untrusted(row.license_title ?? row.license_id ?? "Not stated", 80)],
        ["Modified in the catalogue", row.metadata_modified ? moment(row.metadata_modified) : null],
        ["Name", row.name === null ? null : html`<code>${untrusted(row.name, 80)}</code>`],
        ["Id", html`<code>${untrusted(id, 80)}</code>`],
        [
          "Topics",
          topicsOf.length === 0
            ? null
            : html`<ul class="inline">${
              topicsOf.slice(0, 60).map(({ kind, topic }) =>
                html`
                  <li>${linked(links.topic(kind, topic), untrusted(topic, 40))}</li>
                `
              )
            }</ul>`,
        ],
        ["Graph", graphLink(view, { dataset_id: id })],
        ["Reach", reachLink(view, DATASET_REACH, { dataset_id: id })],
        ["Feed", feedLink(feed)],
      ])}
      ${usage(counts)}
      ${mentions}
      ${pairs}
      ${resources}
      ${together}
    `,
  };
}
