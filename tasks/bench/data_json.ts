/**
 * Measures the harvest of one large data.json, and what loading it takes.
 *
 * @module
 */
import { join } from "node:path";
import { demoDataset } from "../../lib/demo/city/datasets.ts";
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { measureScript, printTable } from "./measure.ts";

const STAGES = ["01_download_datasets", "02_insert_datasets"];
/** What 01 may hold at most while it reads a file of any size. */
const MOST_MEMORY = 300_000_000;

/**
 * A catalogue that is one `data.json` file, fetched and loaded in processes of their own: time and
 * peak memory. Fails where 01 holds more than it may.
 */
export async function benchDataJson(scratch: string, sizes: number[]): Promise<void> {
  const rows: string[][] = [];
  let most = 0;
  for (const datasets of sizes) {
    const file = join(scratch, "data.json");
    await writeDataJson(file, datasets);
    const { size } = await Deno.stat(file);
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async () => {
      const { readable } = await Deno.open(file);
      return new Response(readable, { headers: { "content-type": "application/json" } });
    });
    try {
      const config = join(scratch, "bench.toml");
      await Deno.writeTextFile(config, configText(server.addr.port));
      const cells = [];
      for (const name of STAGES) {
        const { seconds, peakBytes, exit, stderr } = await measureScript(`tasks/${name}.ts`, [
          "--config-file",
          config,
          "--artifacts-dir",
          join(scratch, String(datasets)),
        ]);
        // a figure of a failed run says nothing
        if (exit !== 0) throw new Error(`"${name}" ended with ${exit}: ${stderr.trim()}`);
        cells.push(formatSeconds(seconds), formatBytes(peakBytes));
        if (name === STAGES[0]) most = Math.max(most, peakBytes);
      }
      rows.push([formatCount(datasets), formatBytes(size), ...cells]);
    } finally {
      await server.shutdown();
    }
  }
  printTable(
    "A catalogue that is one data.json file",
    ["datasets", "file", "01", "memory", "02", "memory"],
    rows,
  );
  if (most > MOST_MEMORY) {
    throw new Error(`01 held ${formatBytes(most)}, expected at most ${formatBytes(MOST_MEMORY)}`);
  }
}

function configText(port: number): string {
  return `[site]
short_name = "bench"
api = "dcat_us"
package_search_endpoint_url = "http://127.0.0.1:${port}/data.json"
`;
}

/** Writes the demo's datasets as DCAT-US 1.1, record by record; 266,000 of them are 500 MB. */
async function writeDataJson(file: string, datasets: number): Promise<void> {
  const encoder = new TextEncoder();
  using handle = await Deno.open(file, { write: true, create: true, truncate: true });
  const write = async (text: string) => {
    const data = encoder.encode(text);
    for (let at = 0; at < data.length;) at += await handle.write(data.subarray(at));
  };
  await write(`{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[\n`);
  let text = "";
  for (let index = 0; index < datasets; index += 1) {
    text += `${index === 0 ? "" : ",\n"}${JSON.stringify(recordOf(index))}`;
    if (text.length < 1 << 20) continue;
    await write(text);
    text = "";
  }
  await write(`${text}\n]}\n`);
}

/** A record as agencies write them: long texts, a publisher, several distributions. */
function recordOf(index: number): Record<string, unknown> {
  const dataset = demoDataset(index);
  return {
    "@type": "dcat:Dataset",
    identifier: `https://data.bench.example/d/${dataset.id}`,
    title: dataset.title,
    description: dataset.notes,
    modified: dataset.metadata_modified,
    landingPage: `https://data.bench.example/d/${dataset.name}`,
    license: dataset.license_id,
    keyword: (dataset.tags as { name: string }[]).map(({ name }) => name),
    accessLevel: "public",
    accrualPeriodicity: "R/P1Y",
    bureauCode: ["009:25"],
    programCode: ["009:038"],
    publisher: { "@type": "org:Organization", name: dataset.author ?? "Port Aurelia" },
    contactPoint: {
      "@type": "vcard:Contact",
      fn: dataset.maintainer ?? "No one",
      hasEmail: "mailto:data@bench.example",
    },
    distribution: dataset.resources.map((resource) => ({
      "@type": "dcat:Distribution",
      title: resource.name,
      description: resource.description,
      format: resource.format,
      mediaType: resource.mimetype,
      downloadURL: resource.url,
    })),
  };
}
