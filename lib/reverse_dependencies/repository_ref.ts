/**
 * The host and path of a repository, read from its name `host/owner/name`, and the service that
 * knows it.
 * @module
 */

/** The services that can be asked about repositories. */
export type Service = "github" | "gitlab" | "bitbucket";

/** A repository that can be requested. */
export interface RepositoryRef {
  /** As the code search names it. */
  repository: string;
  service: Service;
  host: string;
  /** `owner/name`; on GitLab groups may be nested. */
  path: string;
}

const PATHS: Record<Service, RegExp> = {
  // a name of one or two dots would leave the folder of its owner in a URL
  github: /^[a-z\d][a-z\d_-]{0,99}\/(?!\.{1,2}$)[\w.-]{1,100}$/i,
  gitlab: /^\w[\w.+-]*(\/(?!\.{1,2}(\/|$))[\w.+-]+)+$/,
  bitbucket: /^[\w{][\w{}-]*\/(?!\.{1,2}$)[\w.-]+$/,
};

/**
 * The reference to a repository, or the reason why no service can be asked about it.
 * @param gitlabHosts the GitLab servers beside gitlab.com that may be asked; by default every name
 *   that reads like one, for what is only compared
 */
export function parseRepository(
  repository: string,
  gitlabHosts?: readonly string[],
): RepositoryRef | { repository: string; reason: string } {
  const slash = repository.indexOf("/");
  const host = repository.slice(0, slash).toLowerCase();
  const path = repository.slice(slash + 1);
  const service = gitlabHosts?.includes(host) ? "gitlab" : serviceOf(host);
  // a name says nothing of who runs the host: "gitlab.127.0.0.1.nip.io" is this very machine
  if (service === "gitlab" && host !== "gitlab.com" && gitlabHosts?.includes(host) === false) {
    return { repository, reason: `"${host}" is not listed in repositories.gitlab_hosts` };
  }
  if (slash < 0 || service === undefined) {
    return { repository, reason: `no client for host "${slash < 0 ? "" : host}"` };
  }
  if (!PATHS[service].test(path)) {
    return { repository, reason: `"${path}" is not the name of a repository on ${host}` };
  }
  return { repository, service, host, path };
}

/** Own GitLab servers are known by the custom of calling them gitlab.something. */
function serviceOf(host: string): Service | undefined {
  if (host === "github.com") return "github";
  if (host === "bitbucket.org") return "bitbucket";
  if (/^gitlab(\.[a-z\d-]+)+$/.test(host) && !/\.(local|internal|localhost)$/.test(host)) {
    return "gitlab";
  }
  return undefined;
}

/**
 * The name under which two mentions of a repository are the same: `host/owner/name` in
 * lowercase letters, from a URL or a name; null where the text is neither.
 */
export function repositoryKey(address: string | null): string | null {
  if (address === null) return null;
  const match =
    /^(?:git\+)?(?:[a-z]+:\/\/)?(?:[^/@\s]+@)?(?:www\.)?([a-z\d.-]+)(?::\d+)?[/:]+([^?#\s]+)/i
      .exec(address.trim());
  if (match === null) return null;
  const host = match[1]!.toLowerCase();
  let parts = match[2]!.split("/").filter((part) => part !== "");
  // deeper paths name folders of a repository, but for GitLab's nested groups
  const folder = parts.indexOf("-");
  if (serviceOf(host) === "gitlab") parts = folder < 0 ? parts : parts.slice(0, folder);
  else parts = parts.slice(0, 2);
  if (parts.length < 2) return null;
  return `${host}/${parts.join("/").replace(/\.git$/i, "")}`.toLowerCase();
}
