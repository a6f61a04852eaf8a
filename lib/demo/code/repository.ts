/** A small public repository of the demo, as code hosts and code searches know it. */

export interface DemoFile {
  readonly path: string;
  readonly text: string;
}

export interface DemoRepository {
  /** `host/owner/name`. */
  readonly name: string;
  readonly description: string;
  readonly stars: number;
  readonly forks: number;
  readonly isFork: boolean;
  readonly isArchived: boolean;
  /** The repository this one was forked from, when it was. */
  readonly parent: string | undefined;
  readonly topics: readonly string[];
  readonly license: string | undefined;
  /** Forty hexadecimal digits. */
  readonly commit: string;
  /** When the code search fetched it last (RFC 3339). */
  readonly fetchedAt: string;
  readonly files: readonly DemoFile[];
}
