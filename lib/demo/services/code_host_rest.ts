/**
 * The demo code host's REST paths: GitHub v3, GitLab v4, Bitbucket 2.0.
 * @module
 */
import type { HostedRepository } from "../code/hosted_repositories.ts";

/** The answer to a GET. Renamed repositories are redirected, as all three hosts do. */
export function answerRest(
  url: URL,
  byName: ReadonlyMap<string, HostedRepository>,
): Response {
  const path = url.pathname;
  const github = /^\/github\/repos\/([^/]+\/[^/]+)(?:\/contents\/(.*))?$/.exec(path);
  if (github !== null) {
    const repository = byName.get(`github.com/${decodeURIComponent(github[1]!)}`.toLowerCase());
    return ofGithub(url, repository, github[1]!, github[2]);
  }
  const moved = /^\/github\/repositories\/(\d+)$/.exec(path);
  if (moved !== null) {
    const repository = [...byName.values()].find(({ id }) => id === Number(moved[1]));
    return repository === undefined ? notFound() : Response.json(githubBody(repository));
  }
  const gitlab = /^\/gitlab\/([^/]+)\/api\/v4\/projects\/([^/]+)(\/.*)?$/.exec(path);
  if (gitlab !== null) {
    const name = `${gitlab[1]}/${decodeURIComponent(gitlab[2]!)}`;
    return ofGitlab(url, byName.get(name.toLowerCase()), name, gitlab[3]);
  }
  const bitbucket = /^\/bitbucket\/2\.0\/repositories\/([^/]+\/[^/]+)(?:\/src\/main\/(.*))?$/
    .exec(path);
  if (bitbucket !== null) {
    const name = `bitbucket.org/${decodeURIComponent(bitbucket[1]!)}`;
    return ofBitbucket(url, byName.get(name.toLowerCase()), name, bitbucket[2]);
  }
  return notFound();
}

function ofGithub(
  url: URL,
  repository: HostedRepository | undefined,
  asked: string,
  content: string | undefined,
): Response {
  if (repository === undefined || repository.state === "missing") return notFound();
  if (repository.block !== undefined) {
    const { status, reason } = repository.block;
    return Response.json({
      message: "Repository access blocked",
      block: { reason, created_at: "2023-02-02T15:50:17Z", html_url: "https://github.com/tos" },
    }, { status });
  }
  const current = pathOf(repository.currentName);
  if (asked.toLowerCase() !== current.toLowerCase()) {
    const location = content === undefined
      ? `${url.origin}/github/repositories/${repository.id}`
      : `${url.origin}/github/repos/${current}/contents/${content}`;
    return Response.json({ message: "Moved Permanently", url: location }, {
      status: 301,
      headers: { location },
    });
  }
  if (content === undefined) return Response.json(githubBody(repository));
  if (repository.state === "empty") {
    return Response.json({ message: "This repository is empty." }, { status: 404 });
  }
  if (content === "") {
    return Response.json(repository.files.map(({ path }) => ({ name: path, path, type: "file" })));
  }
  return rawFile(repository, content);
}

function ofGitlab(
  url: URL,
  repository: HostedRepository | undefined,
  asked: string,
  rest: string | undefined,
): Response {
  if (repository === undefined || repository.state === "missing") {
    return Response.json({ message: "404 Project Not Found" }, { status: 404 });
  }
  if (asked.toLowerCase() !== repository.currentName.toLowerCase()) {
    const project = encodeURIComponent(pathOf(repository.currentName));
    const location = url.href.replace(/\/projects\/[^/?]+/, `/projects/${project}`);
    return new Response(null, { status: 301, headers: { location } });
  }
  if (rest === undefined) {
    return Response.json({
      id: repository.id,
      path_with_namespace: pathOf(repository.currentName),
      web_url: `https://${repository.currentName}`,
      description: repository.description,
      default_branch: "main",
      topics: repository.topics,
      star_count: repository.stars,
      forks_count: repository.forks,
      license: repository.license === undefined ? null : { key: repository.license.toLowerCase() },
      empty_repo: repository.state === "empty",
      archived: repository.isArchived,
      created_at: repository.createdAt,
      last_activity_at: repository.pushedAt,
      ...(repository.parent === undefined
        ? {}
        : { forked_from_project: { path_with_namespace: pathOf(repository.parent) } }),
    });
  }
  if (rest === "/repository/tree") {
    // one entry a page, so that paging is not forgotten
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const hasNext = page < repository.files.length;
    return Response.json(
      repository.files.slice(page - 1, page).map(({ path }) => ({
        name: path,
        path,
        type: "blob",
      })),
      { headers: hasNext ? { link: `<${next.href}>; rel="next"` } : {} },
    );
  }
  return rawFile(
    repository,
    decodeURIComponent(/^\/repository\/files\/([^/]+)\/raw$/.exec(rest)?.[1] ?? ""),
  );
}

function ofBitbucket(
  url: URL,
  repository: HostedRepository | undefined,
  asked: string,
  content: string | undefined,
): Response {
  if (repository === undefined || repository.state === "missing") {
    return Response.json({ type: "error", error: { message: "not found" } }, { status: 404 });
  }
  const current = pathOf(repository.currentName);
  if (asked.toLowerCase() !== repository.currentName.toLowerCase()) {
    const location = url.href.replace(/\/repositories\/[^/]+\/[^/?]+/, `/repositories/${current}`);
    return new Response(null, { status: 301, headers: { location } });
  }
  if (content === undefined) {
    return Response.json({
      type: "repository",
      full_name: current,
      links: { html: { href: `https://${repository.currentName}` } },
      description: repository.description,
      website: "",
      language: repository.language.toLowerCase(),
      created_on: repository.createdAt,
      updated_on: repository.pushedAt,
      mainbranch: repository.state === "empty" ? null : { name: "main", type: "branch" },
      parent: repository.parent === undefined ? null : { full_name: pathOf(repository.parent) },
      is_private: false,
    });
  }
  if (content === "") {
    return Response.json({
      values: repository.files.map(({ path }) => ({ path, type: "commit_file" })),
    });
  }
  return rawFile(repository, content);
}

function githubBody(repository: HostedRepository): Record<string, unknown> {
  const path = pathOf(repository.currentName);
  return {
    id: repository.id,
    full_name: path,
    html_url: `https://github.com/${path}`,
    description: repository.description,
    homepage: null,
    stargazers_count: repository.stars,
    forks_count: repository.forks,
    license: repository.license === undefined
      ? null
      : { key: repository.license.toLowerCase(), spdx_id: repository.license },
    language: repository.language,
    topics: repository.topics,
    default_branch: "main",
    archived: repository.isArchived,
    fork: repository.isFork,
    is_template: false,
    mirror_url: null,
    ...(repository.parent === undefined
      ? {}
      : { parent: { full_name: pathOf(repository.parent) } }),
    created_at: repository.createdAt,
    pushed_at: repository.pushedAt,
  };
}

function rawFile(repository: HostedRepository, path: string): Response {
  const file = repository.files.find((it) => it.path === path);
  return file === undefined ? notFound() : new Response(file.text);
}

function notFound(): Response {
  return Response.json({ message: "Not Found", status: "404" }, { status: 404 });
}

function pathOf(name: string): string {
  return name.split("/").slice(1).join("/");
}
