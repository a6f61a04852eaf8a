/** Recorded answers of code hosts, kept beside the project; tests that need them say so when they are absent. */

const FOLDER = new URL("../../../shared/data/dependents/", import.meta.url);

export interface Recorded {
  method: string;
  /** Path and query. */
  path: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** True where the recorded answers are at hand; says once what is skipped where they are not. */
export function hasRecordings(): boolean {
  try {
    return Deno.statSync(FOLDER).isDirectory;
  } catch {
    console.log("skipped: no recorded answers of code hosts in ../shared/data/dependents");
    return false;
  }
}

/** A file of octokit/fixtures. */
export function readFixture(name: string): Recorded[] {
  const records = JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER)));
  return records.map((record: Record<string, unknown>) => {
    const raw = record.rawHeaders as string[];
    const headers: Record<string, string> = {};
    for (let at = 0; at < raw.length; at += 2) headers[raw[at]!.toLowerCase()] = raw[at + 1]!;
    const body = record.response;
    return {
      method: String(record.method).toUpperCase(),
      path: String(record.path),
      status: record.status as number,
      headers,
      body: typeof body === "string" ? body : JSON.stringify(body),
    };
  });
}

/** A cassette of VCR: just as much YAML as its writer makes. */
export function readCassette(name: string): Recorded[] {
  const text = Deno.readTextFileSync(new URL(name, FOLDER));
  return text.split(/^- request:$/m).slice(1).map((part) => {
    const response = part.slice(part.indexOf("\n  response:"));
    const uri = new URL(/uri: (\S+)/.exec(part)![1]!);
    const body = /\n {6}string: '((?:[^']|'')*)'/.exec(response)?.[1] ?? "";
    const headers: Record<string, string> = {};
    for (const match of response.matchAll(/\n {6}([A-Z][\w-]+):\n {6}- "?'?([^\n"']*)/g)) {
      headers[match[1]!.toLowerCase()] = match[2]!;
    }
    return {
      method: /method: (\w+)/.exec(part)![1]!.toUpperCase(),
      path: uri.pathname + uri.search,
      status: Number(/code: (\d+)/.exec(response)![1]),
      headers,
      body: body.replaceAll("''", "'").replace(/\s*\n\s*\n\s*/g, "\n").replace(/\s*\n\s*/g, " "),
    };
  });
}

/** Error bodies transcribed from issue threads. */
export function readErrorBodies(): { api: string; status: number | string; body: unknown }[] {
  return JSON.parse(Deno.readTextFileSync(new URL("github_error_bodies.json", FOLDER)));
}

const KEPT_HEADERS = /^(content-type|location|link|retry-after|x-ratelimit-.*|ratelimit-.*|etag)$/;

/** Answers as recorded; what was not recorded is a 404. Addresses of the host become its own. */
export function replay(
  recorded: readonly Recorded[],
  origin = "https://api.github.com",
): { url: string; asked: string[]; close(): Promise<void> } {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, search, origin: own } = new URL(request.url);
    asked.push(`${request.method} ${pathname}${search}`);
    const found = recorded.find(({ method, path }) =>
      method === request.method && path === pathname + search
    );
    if (found === undefined) return Response.json({ message: "Not Found" }, { status: 404 });
    const headers = Object.entries(found.headers)
      .filter(([name]) => KEPT_HEADERS.test(name))
      .map(([name, value]): [string, string] => [name, value.replaceAll(origin, own)]);
    const body = found.status === 204 ? null : found.body;
    return new Response(body, { status: found.status, headers });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    close: () => server.shutdown(),
  };
}
