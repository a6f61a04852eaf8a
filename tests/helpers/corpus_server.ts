import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * A hub with one data set, as Hugging Face's answers: a list of parts over two pages and the parts,
 * with ranges; some answers are faulty.
 */

const FAULTS = ["429", "503", "cut", "long", "wrong bytes"] as const;

export interface CorpusServer {
  /** `corpus.location`. */
  location: string;
  /** Whole answers that were given, by part. */
  given: Map<string, number>;
  /** Answers that were faulty. */
  faults: number;
  close(): Promise<void>;
}

/**
 * @param share of the answers with a part that is faulty
 * @param broken a part that is never right
 */
export async function startCorpusServer(
  folder: string,
  files: string[],
  { share = 0, broken = "" } = {},
): Promise<CorpusServer> {
  const bodies = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of files) bodies.set(file, await Deno.readFile(join(folder, file)));
  const list = files.map((path) => ({
    type: "file",
    path,
    size: bodies.get(path)!.length,
    oid: "0".repeat(40),
    lfs: {
      oid: createHash("sha256").update(bodies.get(path)!).digest("hex"),
      size: bodies.get(path)!.length,
    },
  }));
  const half = Math.ceil(list.length / 2);
  const given = new Map<string, number>();
  let requests = 0;
  const state = { faults: 0 };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/api/datasets/Made/stack/tree/v1/data") {
      const isFirst = url.searchParams.get("cursor") === null;
      const next = `<${url.origin}${url.pathname}?recursive=1&cursor=2>; rel="next"`;
      return Response.json(
        [{ type: "directory", path: "data" }, ...isFirst ? list.slice(0, half) : list.slice(half)],
        { headers: isFirst ? { link: next } : {} },
      );
    }
    const path = decodeURIComponent(url.pathname.replace("/datasets/Made/stack/resolve/v1/", ""));
    const body = bodies.get(path);
    if (body === undefined) return new Response("no such file", { status: 404 });
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
    if (start >= body.length) {
      return new Response(null, {
        status: 416,
        headers: { "content-range": `bytes */${body.length}` },
      });
    }
    const rest = body.subarray(start);
    const headers = start === 0
      ? undefined
      : { "content-range": `bytes ${start}-${body.length - 1}/${body.length}` };
    const answer = (content: Uint8Array<ArrayBuffer>) =>
      new Response(content, { status: start === 0 ? 200 : 206, headers });
    const wrong = () => {
      const other = rest.slice();
      other[other.length - 9]! ^= 255;
      return answer(other);
    };
    requests += 1;
    if (path === broken) return wrong();
    // a fixed share, spread evenly
    if (Math.floor(requests * share) > Math.floor((requests - 1) * share)) {
      state.faults += 1;
      switch (FAULTS[state.faults % FAULTS.length]) {
        case "429":
          return new Response("slow down", { status: 429, headers: { "retry-after": "0" } });
        case "503":
          return new Response("busy", { status: 503 });
        case "cut":
          return answer(rest.subarray(0, Math.floor(rest.length / 2)));
        case "long": {
          const longer = new Uint8Array(rest.length + 7);
          longer.set(rest);
          return answer(longer);
        }
        default:
          return wrong();
      }
    }
    given.set(path, (given.get(path) ?? 0) + 1);
    return answer(rest);
  });
  return {
    location: `http://127.0.0.1:${server.addr.port}/datasets/Made/stack`,
    given,
    get faults() {
      return state.faults;
    },
    close: () => server.shutdown(),
  };
}
