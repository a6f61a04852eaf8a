import { type HarvestSite, harvestSite } from "./harvest_site.ts";
import { startGateway } from "./gateway.ts";

/** Real recorded answers of CKAN portals, served verbatim. */

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
