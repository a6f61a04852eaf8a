import { member, text, texts, truth, whole } from "./json_values.ts";

/** What is known of a repository, in one shape whichever host said it. */

/** `found`: under the asked name; `renamed`: under another; the others have no facts, or few. */
export type State = "found" | "renamed" | "missing" | "blocked" | "empty";

/** Facts of one repository; null is what the host does not say. */
export interface Facts {
  /** `host/owner/name` as the host calls it now; null where there is none. */
  current_name: string | null;
  /** The host's own number: a name that was given anew has another. */
  database_id: number | null;
  url: string | null;
  description: string | null;
  homepage: string | null;
  stars: number | null;
  forks: number | null;
  /** SPDX where the host knows it. */
  licence: string | null;
  language: string | null;
  topics: string[];
  default_branch: string | null;
  is_archived: boolean | null;
  is_fork: boolean | null;
  is_template: boolean | null;
  is_mirror: boolean | null;
  is_empty: boolean | null;
  /** `host/owner/name` of what it is a fork of. */
  fork_of: string | null;
  created_at: string | null;
  pushed_at: string | null;
}

/** The state of a repository that the host showed. */
export function stateOf(asked: string, facts: Facts): State {
  // hosts do not tell capitals from small letters in names
  if (facts.current_name !== null && facts.current_name.toLowerCase() !== asked.toLowerCase()) {
    return "renamed";
  }
  return facts.is_empty ? "empty" : "found";
}

/** Facts out of a GraphQL `Repository` of GitHub. */
export function factsOfGraphql(node: unknown): Facts {
  const topics = member(node, "repositoryTopics", "nodes");
  return {
    current_name: named("github.com", member(node, "nameWithOwner")),
    database_id: whole(member(node, "databaseId")),
    url: text(member(node, "url")),
    description: text(member(node, "description")),
    homepage: text(member(node, "homepageUrl")),
    stars: whole(member(node, "stargazerCount")),
    forks: whole(member(node, "forkCount")),
    licence: licenceOf(member(node, "licenseInfo", "spdxId"), member(node, "licenseInfo", "key")),
    language: text(member(node, "primaryLanguage", "name")),
    topics: Array.isArray(topics) ? texts(topics.map((it) => member(it, "topic", "name"))) : [],
    default_branch: text(member(node, "defaultBranchRef", "name")),
    is_archived: truth(member(node, "isArchived")),
    is_fork: truth(member(node, "isFork")),
    is_template: truth(member(node, "isTemplate")),
    is_mirror: truth(member(node, "isMirror")),
    is_empty: truth(member(node, "isEmpty")),
    fork_of: named("github.com", member(node, "parent", "nameWithOwner")),
    created_at: text(member(node, "createdAt")),
    pushed_at: text(member(node, "pushedAt")),
  };
}

/** Facts out of `GET /repos/{owner}/{name}` of GitHub. */
export function factsOfGithub(body: unknown): Facts {
  return {
    current_name: named("github.com", member(body, "full_name")),
    database_id: whole(member(body, "id")),
    url: text(member(body, "html_url")),
    description: text(member(body, "description")),
    homepage: text(member(body, "homepage")),
    stars: whole(member(body, "stargazers_count")),
    forks: whole(member(body, "forks_count")),
    licence: licenceOf(member(body, "license", "spdx_id"), member(body, "license", "key")),
    language: text(member(body, "language")),
    topics: texts(member(body, "topics")),
    default_branch: text(member(body, "default_branch")),
    is_archived: truth(member(body, "archived")),
    is_fork: truth(member(body, "fork")),
    is_template: truth(member(body, "is_template")),
    is_mirror: member(body, "mirror_url") === undefined
      ? null
      : text(member(body, "mirror_url")) !== null,
    is_empty: null,
    fork_of: named("github.com", member(body, "parent", "full_name")),
    created_at: text(member(body, "created_at")),
    pushed_at: text(member(body, "pushed_at")),
  };
}

/** Facts out of `GET /projects/{path}?license=true` of GitLab. */
export function factsOfGitlab(body: unknown, host: string): Facts {
  const parent = member(body, "forked_from_project", "path_with_namespace");
  return {
    current_name: named(host, member(body, "path_with_namespace")),
    database_id: whole(member(body, "id")),
    url: text(member(body, "web_url")),
    description: text(member(body, "description")),
    homepage: null,
    stars: whole(member(body, "star_count")),
    forks: whole(member(body, "forks_count")),
    licence: licenceOf(undefined, member(body, "license", "key")),
    language: null,
    topics: texts(member(body, "topics")),
    default_branch: text(member(body, "default_branch")),
    is_archived: truth(member(body, "archived")),
    is_fork: member(body, "forked_from_project") !== undefined,
    is_template: null,
    is_mirror: truth(member(body, "mirror")),
    is_empty: truth(member(body, "empty_repo")),
    fork_of: named(host, parent),
    created_at: text(member(body, "created_at")),
    pushed_at: text(member(body, "last_activity_at")),
  };
}

/** Facts out of `GET /repositories/{workspace}/{slug}` of Bitbucket, which counts no stars. */
export function factsOfBitbucket(body: unknown): Facts {
  return {
    current_name: named("bitbucket.org", member(body, "full_name")),
    database_id: null,
    url: text(member(body, "links", "html", "href")),
    description: text(member(body, "description")),
    homepage: text(member(body, "website")),
    stars: null,
    forks: null,
    licence: null,
    language: text(member(body, "language")),
    topics: [],
    default_branch: text(member(body, "mainbranch", "name")),
    is_archived: null,
    is_fork: member(body, "parent") === undefined ? null : member(body, "parent") !== null,
    is_template: null,
    is_mirror: null,
    is_empty: member(body, "mainbranch") === null,
    fork_of: named("bitbucket.org", member(body, "parent", "full_name")),
    created_at: text(member(body, "created_on")),
    pushed_at: text(member(body, "updated_on")),
  };
}

function named(host: string, path: unknown): string | null {
  const name = text(path);
  return name === null ? null : `${host}/${name}`;
}

/** `NOASSERTION` is GitHub's word for a licence file that it does not recognise. */
function licenceOf(spdx: unknown, key: unknown): string | null {
  const name = text(spdx);
  return name === null || name === "NOASSERTION" ? text(key) : name;
}
