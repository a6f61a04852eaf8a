/**
 * `/{site}/repository/{host}/{owner}/{name}`: what one repository mentions.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { properties } from "../../web/components.ts";
import { html, link, untrusted } from "../../web/html.ts";
import { countOrDash, labelFor, moment, plural } from "../../web/labels.ts";
import type { Page } from "../layout.ts";
import { listSection } from "../list_view.ts";
import { MENTIONS, PAIRS } from "../lists.ts";
import { readRow, type View } from "../view.ts";
import { graphLink, heading, rowOf } from "./sections.ts";

/** The page of a repository. */
export async function repositoryPage(view: View, repository: string): Promise<Page> {
  const { repositories } = view.data.tables;
  const at = rowOf(repositories.entities, repository);
  const [row, pairs, mentions] = await Promise.all([
    readRow(
      view,
      "final_repositories",
      "item.*",
      repositories.itemRow[at]!,
    ),
    view.isBrief ? null : listSection(view, PAIRS, { repository }, {
      heading: "Datasets that it mentions",
      omit: ["repository"],
    }),
    listSection(view, MENTIONS, { repository }),
  ]);
  return {
    title: repository,
    description: `Mentions ${plural(row.datasets, "dataset")} in ${plural(row.files, "file")}.`,
    section: "repositories",
    body: html`
      ${heading("Repository", repository)}
      ${properties([
        ["Address", link(`https://${repository}`, untrusted(repository))],
        ["Description", row.description ? untrusted(row.description, 300) : null],
        ["Counted as", labelFor("counted_as", row.counted_as)],
        ["Language", untrusted(row.language ?? "Not known", 40)],
        ["Stars", row.stars === null ? "Not known" : countOrDash(row.stars)],
        [
          "Last fetched by the code search",
          row.last_fetched_at ? moment(row.last_fetched_at) : null,
        ],
        ["Datasets", formatCount(row.datasets)],
        ["Mentions", `${formatCount(row.mentions)} in ${plural(row.files, "file")}`],
        ["Graph", graphLink(view, { repository })],
      ])}
      ${mentions}
      ${pairs}
    `,
  };
}
