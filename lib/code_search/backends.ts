/**
 * Which code search a run uses: the config's, or the one that the flags name.
 *
 * @module
 */
import type { Config } from "../pipeline/config.ts";
import { UsageError } from "../cli/errors.ts";
import type { Option } from "../cli/flags.ts";
import type { Context } from "../pipeline/stage.ts";
import { userAgent } from "../http/client.ts";
import type { Backend, BackendSetup, ReadMatches, SearchedSource } from "./backend.ts";
import type { CatalogueIndex } from "./match/catalogue_index.ts";
import { corpus } from "./backends/corpus.ts";
import { github, readGithub } from "./backends/github.ts";
import { local, readLines } from "./backends/local.ts";
import { sourcegraph } from "./backends/sourcegraph.ts";
import { readStream } from "./backends/sourcegraph_stream.ts";
import { readZoekt, zoekt } from "./backends/zoekt.ts";

type Name = Config["code_search"]["backend"];

interface Kind {
  open(setup: BackendSetup): Backend;
  readMatches: ReadMatches;
}

const BACKENDS: Record<Name, Kind> = {
  sourcegraph: { open: sourcegraph, readMatches: readStream },
  zoekt: { open: zoekt, readMatches: readZoekt },
  github: { open: github, readMatches: readGithub },
  local: { open: local, readMatches: readLines },
  corpus: { open: corpus, readMatches: readLines },
};

/** The flag of the stages that work with a backend. */
export const BACKEND_OPTION: Option = {
  name: "backend",
  value: "NAME",
  help: `instead of the config's: ${Object.keys(BACKENDS).join(", ")}`,
};

/** The flag that goes with it. */
export const ENDPOINT_OPTION: Option = {
  name: "endpoint-url",
  value: "URL",
  help: "with --backend: where it answers (local: a folder; corpus: a line store)",
};

/** The name of the backend that a run uses. */
export function backendName(context: Context): Name {
  const name = (context.flags.backend ?? context.config.code_search.backend) as Name;
  if (Object.hasOwn(BACKENDS, name)) return name;
  throw new UsageError(
    `--backend is "${name}", expected one of ${Object.keys(BACKENDS).join(", ")}`,
  );
}

/** Name and endpoint of the backend that a run uses. */
export function chosenBackend(context: Context): { name: Name; endpointUrl: string } {
  const { code_search, repositories } = context.config;
  const name = backendName(context);
  const endpoint = context.flags["endpoint-url"] as string | undefined;
  if (endpoint !== undefined) return { name, endpointUrl: endpoint };
  if (name === code_search.backend) return { name, endpointUrl: code_search.endpoint_url };
  if (name === "github") return { name, endpointUrl: repositories.github_api_url };
  if (name === "sourcegraph") return { name, endpointUrl: "https://sourcegraph.com" };
  throw new UsageError(`--backend ${name} needs --endpoint-url: the config's is another backend's`);
}

/** The client of a backend. */
export function openBackend(
  context: Context,
  chosen: { name: Name; endpointUrl: string },
  index: CatalogueIndex,
  signal: AbortSignal,
): Backend {
  const { concurrency, requests_per_second, timeout_seconds, attempts } =
    context.config.code_search;
  return BACKENDS[chosen.name].open({
    endpointUrl: chosen.endpointUrl,
    service: {
      concurrency,
      requestsPerSecond: requests_per_second,
      timeoutSeconds: timeout_seconds,
      attempts,
      headers: { "user-agent": userAgent(context.env) },
    },
    effects: { ...context, signal },
    env: context.env,
    index,
    wholeFiles: context.config.code_search.whole_files,
    scratch: context.paths.scratch,
  });
}

/** What services say nowhere of themselves but in their documentation. */
const SOURCES: Record<Exclude<Name, "corpus">, Pick<SearchedSource, "title" | "leaves_out">> = {
  sourcegraph: {
    title: "Sourcegraph",
    leaves_out: [
      "repositories that it does not index: it has 2 to 3 million, mostly those with stars",
      "branches other than the default",
      "files over 1 MB",
    ],
  },
  github: {
    title: "GitHub code search",
    leaves_out: [
      "branches other than the default",
      "most forks",
      "files over 384 kB",
    ],
  },
  zoekt: {
    title: "Zoekt",
    leaves_out: ["repositories that are not in its index", "files over 2 MB"],
  },
  local: { title: "local checkouts", leaves_out: ["files over 2 MB", "binary files"] },
};

/** What a backend searched: as it says itself, or as its documentation says. */
export function sourceOf(backend: Backend): SearchedSource {
  const own = backend.source?.();
  if (own !== undefined || backend.name === "corpus") return own!;
  const hosts = backend.name === "github" ? ["github.com"] : [];
  return {
    as_of: null,
    repositories: null,
    files: null,
    hosts,
    is_permissive_only: false,
    ...SOURCES[backend.name],
  };
}

/** How the kept answers of a backend are read, without the backend itself. */
export function matchReader(name: Name): ReadMatches {
  return BACKENDS[name].readMatches;
}
