/**
 * A real CKAN that `tests/real_ckan/start.sh` brought up, with the actions that tests need of it.
 *
 * @module
 */

import type { RealCkanSite } from "../../tasks/bench/real_ckan.ts";

/** Calls an action as the administrator; throws with CKAN's own answer where it is refused. */
export async function callAction<Result>(
  site: RealCkanSite,
  action: string,
  data: Record<string, unknown>,
): Promise<Result> {
  const response = await fetch(`${site.url}/api/3/action/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: site.api_key },
    body: JSON.stringify(data),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: HTTP ${response.status} ${text}`);
  return JSON.parse(text).result;
}

/** Every public dataset as `ckanapi search datasets` gives it, by id. */
export async function searchWithCkanapi(
  site: RealCkanSite,
): Promise<Map<string, Record<string, unknown>>> {
  const { code, stdout, stderr } = await new Deno.Command(site.ckanapi, {
    args: ["search", "datasets", "-r", site.url],
  }).output();
  if (code !== 0) throw new Error(`ckanapi: ${new TextDecoder().decode(stderr)}`);
  const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => JSON.parse(line)).map((record) => [record.id, record]));
}
