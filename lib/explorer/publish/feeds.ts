/**
 * Atom feeds (RFC 4287) of mentions that are new since the snapshot before: one for the portal, one for
 * each organization and each dataset that has a page.
 * @module
 */
import { escapeHtml, singleLine } from "../../web/html.ts";
import { labelFor } from "../../web/labels.ts";
import { filterRows, readRows } from "../list_query.ts";
import { MENTIONS } from "../lists.ts";
import type { RowReader, SnapshotRow } from "../view.ts";
import { fileNameOf } from "../static/shared.js";
import { entryPath, type SitePages } from "./pages_of_site.ts";
import type { SiteFiles } from "./site_files.ts";

/** Entries of a feed, strongest kinds of match first. */
const MOST_ENTRIES = 100;

/** A feed that is written. */
interface Feed {
  path: string;
  title: string;
  /** The page that it belongs to, from the root of the site. */
  page: string;
  rows: number[];
}

/** Writes all feeds. */
export async function writeFeeds(
  pages: SitePages,
  read: RowReader,
  files: SiteFiles,
  baseUrl: string | undefined,
): Promise<void> {
  const { data } = pages;
  const { columns } = data.tables.mentions;
  const newRows = Array.from(
    filterRows(data, MENTIONS, { is_new: "yes", counted_as: "original" })!,
  );
  const byDataset = Map.groupBy(newRows, (row) => columns.dataset_id.codes[row]!);
  const byOrganization = Map.groupBy(newRows, (row) => columns.organization_id.codes[row]!);
  const feedsOf = (kind: "dataset" | "organization", rows: Map<number, number[]>): Feed[] =>
    pages.rows[kind].map((row) => {
      const entities = pages.entities(kind);
      const id = entities.valueOf(row);
      return {
        path: `feeds/${kind}-${fileNameOf(id)}.xml`,
        title: entities.labelOf(row),
        page: entryPath(kind, id),
        rows: rows.get(row) ?? [],
      };
    });
  const feeds: Feed[] = [
    { path: "feeds/all.xml", title: data.title, page: "new.html", rows: newRows },
    ...feedsOf("organization", byOrganization),
    ...feedsOf("dataset", byDataset),
  ];
  const shown = [...new Set(feeds.flatMap(({ rows }) => rows.slice(0, MOST_ENTRIES)))];
  const details = await readRows(data, MENTIONS, Uint32Array.from(shown), MENTIONS.columns!, read);
  const byRow = new Map(shown.map((row, at) => [row, details[at] as SnapshotRow]));
  for (const feed of feeds) {
    const entries = feed.rows.slice(0, MOST_ENTRIES).map((row) => byRow.get(row)!);
    await files.write(feed.path, atom(pages, feed, entries, baseUrl));
  }
}

function atom(
  pages: SitePages,
  feed: Feed,
  rows: SnapshotRow[],
  baseUrl: string | undefined,
): string {
  const { manifest } = pages.data.snapshot;
  const { site } = manifest.config;
  const updated = new Date(manifest.created_at).toISOString();
  const to = (path: string) => baseUrl === undefined ? `../${path}` : new URL(path, baseUrl).href;
  // tag URIs (RFC 4151) stay the same wherever the site is hosted
  const tag = (name: string) => `tag:${site.portal_hosts[0]},2026:${site.short_name}/${name}`;
  const entries = rows.map((row) => {
    const place = `${row.path}${row.line_number === null ? "" : `:${row.line_number}`}`;
    const link = webLink(row.url) ?? to(feed.page);
    return `<entry>
<id>${xml(tag(`mention/${row.mention_id}`))}</id>
<title>${xml(`${row.repository} mentions ${row.dataset}`)}</title>
<updated>${updated}</updated>
<link rel="alternate" href="${xml(link)}"/>
<content type="text">${
      xml(
        `${place}: ${singleLine(String(row.line ?? row.text ?? "")).slice(0, 400)} (${
          labelFor("match_kind", row.match_kind)
        }, ${labelFor("kind_of_use", row.kind_of_use)})`,
      )
    }</content>
</entry>
`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${xml(tag(feed.path))}</id>
<title>${xml(`${feed.title}: new mentions in public code`)}</title>
<updated>${updated}</updated>
<author><name>${xml(`Open data in public code: ${site.title}`)}</name></author>
<link rel="self" type="application/atom+xml" href="${xml(to(feed.path))}"/>
<link rel="alternate" type="text/html" href="${xml(to(feed.page))}"/>
${entries.join("")}</feed>
`;
}

function webLink(url: unknown): string | undefined {
  return typeof url === "string" && /^https?:\/\//i.test(url) && URL.canParse(url)
    ? new URL(url).href
    : undefined;
}

/** Text for XML, on one line. */
function xml(text: string): string {
  return escapeHtml(singleLine(text.slice(0, 2000).toWellFormed())).replace(/[\ufffe\uffff]/g, "");
}
