/**
 * CKAN's `package_search`: parameters, envelope and errors as CKAN's own code has them.
 * @module
 */
import { pythonJson } from "./python_json.ts";
import type { PortalStore } from "./portal_store.ts";
import { type Condition, parseFilter, parseSort, SolrError } from "./solr_query.ts";

/** An answer whose text is made only when requested. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  text(): string;
}

export interface SearchBehaviour {
  readonly clamp: number;
  readonly keyset: boolean;
  readonly ignoreStart: boolean;
  /** Answer `success: false` under HTTP 200, as look-alikes of CKAN do. */
  readonly refuses: boolean;
}

const PARAMETERS = new Set(
  ("q,fq,fq_list,fl,rows,sort,start,qf,facet,facet.mincount,facet.limit,facet.field,wt,bf,boost,tie," +
    "defType,mm,df,include_drafts,include_deleted,include_private,use_default_schema").split(","),
);
const FIELDS = new Set(
  "id,name,metadata_modified,organization,owner_org,state,type,license_id".split(","),
);
const DEFAULT_SORT = "score desc, metadata_modified desc";
const JSON_TYPE = "application/json;charset=utf-8";

function failure(help: string, status: number, error: Record<string, unknown>): Answer {
  const text = pythonJson({ help, error, success: false });
  return { status, contentType: JSON_TYPE, text: () => text };
}

function natural(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\s*\+?\d+\s*$/.test(text) ? Number(text) : NaN;
}

function conditionsOf(parameters: URLSearchParams, behaviour: SearchBehaviour): Condition[] {
  const conditions = [...parameters.getAll("fq"), ...parameters.getAll("fq_list")]
    .flatMap(parseFilter);
  for (const { field } of conditions) {
    if (!FIELDS.has(field)) throw new SolrError(`undefined field ${field}`);
  }
  return behaviour.keyset
    ? conditions
    : conditions.filter(({ field, low, high }) => field !== "id" || low === high);
}

/** Counts of the values of the facet fields over the datasets found. */
function facetsOf(store: PortalStore, found: ReturnType<PortalStore["select"]>, text: string) {
  const facets: Record<string, Record<string, number>> = {};
  for (const field of JSON.parse(text) as string[]) {
    const counts: Record<string, number> = {};
    for (const entry of found) {
      const value = store.dataset(entry)[field];
      const values = Array.isArray(value) ? value : [value];
      for (const one of values) {
        const name = typeof one === "string" ? one : (one as { name?: string } | null)?.name;
        if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
      }
    }
    facets[field] = counts;
  }
  return facets;
}

/** The answer to a GET of the portal. */
export function packageSearch(url: URL, store: PortalStore, behaviour: SearchBehaviour): Answer {
  const action = url.pathname.match(/^\/api\/(?:3\/)?action\/([a-z_]+)$/)?.[1];
  if (action === undefined) {
    const page = "<!DOCTYPE html><title>404 Not Found</title>";
    return { status: 404, contentType: "text/html; charset=utf-8", text: () => page };
  }
  if (action !== "package_search") {
    // CKAN answers an unknown action with a bare JSON string.
    const text = pythonJson(`Bad request - Action name not known: ${action}`);
    return { status: 400, contentType: JSON_TYPE, text: () => text };
  }
  const help = `${url.origin}/api/3/action/help_show?name=package_search`;
  if (behaviour.refuses) {
    return failure(help, 200, {
      __type: "Internal Server Error",
      message: "Search is unavailable",
    });
  }
  const parameters = url.searchParams;
  const unknown = [...new Set(parameters.keys())].filter((name) =>
    !PARAMETERS.has(name) && !name.startsWith("ext_")
  );
  if (unknown.length > 0) {
    const names = unknown.map((name) => `'${name}'`).join(", ");
    return failure(help, 400, {
      __type: "Search Query Error",
      message: `Invalid search parameters: [${names}]`,
    });
  }
  const rows = natural(parameters.get("rows")) ?? 10;
  const start = natural(parameters.get("start")) ?? 0;
  if (Number.isNaN(rows) || Number.isNaN(start)) {
    return failure(help, 409, {
      __type: "Validation Error",
      [Number.isNaN(rows) ? "rows" : "start"]: ["Must be a natural number"],
    });
  }
  const sort = parameters.get("sort") || DEFAULT_SORT;
  try {
    const found = store.select(conditionsOf(parameters, behaviour), parseSort(sort));
    const from = behaviour.ignoreStart ? 0 : start;
    const page = found.slice(from, from + Math.min(rows, behaviour.clamp));
    return {
      status: 200,
      contentType: JSON_TYPE,
      text() {
        const fields = parameters.getAll("fl").flatMap((list) => list.split(",")).filter(Boolean);
        const texts = page.map((entry) => {
          if (fields.length === 0) return store.text(entry);
          return pythonJson(
            Object.fromEntries(fields.map((name) => [name, store.field(entry, name)])),
          );
        });
        const facetField = parameters.get("facet") === "false"
          ? null
          : parameters.get("facet.field");
        const facets = pythonJson(
          facetField === null ? {} : facetsOf(store, found, facetField),
        );
        return `{"help": ${pythonJson(help)}, "success": true, "result": ` +
          `{"count": ${found.length}, "sort": ${pythonJson(sort)}, "facets": ${facets}, ` +
          `"results": [${texts.join(", ")}], "search_facets": {}}}`;
      },
    };
  } catch (error) {
    if (!(error instanceof SolrError)) throw error;
    return failure(help, 409, {
      __type: "Search Error",
      message: `SOLR returned an error running query: ${error.message}`,
    });
  }
}
