/**
 * The demo code host's GraphQL, as GitHub answers: partial data beside errors, renames followed.
 * Queries are checked against the part of GitHub's schema below, so a field that GitHub does not
 * have fails here, too.
 * @module
 */
import { buildSchema, GraphQLError, graphqlSync } from "graphql";
import type { HostedFile, HostedRepository } from "../code/hosted_repositories.ts";

const SCHEMA = buildSchema(`
  type Query { repository(owner: String!, name: String!): Repository }
  type Repository {
    databaseId: Int nameWithOwner: String! url: String! description: String homepageUrl: String
    createdAt: String! pushedAt: String stargazerCount: Int! forkCount: Int! isArchived: Boolean!
    isFork: Boolean! isTemplate: Boolean! isMirror: Boolean! isDisabled: Boolean! isEmpty: Boolean!
    isLocked: Boolean! lockReason: String parent: Repository defaultBranchRef: Ref
    owner: RepositoryOwner!
    primaryLanguage: Language licenseInfo: License
    repositoryTopics(first: Int): RepositoryTopicConnection!
    object(expression: String): GitObject
  }
  interface RepositoryOwner { login: String! }
  type Organization implements RepositoryOwner {
    login: String! websiteUrl: String isVerified: Boolean!
  }
  type User implements RepositoryOwner { login: String! websiteUrl: String }
  type Ref { name: String! }
  type Language { name: String! }
  type License { key: String! spdxId: String }
  type RepositoryTopicConnection { nodes: [RepositoryTopic] }
  type RepositoryTopic { topic: Topic! }
  type Topic { name: String! }
  interface GitObject { oid: String! }
  type Blob implements GitObject {
    oid: String! byteSize: Int! isBinary: Boolean isTruncated: Boolean! text: String
  }
`);

/** How the host behaves towards one query. */
export interface GraphqlBehaviour {
  /** Leave the second half of the repositories out, as over the resource limit. */
  readonly isCut: boolean;
  readonly mostAliases: number;
  readonly poison: string | undefined;
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
  const answered: string[] = [];
  let count = 0;
  let isPoisoned = false;
  const repository = ({ owner, name }: { owner: string; name: string }) => {
    const key = `github.com/${owner}/${name}`.toLowerCase();
    if (key === behaviour.poison) isPoisoned = true;
    if (behaviour.isCut && ++count > asked / 2) {
      throw problem("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.");
    }
    const found = byName.get(key);
    // how a blocked one looks here is not known; REST says more of a null without a word
    if (found?.state === "blocked") return null;
    answered.push(`github.com/${owner}/${name}`);
    if (found === undefined || found.state === "missing") {
      throw problem(
        "NOT_FOUND",
        `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      );
    }
    return repositoryNode(found);
  };
  const { data, errors } = graphqlSync({
    schema: SCHEMA,
    source: body.query,
    variableValues: variables,
    rootValue: { repository },
  });
  if (isPoisoned) return undefined;
  // GitHub has the type of an error beside its message, and no places in the query
  const listed = errors?.map(({ message, path, extensions }) => ({ message, path, ...extensions }));
  return { answer: { data, errors: listed }, answered };
}

function problem(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

function repositoryNode(repository: HostedRepository): Record<string, unknown> {
  const isEmpty = repository.state === "empty";
  const path = pathOf(repository.currentName);
  return {
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
    owner: {
      __typename: repository.owner.isOrganization ? "Organization" : "User",
      login: path.split("/")[0],
      websiteUrl: repository.owner.website ?? null,
      isVerified: repository.owner.isVerified,
    },
    parent: repository.parent === undefined ? null : { nameWithOwner: pathOf(repository.parent) },
    defaultBranchRef: isEmpty ? null : { name: "main" },
    primaryLanguage: { name: repository.language },
    licenseInfo: repository.license === undefined
      ? null
      : { key: repository.license.toLowerCase(), spdxId: repository.license },
    repositoryTopics: { nodes: repository.topics.map((name) => ({ topic: { name } })) },
    object: ({ expression }: { expression: string }) => {
      const file = repository.files.find(({ path }) => expression === `HEAD:${path}`);
      return file === undefined ? null : blobNode(file);
    },
  };
}

/** `owner/name` of `host/owner/name`. */
function pathOf(name: string): string {
  return name.split("/").slice(1).join("/");
}

function blobNode(file: HostedFile): Record<string, unknown> {
  return {
    __typename: "Blob",
    oid: "0".repeat(40),
    byteSize: new TextEncoder().encode(file.text).length,
    isBinary: file.isBinary ?? false,
    isTruncated: file.isTruncated ?? false,
    text: file.isBinary ? null : file.text,
  };
}
