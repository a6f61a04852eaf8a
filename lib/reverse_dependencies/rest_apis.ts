import type { Place } from "./repository_ref.ts";
import { type Dialect, nextLink } from "./rest.ts";
import { member, text } from "./json_values.ts";

/** The REST APIs of the code hosts, as far as facts and root files go. */

const encode = encodeURIComponent;
const encodePath = (path: string) => path.split("/").map(encode).join("/");

/** GitHub: for repositories that GraphQL cannot explain, and for all where there is no token. */
export function githubRest(apiUrl: string): Dialect {
  const base = apiUrl.replace(/\/$/, "");
  const of = ({ path }: Place) => `${base}/repos/${encodePath(path)}`;
  return {
    service: "github_rest",
    repositoryUrl: of,
    rootUrl: (place) => `${of(place)}/contents/`,
    readRoot: (page) => ({ files: filesOf(page, "type", "file", "name") }),
    fileUrl: (place, _facts, file) => `${of(place)}/contents/${encode(file)}`,
    fileHeaders: { accept: "application/vnd.github.raw+json" },
  };
}

/** GitLab, version 4 of its API. `{host}` in the address stands for the repository's host. */
export function gitlab(apiUrl: string): Dialect {
  const of = ({ host, path }: Place) =>
    `${apiUrl.replace("{host}", host).replace(/\/$/, "")}/projects/${encode(path)}`;
  return {
    service: "gitlab",
    repositoryUrl: (place) => `${of(place)}?license=true`,
    rootUrl: (place, facts) =>
      member(facts, "empty_repo") === true
        ? undefined
        : `${of(place)}/repository/tree?ref=HEAD&per_page=100`,
    readRoot: (page, headers) => ({
      files: filesOf(page, "type", "blob", "name"),
      next: nextLink(headers),
    }),
    fileUrl: (place, _facts, file) => `${of(place)}/repository/files/${encode(file)}/raw?ref=HEAD`,
    fileHeaders: { accept: "*/*" },
  };
}

/** Bitbucket, version 2.0 of its API. */
export function bitbucket(apiUrl: string): Dialect {
  const of = ({ path }: Place) => `${apiUrl.replace(/\/$/, "")}/repositories/${encodePath(path)}`;
  const branch = (facts: unknown) => text(member(facts, "mainbranch", "name"));
  return {
    service: "bitbucket",
    repositoryUrl: of,
    rootUrl: (place, facts) => {
      const name = branch(facts);
      return name === null ? undefined : `${of(place)}/src/${encode(name)}/?pagelen=100`;
    },
    readRoot: (page) => ({
      files: filesOf(member(page, "values"), "type", "commit_file", "path"),
      next: text(member(page, "next")) ?? undefined,
    }),
    fileUrl: (place, facts, file) => `${of(place)}/src/${encode(branch(facts)!)}/${encode(file)}`,
    fileHeaders: { accept: "*/*" },
  };
}

function filesOf(entries: unknown, kind: string, file: string, name: string): string[] {
  if (!Array.isArray(entries)) return [];
  return entries.filter((it) => member(it, kind) === file)
    .map((it) => text(member(it, name)))
    .filter((it) => it !== null);
}
