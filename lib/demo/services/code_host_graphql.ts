/** The demo code host's GraphQL, as GitHub answers: partial data beside errors, renames followed. */

import { evaluate, GraphqlError, Resolvable } from "./graphql.ts";
import type { HostedFile, HostedRepository } from "../code/hosted_repositories.ts";

export interface GraphqlBehaviour {
  /** Leave the second half of the repositories out, as over the resource limit. */
  readonly isCut: boolean;
  readonly mostAliases: number;
  readonly poison: string | undefined;
}

interface Problem {
  type?: string;
  path?: readonly string[];
  message: string;
  extensions?: { code: string };
}

/** The answer to a query, and the repositories answered whole; undefined where it is too much. */
export function answerGraphql(
  body: { query: string; variables?: Record<string, unknown> },
  byName: ReadonlyMap<string, HostedRepository>,
  behaviour: GraphqlBehaviour,
): { answer: unknown; answered: string[] } | undefined {
  const variables = body.variables ?? {};
  const asked = Object.keys(variables).filter((name) => name.startsWith("o")).length;
  if (asked > behaviour.mostAliases) return undefined;
  const errors: Problem[] = [];
  const answered: string[] = [];
  let count = 0;
  let isPoisoned = false;
  const root = new Resolvable("Query", (field, { owner, name }, path) => {
    if (field !== "repository") return undefined;
    const key = `github.com/${owner}/${name}`.toLowerCase();
    if (key === behaviour.poison) isPoisoned = true;
    if (behaviour.isCut && ++count > asked / 2) {
      errors.push({
        type: "RESOURCE_LIMITS_EXCEEDED",
        path,
        message: "Resource limits for this query exceeded.",
      });
      return null;
    }
    const repository = byName.get(key);
    // how a blocked one looks here is not known; REST says more of a null without a word
    if (repository?.state === "blocked") return null;
    answered.push(`github.com/${owner}/${name}`);
    if (repository === undefined || repository.state === "missing") {
      errors.push({
        type: "NOT_FOUND",
        path,
        message: `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      });
      return null;
    }
    return repositoryNode(repository);
  });
  try {
    const data = evaluate(body.query, variables, root);
    if (isPoisoned) return undefined;
    return { answer: errors.length > 0 ? { data, errors } : { data }, answered };
  } catch (error) {
    if (!(error instanceof GraphqlError)) throw error;
    const problem = { message: error.message, extensions: { code: "undefinedField" } };
    return { answer: { errors: [problem] }, answered: [] };
  }
}

function node(type: string, fields: Record<string, unknown>): Resolvable {
  return new Resolvable(type, (field) => fields[field]);
}

function repositoryNode(repository: HostedRepository): Resolvable {
  const isEmpty = repository.state === "empty";
  const path = repository.currentName.split("/").slice(1).join("/");
  const fields: Record<string, unknown> = {
    databaseId: repository.id,
    nameWithOwner: path,
    url: `https://github.com/${path}`,
    description: repository.description,
    homepageUrl: null,
    createdAt: repository.createdAt,
    pushedAt: repository.pushedAt,
    stargazerCount: repository.stars,
    forkCount: repository.forks,
    isArchived: repository.isArchived,
    isFork: repository.isFork,
    isTemplate: false,
    isMirror: false,
    isDisabled: false,
    isLocked: false,
    lockReason: null,
    isEmpty,
    parent: repository.parent === undefined ? null : node("Repository", {
      nameWithOwner: repository.parent.split("/").slice(1).join("/"),
    }),
    defaultBranchRef: isEmpty ? null : node("Ref", { name: "main" }),
    primaryLanguage: node("Language", { name: repository.language }),
    licenseInfo: repository.license === undefined ? null : node("License", {
      key: repository.license.toLowerCase(),
      spdxId: repository.license,
    }),
    repositoryTopics: node("RepositoryTopicConnection", {
      nodes: repository.topics.map((name) =>
        node("RepositoryTopic", { topic: node("Topic", { name }) })
      ),
    }),
  };
  return new Resolvable("Repository", (field, { expression }) => {
    if (field !== "object") return fields[field];
    const file = repository.files.find(({ path }) => expression === `HEAD:${path}`);
    return file === undefined ? null : blobNode(file);
  });
}

function blobNode(file: HostedFile): Resolvable {
  return node("Blob", {
    oid: "0".repeat(40),
    byteSize: new TextEncoder().encode(file.text).length,
    isBinary: file.isBinary ?? false,
    isTruncated: file.isTruncated ?? false,
    text: file.isBinary ? null : file.text,
  });
}
