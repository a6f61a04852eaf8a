/**
 * An embedded data.gov: its v4 search over real HTTP, with keys, hourly limits and cursors that
 * expire. Shapes as documented in GSA/resources.data.gov, pages/catalog-api.md (2026).
 * @module
 */
import { type DemoDataset, demoDataset } from "../city/datasets.ts";
import {
  blockPage,
  cutAnswer,
  type Service,
  type ServiceOptions,
  startService,
} from "./service.ts";

export type DataGovFault = "503" | "html" | "cut";

export interface DataGovOptions extends ServiceOptions<DataGovFault> {
  /** How many datasets of the city it has. */
  readonly datasets: number;
  /** The key that is taken; default "DEMO". */
  readonly key?: string;
  /** Requests a window; default 1,000. */
  readonly limit?: number;
  /** How long the window is, which begins with the first request in it; default an hour. */
  readonly windowMs?: number;
}

export interface DemoDataGov extends Service {
  readonly endpointUrl: string;
  /** Cursors that were given until now are not taken any longer. */
  expireCursors(): void;
}

const DEFAULT_PAGE = 10;
const HOUR_MS = 3_600_000;

/** Starts it on 127.0.0.1. */
export function startDataGov(options: DataGovOptions): DemoDataGov {
  const hits = Array.from({ length: options.datasets }, (_, index) => hitOf(demoDataset(index)))
    .sort((one, other) => one.slug < other.slug ? -1 : 1);
  const limit = options.limit ?? 1000;
  const windowMs = options.windowMs ?? HOUR_MS;
  let windowEnd = 0;
  let used = 0;
  let generation = 0;

  function search(url: URL): { status: number; content: unknown } {
    const size = Number(url.searchParams.get("per_page") ?? DEFAULT_PAGE);
    if (!Number.isInteger(size) || size < 1) return invalid("per_page", "Not a valid integer.");
    const after = url.searchParams.get("after");
    let start = 0;
    if (after !== null) {
      const cursor = cursorOf(after);
      if (cursor?.generation !== generation) return invalid("after", "Invalid cursor.");
      start = hits.findIndex(({ slug }) => slug > cursor.slug);
      if (start < 0) start = hits.length;
    }
    const results = hits.slice(start, start + size);
    const isLast = start + size >= hits.length;
    const next = btoa(JSON.stringify([100, generation, results.at(-1)?.slug]));
    const content = { sort: "relevance", ...(isLast ? {} : { after: next }), results };
    return { status: 200, content };
  }

  function answer(request: Request, fault: DataGovFault | undefined): Response {
    if (request.headers.get("x-api-key") !== (options.key ?? "DEMO")) {
      return refusal(403, "API_KEY_INVALID", "An invalid api_key was supplied.");
    }
    const now = Date.now();
    if (now >= windowEnd) {
      windowEnd = now + windowMs;
      used = 0;
    }
    used += 1;
    const headers = {
      "content-type": "application/json",
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - used)),
    };
    if (used > limit) {
      const seconds = Math.ceil((windowEnd - now) / 1000);
      return refusal(429, "OVER_RATE_LIMIT", "You have exceeded your rate limit.", {
        ...headers,
        "retry-after": String(seconds),
      });
    }
    if (fault === "503") return new Response("Service Unavailable\n", { status: 503 });
    if (fault === "html") return blockPage(200);
    const url = new URL(request.url);
    const { status, content } = url.pathname.endsWith("/v4/search")
      ? search(url)
      : { status: 404, content: { error: "Not Found" } };
    const body = new TextEncoder().encode(JSON.stringify(content));
    return fault === "cut" ? cutAnswer(body, headers) : new Response(body, { status, headers });
  }

  const service = startService("data.gov", options, answer);
  const { url } = service;
  return {
    ...service,
    endpointUrl: `${url}/technology/datagov/v4/search`,
    expireCursors: () => {
      generation += 1;
    },
  };
}

function cursorOf(text: string): { generation: number; slug: string } | undefined {
  try {
    const [, generation, slug] = JSON.parse(atob(text));
    return { generation, slug };
  } catch {
    return undefined;
  }
}

function invalid(field: string, message: string): { status: number; content: unknown } {
  const detail = { query: { [field]: [message] } };
  return { status: 422, content: { message: "Validation error", detail } };
}

/** An answer of api.data.gov, which is before the catalogue. */
function refusal(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ error: { code, message } }, { status, headers });
}

/** A dataset of the city as data.gov gives it. */
function hitOf(dataset: DemoDataset) {
  const organization = dataset.organization as Record<string, unknown> | null;
  const dcat = {
    "@type": "dcat:Dataset",
    title: dataset.title,
    description: dataset.notes,
    identifier: dataset.id,
    accessLevel: "public",
    modified: dataset.metadata_modified,
    keyword: (dataset.tags as { name: string }[]).map(({ name }) => name),
    publisher: { "@type": "org:Organization", name: organization?.title ?? "Port Aurelia" },
    contactPoint: { fn: dataset.maintainer, hasEmail: `mailto:${dataset.maintainer_email}` },
    bureauCode: ["018:50"],
    distribution: dataset.resources.map(({ name, url, format, mimetype }) => ({
      "@type": "dcat:Distribution",
      title: name,
      downloadURL: url,
      format,
      mediaType: mimetype,
    })),
  };
  return {
    title: dataset.title,
    description: dataset.notes,
    identifier: dataset.id,
    slug: dataset.name,
    publisher: dcat.publisher.name,
    keyword: dcat.keyword,
    theme: [],
    has_spatial: false,
    popularity: 2,
    last_harvested_date: dataset.metadata_modified,
    distribution_titles: dcat.distribution.map(({ title }) => title),
    organization: organization === null ? null : {
      id: organization.id,
      name: organization.title,
      slug: organization.name,
      organization_type: "City Government",
      logo: null,
      aliases: [],
      description: null,
    },
    dcat,
    harvest_record: `https://api.gsa.gov/technology/datagov/v4/harvest_record/${dataset.id}`,
  };
}
