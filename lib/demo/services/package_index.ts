/**
 * An embedded package index that answers as packages.ecosyste.ms does (its code, 2026-08): a hundred
 * package URLs a call, a thousand rows an answer without a word about more, no renames followed.
 * @module
 */
import {
  cutAnswer,
  retryLater,
  type Service,
  type ServiceOptions,
  startService,
} from "./service.ts";
import type { HostedRepository } from "../code/hosted_repositories.ts";

export type PackageIndexFault = "502" | "503" | "429" | "cut" | "html";

/** All faults that end by themselves at once. */
export const PACKAGE_INDEX_FAULTS: readonly PackageIndexFault[] = [
  "502",
  "503",
  "429",
  "cut",
  "html",
];

export interface PackageIndexOptions extends ServiceOptions<PackageIndexFault> {
  /** The index has what these publish. */
  readonly repositories: readonly HostedRepository[];
  /** Seconds in `Retry-After`; default 1. */
  readonly retryAfterSeconds?: number;
}

export interface DemoPackageIndex extends Service {
  /** For `[dependents]` of a config. */
  readonly config: { readonly packages_api_url: string };
  /** The package URLs of every bulk call that got a whole answer. */
  readonly answered: string[];
}

/** One row of an answer. */
type Row = Record<string, unknown> & { ecosystem: string; name: string; purl: string };

const MOST_ROWS = 1000;
const PURL_TYPES: Record<string, string> = { go: "golang" };

/** Starts the index on 127.0.0.1. */
export function startPackageIndex(options: PackageIndexOptions): DemoPackageIndex {
  const answered: string[] = [];
  const { byPurl, byUrl } = fill(options.repositories);

  function bulk(body: unknown): { status: number; content: unknown; purls: string[] } {
    const purls = (body as { purls?: unknown }).purls;
    // its repository_urls array finds nothing
    if (!Array.isArray(purls)) return { status: 200, content: [], purls: [] };
    if (purls.length > 100) {
      const error = "Maximum 100 PURLs allowed per request";
      return { status: 400, content: { error }, purls: [] };
    }
    const rows = purls.flatMap((purl) => {
      const repository = /^pkg:github\/(.+)$/.exec(String(purl))?.[1];
      return repository === undefined
        ? byPurl.get(plainPurl(String(purl))) ?? []
        : byUrl.get(`https://github.com/${decodeURIComponent(repository)}`.toLowerCase()) ?? [];
    });
    return { status: 200, content: rows.slice(0, MOST_ROWS), purls: purls.map(String) };
  }

  async function answer(
    request: Request,
    fault: PackageIndexFault | undefined,
  ): Promise<Response> {
    const seconds = options.retryAfterSeconds ?? 1;
    const url = new URL(request.url);
    const body = request.method === "POST" ? await request.json() : undefined;
    switch (fault) {
      case "502":
        return new Response("Bad Gateway", { status: 502 });
      case "503":
      case "429":
        return retryLater(Number(fault) as 429 | 503, seconds);
      case "html":
        return new Response("<html>Maintenance</html>");
      default:
        break;
    }
    let given: { status: number; content: unknown; purls: string[] };
    if (url.pathname === "/api/v1/packages/bulk_lookup" && body !== undefined) given = bulk(body);
    else if (url.pathname === "/api/v1/packages/lookup") {
      const rows = byUrl.get((url.searchParams.get("repository_url") ?? "").toLowerCase()) ?? [];
      const size = Math.min(MOST_ROWS, Number(url.searchParams.get("per_page") ?? 100));
      const start = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
      given = { status: 200, content: rows.slice(start, start + size), purls: [] };
    } else given = { status: 404, content: { error: "Not Found" }, purls: [] };
    const content = new TextEncoder().encode(JSON.stringify(given.content));
    const headers = {
      "content-type": "application/json",
      "x-ratelimit-remaining": "14000",
      "x-ratelimit-tier": "polite",
    };
    if (fault === "cut") return cutAnswer(content, headers);
    if ((given.content as unknown[]).length < MOST_ROWS) answered.push(...given.purls);
    return new Response(content, { status: given.status, headers });
  }

  const service = startService("package index", options, answer);
  const { url } = service;
  return {
    ...service,
    config: { packages_api_url: `${url}/api/v1` },
    answered,
  };
}

function fill(repositories: readonly HostedRepository[]) {
  const byPurl = new Map<string, Row[]>();
  const byUrl = new Map<string, Row[]>();
  const add = (map: Map<string, Row[]>, key: string, row: Row) => {
    const rows = map.get(key);
    if (rows === undefined) map.set(key, [row]);
    else rows.push(row);
  };
  for (const repository of repositories) {
    for (const made of repository.packages) {
      if (!made.isPublished && !made.isTaken) continue;
      // registries keep the name that a repository had at the last release: the old or the new one
      const url = made.isTaken
        ? `https://github.com/somebody-else/${made.name.replace(/^.*\//, "")}`
        : `https://${made.name.length % 2 === 0 ? repository.name : repository.currentName}`;
      const rows = [rowOf(made, url, true)];
      // a mirror counts the same dependents once more, and its own
      if (made.dependents % 3 === 0) rows.push(rowOf(made, url, false));
      for (const row of rows) {
        add(byPurl, plainPurl(row.purl), row);
        add(byUrl, url.toLowerCase(), row);
      }
    }
  }
  return { byPurl, byUrl };
}

function plainPurl(purl: string): string {
  return decodeURIComponent(purl.replace(/\?.*$/, ""));
}

function rowOf(
  made: HostedRepository["packages"][number],
  repositoryUrl: string,
  isDefault: boolean,
): Row {
  const { ecosystem, name, dependents } = made;
  const path = name.split("/").map(encodeURIComponent).join("/");
  return {
    name,
    ecosystem,
    description: `The package ${name}`,
    licenses: "MIT",
    keywords_array: ["open-data"],
    repository_url: repositoryUrl,
    versions_count: 3,
    first_release_published_at: "2020-03-01T00:00:00.000Z",
    latest_release_published_at: "2026-02-01T00:00:00.000Z",
    latest_release_number: "1.2.0",
    last_synced_at: "2026-10-01T00:00:00.000Z",
    dependent_packages_count: isDefault ? dependents : dependents + 7,
    dependent_repos_count: dependents * 3,
    downloads: ecosystem === "go" ? null : dependents * 1000,
    downloads_period: ecosystem === "go" ? null : "last-month",
    rankings: dependents > 100 ? { average: 2.5 } : {},
    repo_metadata: [{}, [], null][dependents % 3],
    purl: `pkg:${PURL_TYPES[ecosystem] ?? ecosystem}/${path}`,
    status: null,
    registry: {
      name: `${isDefault ? "" : "mirror."}${ecosystem}.example`,
      default: isDefault,
      ecosystem,
    },
  };
}
