import { type HarvestSite, harvestSite } from "./harvest_site.ts";
import { startGateway } from "./gateway.ts";

/** Real recorded answers of CKAN portals, served verbatim. */

const DATA = new URL("../../../shared/data/", import.meta.url);
const RECORDED = new URL("ckan/", DATA);

/** Runs a test on a site whose portal has one page; behind it there is nothing more. */
export async function inPage(page: Uint8Array, test: (site: HarvestSite) => Promise<void>) {
  const count = Number(/"count":\s*(\d+)/.exec(new TextDecoder().decode(page))![1]);
  const gateway = startGateway(undefined, ({ searchParams }) => {
    const isFirst = (searchParams.get("start") ?? "0") === "0" && !searchParams.has("fq");
    return isFirst
      ? new Response(page as Uint8Array<ArrayBuffer>)
      : Response.json({ success: true, result: { count, results: [] } });
  });
  const site = await harvestSite(gateway.endpointUrl);
  try {
    await test(site);
  } finally {
    await gateway.close();
    await site.remove();
  }
}

/** A recorded answer, unpacked; of CKAN unless another folder is named. */
export async function recorded(name: string, folder = "ckan"): Promise<Uint8Array> {
  const file = await Deno.open(new URL(`${folder}/${name}`, DATA));
  const bytes = name.endsWith(".gz")
    ? file.readable.pipeThrough(new DecompressionStream("gzip"))
    : file.readable;
  return new Uint8Array(await new Response(bytes).arrayBuffer());
}

/** A test that is left out where the recorded answers are not. */
export function recordedTest(name: string, test: () => Promise<void>): void {
  const isAbsent = !isThere(RECORDED);
  Deno.test({
    name: isAbsent ? `${name} (left out: ../shared/data is not here)` : name,
    ignore: isAbsent,
    fn: test,
  });
}

function isThere(folder: URL): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}
