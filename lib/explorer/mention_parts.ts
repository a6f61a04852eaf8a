import { type Html, html, tame, untrusted, webAddress } from "../web/html.ts";
import { idAddress, pageAddress } from "./addresses.ts";
import { wordFor } from "../web/labels.ts";

/** How one mention looks: where it stands, the line of code, a link to it at its commit. */

/** What is shown of a mention. */
export interface MentionRow {
  mention_id: string;
  repository: string;
  path: string;
  line_number: number | null;
  text: string | null;
  line: string | null;
  url: string | null;
}

/** Characters of a line of code that are shown. */
const LINE_LENGTH = 220;

/** Repository, file and line with a link to it, and the line of code with what was found in it. */
export function codePlace(mention: MentionRow, site: string): Html {
  const line = mention.line_number === null ? "" : `:${mention.line_number}`;
  const place = html`${untrusted(mention.path, 70)}${line}`;
  const href = webAddress(mention.url);
  return html`
    <a href="${pageAddress(site, "repository", mention.repository)}">${untrusted(
      mention.repository,
      60,
    )}</a>
    <span class="sub">${href === undefined
      ? place
      : html`<a class="out" href="${href}" rel="noopener noreferrer">${place}</a>`}</span>
    ${codeLine(mention.line, mention.text)}
    <span
      class="sub"><a href="${idAddress(
        site,
        "mention",
        mention.mention_id,
      )}">Details, or report a wrong match<span class="hidden"> in ${untrusted(
        mention.path,
        60,
      )}${line}</span></a></span>
  `;
}

/** An address that leads nowhere, and where it stands with a link to it. */
export function deadPlace(
  row: Pick<MentionRow, "repository" | "path" | "line_number" | "url"> & { url_in_code: string },
  site: string,
): Html {
  const place = html`${untrusted(row.path, 70)}:${row.line_number}`;
  const href = webAddress(row.url);
  return html`
    <a href="${pageAddress(site, "repository", row.repository)}">${untrusted(
      row.repository,
      60,
    )}</a>
    <span class="sub">${href === undefined
      ? place
      : html`<a class="out" href="${href}" rel="noopener noreferrer">${place}</a>`}</span>
    <code class="line">${untrusted(row.url_in_code, 160)}</code>
  `;
}

/** The line, cut around what was found in it. */
export function codeLine(line: string | null, text: string | null): Html {
  const whole = tame((line ?? text ?? "").slice(0, 20_000));
  const found = tame((text ?? "").slice(0, 2000));
  const at = found === "" ? -1 : whole.indexOf(found);
  if (at < 0) return html`<code class="line"><bdi>${cut(whole, LINE_LENGTH)}</bdi></code>`;
  const room = Math.max(20, (LINE_LENGTH - found.length) >> 1);
  const before = whole.slice(Math.max(0, at - room), at);
  const after = whole.slice(at + found.length);
  return html`<code class="line"><bdi>${at > room ? "…" : ""}${before}<mark>${
    cut(found, LINE_LENGTH)
  }</mark>${cut(after, room)}</bdi></code>`;
}

/** A match kind as a badge; the word carries the meaning, not the colour. */
export function kindBadge(kind: string): Html {
  return html`<span class="badge ${kind.replace(/[^a-z_]/g, "")}">${
    wordFor("match_kind", kind)
  }</span>`;
}

function cut(text: string, most: number): string {
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most ? text : characters.slice(0, most).join("") + "…";
}
