/**
 * `/{site}/organization/{id}`: one publisher, its mentioned datasets and those without a mention.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { properties } from "../../web/components.ts";
import { html, untrusted } from "../../web/html.ts";
import { plural } from "../../web/labels.ts";
import type { Page } from "../layout.ts";
import { linked } from "../links.ts";
import { listSection } from "../list_view.ts";
import { DATASETS, MENTIONS, ORGANIZATION_REACH } from "../lists.ts";
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

/** The page of an organization. */
export async function organizationPage(view: View, id: string): Promise<Page> {
  const { data, links } = view;
  const { organizations } = data.tables;
  const at = rowOf(organizations.entities, id);
  const filters = { organization_id: id };
  const omit = ["organization_id"];
  const [row, counts, datasets, mentions, unmentioned] = await Promise.all([
    readRow(
      view,
      "final_clean_organizations",
      "item.*",
      organizations.organizationRow[at]!,
    ),
    readRow(
      view,
      "final_organization_usage",
      `datasets, mentioned_datasets, resources, ${USAGE_COLUMNS}`,
      organizations.itemRow[at]!,
    ),
    listSection(view, DATASETS, { ...filters, is_mentioned: "yes" }, {
      heading: "Mentioned datasets",
      omit,
      rows: 2 * view.sectionRows,
    }),
    listSection(view, MENTIONS, filters, { omit }),
    listSection(view, DATASETS, { ...filters, is_mentioned: "no" }, {
      heading: "Datasets without a mention",
      omit,
    }),
  ]);
  const title = row.title ?? row.name ?? id;
  const feed = links.feed("organization", id);
  return {
    title,
    description: `${plural(counts.repositories, "repository")} in public code mention ${
      formatCount(counts.mentioned_datasets)
    } of ${plural(counts.datasets, "dataset")} of this organization.`,
    section: "organizations",
    feed,
    body: html`
      ${heading("Organization", title)}
      ${notes(row.description ?? null)}
      ${properties([
        [
          "Datasets",
          `${formatCount(counts.datasets)}, of which ${
            formatCount(counts.mentioned_datasets)
          } are mentioned`,
        ],
        ["Resources", linked(links.list("resources", filters), formatCount(counts.resources))],
        ["Id", html`<code>${untrusted(id, 80)}</code>`],
        ["Graph", graphLink(view, filters)],
        ["Reach", reachLink(view, ORGANIZATION_REACH, filters)],
        ["Feed", feedLink(feed)],
      ])}
      ${usage(counts)}
      ${datasets}
      ${mentions}
      ${unmentioned}
    `,
  };
}
