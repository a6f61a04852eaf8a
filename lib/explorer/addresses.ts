/** Addresses of pages: permanent, made of ids, every part encoded. */

/** `/{site}/dataset/{id}` and its like; a repository keeps its slashes. */
export function pageAddress(site: string, kind: string, ...parts: string[]): string {
  return [`/${site}/${kind}`, ...parts.flatMap((part) => part.split("/")).map(encodeURIComponent)]
    .join("/");
}

/** Address of a page of one thing whose id may hold a slash that is part of it. */
export function idAddress(site: string, kind: string, id: string): string {
  return `/${site}/${kind}/${encodeURIComponent(id)}`;
}

/** Address of a topic's page. */
export function topicAddress(site: string, kind: string, topic: string): string {
  return `/${site}/topic/${encodeURIComponent(kind)}/${encodeURIComponent(topic)}`;
}

/** A path with a query; parameters without a value are left out. */
export function withQuery(
  path: string,
  parameters: Record<string, string | number | undefined>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}
