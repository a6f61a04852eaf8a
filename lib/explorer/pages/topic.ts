/**
 * `/{site}/topic/{kind}/{topic}`: the datasets that have a tag or are in a group.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { properties } from "../../web/components.ts";
import { html } from "../../web/html.ts";
import { labelFor } from "../../web/labels.ts";
import type { Page } from "../layout.ts";
import { listSection } from "../list_view.ts";
import { DATASETS } from "../lists.ts";
import { readRow, type View } from "../view.ts";
import { heading, rowOf, usage, USAGE_COLUMNS } from "./sections.ts";

/** The page of a topic. */
export async function topicPage(view: View, kind: string, topic: string): Promise<Page> {
  const { topics } = view.data.tables;
  const at = rowOf(topics.entities, `${kind}:${topic}`);
  const [row, datasets] = await Promise.all([
    readRow(
      view,
      "final_topic_usage",
      `datasets, mentioned_datasets, ${USAGE_COLUMNS}`,
      topics.itemRow[at]!,
    ),
    listSection(view, DATASETS, { topic: `${kind}:${topic}` }, { rows: 50 }),
  ]);
  return {
    title: topic,
    section: "topics",
    body: html`
      ${heading(`Topic (${labelFor("topic_kind", kind).toLowerCase()})`, topic)}
      ${properties([
        [
          "Datasets",
          `${formatCount(row.datasets)}, of which ${
            formatCount(row.mentioned_datasets)
          } are mentioned`,
        ],
      ])}
      ${usage(row)}
      ${datasets}
    `,
  };
}
