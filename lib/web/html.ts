/** HTML that is safe by default: whatever is put into a template is escaped unless it is `Html`. */

/** A piece of finished HTML. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may are in a template: text and numbers are escaped, nothing shows as nothing. */
export type Part = Html | string | number | null | undefined | Part[];

/** A template that escapes: ``html`<p>${title}</p>` ``. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let text = strings[0]!;
  for (const [index, part] of parts.entries()) text += textOf(part) + strings[index + 1]!;
  return new Html(text);
}

/** Text for an element or a quoted attribute. Control characters, which HTML forbids, are left out. */
export function escapeHtml(text: string): string {
  return text
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** The address where it is one of the web, so that no `javascript:` becomes a link. */
export function webAddress(address: string | null | undefined): string | undefined {
  if (!address || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  return new URL(address).href;
}

/** A link, or the content alone where the address is none of the web. */
export function link(address: string | null | undefined, content: Part): Html {
  const href = webAddress(address);
  return href === undefined
    ? html`${content}`
    : html`<a href="${href}" rel="noreferrer">${content}</a>`;
}

/**
 * Text from elsewhere: isolated, so that its writing direction ends with it, and cut at `most`
 * characters with the first 300 of it as a tooltip.
 */
export function untrusted(text: string | null | undefined, most = 120): Html {
  const plain = singleLine(text ?? "");
  const characters = Array.from(plain.slice(0, 2 * (most + 300)));
  if (characters.length <= most) return html`<bdi>${plain}</bdi>`;
  const tooltip = characters.slice(0, 300).join("");
  return html`<bdi title="${tooltip}">${characters.slice(0, most).join("").trimEnd()}…</bdi>`;
}

/** Text without characters that turn the direction of what follows; white space as one space. */
export function singleLine(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "").replace(/\s+/g, " ").trim();
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join("");
  if (part === null || part === undefined) return "";
  return escapeHtml(String(part));
}
