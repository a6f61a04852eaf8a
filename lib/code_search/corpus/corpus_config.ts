/**
 * `configs/corpora/<corpus>.toml`: where a corpus of code lies and how it is laid out.
 * @module
 */
import { z } from "zod";
import { UsageError } from "../../cli/errors.ts";
import { checkToml, isWebAddress } from "../../pipeline/config.ts";

/** How the files of a corpus are laid out; `layouts.ts` reads each. */
export const LAYOUTS = ["stack_v3_train", "files", "checkouts"] as const;

const NAME = "a name of a-z, 0-9 and _";
const count = z.int().min(1);
const schema = z.strictObject({
  corpus: z.strictObject({
    short_name: z.string(NAME).regex(/^[a-z0-9_]+$/, NAME),
    title: z.string().min(1).optional(),
    layout: z.enum(LAYOUTS),
    location: z.string("a folder or an http(s) URL").min(1),
    revision: z.string().regex(/^\w[\w.-]*$/, "a revision of letters, digits, _, - and .")
      .optional(),
    languages: z.array(z.string()).default([]),
    as_of: z.iso.date("a date such as 2025-08-07").optional(),
    leaves_out: z.array(z.string()).default([]),
    concurrency: count.max(16).default(2),
    requests_per_second: z.number().positive().default(2),
    timeout_seconds: z.number().positive().default(300),
    attempts: count.default(8),
  }),
});

/** A corpus: every key is there, defaults filled in. */
export type CorpusConfig = z.infer<typeof schema>["corpus"] & {
  title: string;
  revision: string;
  isRemote: boolean;
};

/** The revision of a folder that has no name for its state. */
const LOCAL_REVISION = "local";

/**
 * Reads and checks the config of a corpus.
 * @throws {UsageError} with one line per fault.
 */
export async function readCorpusConfig(file: string): Promise<CorpusConfig> {
  try {
    return parseCorpusConfig(await Deno.readTextFile(file), file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory)) {
      throw error;
    }
    throw new UsageError(
      `no config file "${file}": name one of configs/corpora/ with --corpus-file FILE`,
    );
  }
}

/** Checks the text of a corpus config; `file` is for the error sentences. */
export function parseCorpusConfig(text: string, file: string): CorpusConfig {
  const { data, faults } = checkToml(schema, text, file);
  const corpus = data?.corpus;
  const isRemote = corpus !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(corpus.location);
  if (isRemote) {
    if (!isWebAddress(corpus.location)) {
      faults.push(
        `corpus.location is ${
          JSON.stringify(corpus.location)
        }, expected a folder or an http(s) URL`,
      );
    } else if (new URL(corpus.location).username || new URL(corpus.location).password) {
      faults.push("corpus.location has a user name or password, expected an address without them");
    }
    if (corpus.revision === undefined) {
      faults.push("corpus.revision is missing, expected the revision to pin, as for every address");
    }
    if (corpus.layout === "checkouts") {
      faults.push("corpus.location is an address, expected a folder for the layout checkouts");
    }
  }
  if (corpus === undefined || faults.length > 0) {
    throw new UsageError(...faults.map((fault) => `config "${file}": ${fault}`));
  }
  return {
    ...corpus,
    title: corpus.title ?? corpus.short_name,
    revision: corpus.revision ?? LOCAL_REVISION,
    isRemote,
  };
}
