/**
 * What every code search can do for the stages, whichever service, folder or corpus answers.
 *
 * @module
 */
import type { Config } from "../pipeline/config.ts";
import type { Environment } from "../cli/environment.ts";
import type { Effects, ServiceOptions } from "../http/client.ts";
import type { CatalogueIndex } from "./match/catalogue_index.ts";
import type { PlannedQuery } from "./plan/plan.ts";

export type { PlannedQuery } from "./plan/plan.ts";

/** What every code search can do for the stages, whichever service or folder is behind it. */
export interface Backend {
  name: Config["code_search"]["backend"];
  /** What a query is called where they are counted: "queries", "repositories". */
  unit: string;
  /** The fastest that queries may follow each other; undefined where nothing is asked of a service. */
  requestsPerSecond?: number;
  /** The queries to begin with. */
  plan(): Promise<PlannedQuery[]>;
  /** Smaller queries that together ask for the same; none where it cannot be asked any smaller. */
  split(query: PlannedQuery): PlannedQuery[];
  /**
   * Sends one query, with retries.
   * @param patience how many answers in which parts of the service are missing are enough
   * @throws {FatalFailure} where no query to this service will go well.
   */
  search(query: PlannedQuery, patience?: number): Promise<Answer>;
  /**
   * A whole file, with retries; absent where files come with the answers.
   * @throws {PermanentFailure} where the service does not have it, or it is too large.
   */
  readFile?(place: FilePlace): Promise<Uint8Array>;
  /** What was searched, once the plan is made; undefined where the service does not say. */
  source?(): SearchedSource;
  /** Gives back what the searches held. */
  close?(): Promise<void>;
}

/** What a source of code holds: how far its answers reach. */
export interface SearchedSource {
  title: string;
  /** ISO date of the code; null where it is the present. */
  as_of: string | null;
  repositories: number | null;
  files: number | null;
  /** Code hosts that it knows; empty where that is not known. */
  hosts: string[];
  /** Whether it leaves out code whose licence forbids copying. */
  is_permissive_only: boolean;
  /** What it leaves out, in words. */
  leaves_out: string[];
}

/** Where a file is. */
export interface FilePlace {
  /** `host/owner/name`. */
  repository: string;
  path: string;
  commit: string | null;
}

/** Reads the files of a kept answer's body. */
export type ReadMatches = (body: Uint8Array) => Iterable<FileMatch>;

/** What a backend is made with. */
export interface BackendSetup {
  endpointUrl: string;
  /** Pace, patience and the headers that every service gets. */
  service: Omit<ServiceOptions, "name">;
  effects: Effects;
  env: Environment;
  index: CatalogueIndex;
  /** Whether files are kept whole where a line alone decides nothing. */
  wholeFiles: boolean;
  /** A folder for what does not fit in memory. */
  scratch?: string;
}

/** How a query ended. */
export interface Answer {
  status: "complete" | "partial" | "failed";
  /** Why it is not complete; null when it is. */
  reason: string | null;
  /** Whether smaller queries would bring what is missing. */
  isSplit: boolean;
  /**
   * Parts of the service did not answer, or not in time. That says nothing about how frequent the
   * text is: the next run sends the query again.
   */
  isFault?: boolean;
  /** Every try came in pieces: the query may be too large, or the service ill. */
  isBroken?: boolean;
  /** As it came, to be kept; null where nothing came. */
  body: Uint8Array | null;
  /** Matched lines (or repositories, where only these were requested). */
  matches: number;
  /** The query as it was sent, without any token. */
  sent: string;
  attempts: number;
  /** Counts and oddities to be remembered: what was skipped and why. */
  more?: Record<string, unknown>;
}

/** A file that holds what was searched for. */
export interface FileMatch {
  /** `host/owner/name`. */
  repository: string;
  /** Null where the answer names only the repository. */
  path: string | null;
  commit: string | null;
  stars: number | null;
  /** When the service fetched the repository last (RFC 3339). */
  last_fetched: string | null;
  language: string | null;
  /** Null where the service does not say. */
  is_fork: boolean | null;
  lines: LineMatch[];
  /** The whole file, where it may say more than its lines and came with the answer. */
  text?: string;
}

/** A line of a file. */
export interface LineMatch {
  /** From 1; null where the service does not say. */
  line_number: number | null;
  text: string;
  /** The service cut the line. */
  is_cut: boolean;
}
