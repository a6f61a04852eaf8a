/**
 * What a program mentions without writing it: the addresses that it makes, compared with the
 * catalogue. A made address is never a stronger mention than `resolved`, and none at all where a
 * line that it is made from, or used on, mentions the same by itself.
 *
 * @module
 */
import type { FileMatch } from "./backend.ts";
import { type CatalogueIndex } from "./match/catalogue_index.ts";
import { findMentions, type Mention } from "./match/mentions.ts";
import { CLIENTS, SITE_FUNCTIONS } from "./match/program/clients.ts";
import { readProgram, type ReadState } from "./match/program/read_program.ts";
import { mayBeProgram } from "./match/program/sources.ts";
import { HOLE } from "./match/program/values.ts";
import { comparableHost } from "./match/urls.ts";

/** Longer files are not read. */
export const LARGEST_PROGRAM = 1_000_000;

/** Kinds that a line gives and the program may know better. */
const WEAK = new Set<string>(["resolved", "template", "sibling", "landing_page"]);

/** A mention that a program makes. */
export interface MadeMention extends Omit<Mention, "match_kind"> {
  match_kind: Mention["match_kind"] | "resolved";
  /** Where it is used. */
  line_number: number;
  /** The lines that it is made from. */
  made_from: number[];
}

/** What was made of a file. */
export interface MadeMentions {
  state: ReadState;
  mentions: MadeMention[];
}

/** Whether the whole file may say more than its lines: one has a catalogue host and decides nothing. */
export function needsWholeFile(file: FileMatch, index: CatalogueIndex): boolean {
  if (file.path === null || !mayBeProgram(file.path)) return false;
  return file.lines.some(({ text, is_cut }) =>
    !is_cut && findMentions(text, index).every(({ match_kind }) => WEAK.has(match_kind))
  );
}

const CLIENT_NAMES = new RegExp(
  `\\b(?:${
    [
      ...new Set(
        CLIENTS.flatMap(({ constructors }) => constructors.map((name) => name.split(".").at(-1)!)),
      ),
      "ckanr_setup",
      "src_ckan",
    ].join("|")
  })\\b`,
);
const OWN_SITES = Object.values(SITE_FUNCTIONS).flatMap((table) =>
  Object.entries(table).flatMap(([name, { own }]) =>
    own === undefined ? [] : [{ name: name.split(".").at(-1)!, host: new URL(own).host }]
  )
);
const QUOTED_HOST = /["']([a-z0-9-]+(?:\.[a-z0-9-]+)+)["']/gi;

/**
 * Whether a program calls a client library for a host of the catalogue. No line of it need have a
 * URL, so only who sees whole files can find it.
 */
export function mayCallClient(path: string, text: string, index: CatalogueIndex): boolean {
  if (!mayBeProgram(path)) return false;
  if (OWN_SITES.some(({ name, host }) => index.hosts.has(host) && text.includes(name))) return true;
  if (!CLIENT_NAMES.test(text)) return false;
  for (const [, host = ""] of text.matchAll(QUOTED_HOST)) {
    if (index.hosts.has(comparableHost(host))) return true;
  }
  return false;
}

/** The mentions that a program makes. */
export async function madeMentions(
  path: string,
  text: string,
  index: CatalogueIndex,
): Promise<MadeMentions> {
  if (text.length > LARGEST_PROGRAM) return { state: "unread", mentions: [] };
  const { state, addresses } = await readProgram(path, text);
  const lines = linesOf(text);
  const literal = new Map<number, Mention[]>();
  const mentionsOn = (line: number): Mention[] => {
    const known = literal.get(line) ?? findMentions(lines[line - 1] ?? "", index);
    literal.set(line, known);
    return known;
  };
  const mentions: MadeMention[] = [];
  const seen = new Set<string>();
  for (const address of addresses) {
    const made = address.text.replaceAll(HOLE, "{}");
    // between quotes there is no doubt where it ends
    for (const mention of findMentions(`"${made}"`, index)) {
      const match_kind = WEAK.has(mention.match_kind) ? mention.match_kind : "resolved";
      const near = [address.line, ...address.madeFrom];
      const isSaid = near.some((line) =>
        mentionsOn(line).some((one) => saysAsMuch(one, mention, match_kind))
      );
      const key = JSON.stringify([address.line, made, mention.dataset_id, mention.resource_id]);
      if (isSaid || seen.has(key)) continue;
      seen.add(key);
      mentions.push({
        ...mention,
        text: made,
        match_kind,
        line_number: address.line,
        made_from: [...address.madeFrom],
      });
    }
  }
  return { state, mentions };
}

/** The lines of a file, as code searches count them. */
export function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.replace(/\r$/, ""));
}

/** Whether what a line writes names the same, at least as surely. */
function saysAsMuch(line: Mention, made: Mention, kind: MadeMention["match_kind"]): boolean {
  if (line.dataset_id !== made.dataset_id) return false;
  if (kind === "resolved" && WEAK.has(line.match_kind)) return false;
  return made.resource_id === null || line.resource_id === made.resource_id ||
    kind !== "resolved";
}
