/**
 * `/{site}/new`: mentions that the snapshot before this one did not have.
 * @module
 */
import { html } from "../../web/html.ts";
import { moment, plural } from "../../web/labels.ts";
import type { Page } from "../layout.ts";
import { linked } from "../links.ts";
import { filterRows } from "../list_query.ts";
import { listSection } from "../list_view.ts";
import { MENTIONS } from "../lists.ts";
import type { View } from "../view.ts";
import { feedLink } from "./sections.ts";

/** Rows of the page; the list of mentions has all. */
const MOST_ROWS = 200;

/** The page of new mentions. */
export async function newMentionsPage(view: View): Promise<Page> {
  const { data, links } = view;
  const { previous } = data;
  const title = previous === undefined
    ? "New mentions"
    : `New since ${previous.createdAt.slice(0, 10)}`;
  if (previous === undefined) {
    return {
      title,
      section: "new",
      feed: links.feed(),
      body: html`
        <h1>New mentions</h1>
        <p class="lead">This is the first result, so there is nothing to compare it with. From the next
          one on, mentions that are new are listed here.</p>
      `,
    };
  }
  const filters = { is_new: "yes", counted_as: "original" };
  const count = filterRows(data, MENTIONS, filters)!.length;
  const datasets = new Set(
    Array.from(
      filterRows(data, MENTIONS, filters)!,
      (row) => data.tables.mentions.columns.dataset_id.codes[row],
    ),
  ).size;
  return {
    title,
    description: `${plural(count, "new mention")} of ${plural(datasets, "dataset")}.`,
    section: "new",
    feed: links.feed(),
    body: html`
      <h1>${title}</h1>
      <p class="lead">${plural(count, "new mention")} of ${plural(
        datasets,
        "dataset",
      )} in public code,
        compared with the result of ${moment(
          previous.createdAt,
        )}. Forks, mirrors and generic URLs are left
        out. A code search does not always return the same, so a mention can be new here and old in the
        code.</p>
      ${links.feed() === undefined ? null : html`<p>${feedLink(links.feed())}</p>`}
      ${await listSection(view, MENTIONS, filters, {
        heading: "New mentions",
        rows: MOST_ROWS,
        empty: "No new mentions.",
      })}
      <p>${linked(links.list("mentions"), "All mentions")}</p>
    `,
  };
}
