/**
 * `/{site}/resource/{id}`: the places in public code that name one resource.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { properties } from "../../web/components.ts";
import { html, link, untrusted } from "../../web/html.ts";
import type { Page } from "../layout.ts";
import { linked } from "../links.ts";
import { listSection } from "../list_view.ts";
import { MENTIONS } from "../lists.ts";
import { NotFound } from "../responses.ts";
import { readRow, type View } from "../view.ts";
import { heading, notes, rowOf } from "./sections.ts";

/** The page of a resource. */
export async function resourcePage(view: View, id: string): Promise<Page> {
  const { data, links } = view;
  const { resources } = data.tables;
  const at = rowOf(resources.entities, id);
  const { dataset_id: dataset, organization_id: organization } = resources.columns;
  const [row, mentions] = await Promise.all([
    readRow(
      view,
      "final_clean_all_resources",
      "item.*",
      resources.itemRow[at]!,
    ),
    listSection(view, MENTIONS, { resource_id: id }, {
      omit: ["dataset_id"],
      empty: "No place in public code was found that names this resource.",
    }),
  ]);
  // resources are found by a key of their id, which two ids may share
  if (row.id !== id) throw new NotFound();
  const title = row.name ?? row.url;
  return {
    title,
    section: "datasets",
    body: html`
      ${heading("Resource", title)}
      ${notes(row.description ?? null)}
      ${properties([
        ["URL", link(row.url, html`<code>${untrusted(row.url, 300)}</code>`)],
        [
          "Dataset",
          linked(links.entry("dataset", dataset.at(at)!), untrusted(dataset.labelAt(at))),
        ],
        [
          "Organization",
          organization.at(at) === null ? null : linked(
            links.entry("organization", organization.at(at)!),
            untrusted(organization.labelAt(at)),
          ),
        ],
        ["Format", untrusted(row.format ?? "Not stated", 40)],
        ["Repositories that name it", formatCount(resources.repositories[at]!)],
        ["Id", html`<code>${untrusted(id, 80)}</code>`],
      ])}
      ${mentions}
    `,
  };
}
