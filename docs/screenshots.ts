/**
 * Makes README's pictures from the demo: `deno run -A docs/screenshots.ts`.
 * Reads: nothing; needs Chromium as `chromium`, or as the program that CHROMIUM names
 * Writes: docs/images/
 */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Database } from "../lib/duckdb/database.ts";
import { formatBytes } from "../lib/cli/progress.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const IMAGES = join(ROOT, "docs/images");
const SITE = "port_aurelia";
const MOST_BYTES = 300_000;

if (import.meta.main) await makeScreenshots();

/** Runs the demo in a scratch folder, publishes and serves it, and takes one picture per page. */
export async function makeScreenshots(): Promise<void> {
  const scratch = await Deno.makeTempDir();
  try {
    const artifacts = join(scratch, "artifacts");
    await run(Deno.execPath(), ["task", "demo", "--artifacts-dir", artifacts]);
    const delivery = join(artifacts, SITE, "delivery");
    const site = join(scratch, "site");
    const config = join(artifacts, SITE, "demo.toml");
    const flags = ["--artifacts-dir", artifacts, "--config-file", config, "--out", site];
    await run(Deno.execPath(), ["task", "publish_site", ...flags]);
    const dataset = await mostMentioned(join(delivery, "final.db"), scratch);
    const page = (path: string) => pathToFileURL(join(site, path)).href;
    await take(scratch, "site.png", page("index.html"));
    await take(scratch, "site_dataset.png", page(`dataset/${dataset}.html`));
    await take(scratch, "report.png", pathToFileURL(join(delivery, "report.html")).href);
    await serving(artifacts, async (origin) => {
      await take(scratch, "explorer_graph.png", `${origin}/${SITE}/graph`);
    });
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

async function mostMentioned(file: string, scratch: string): Promise<string> {
  const db = await Database.open(join(scratch, "spill"));
  try {
    await db.attach(file, "final");
    const { dataset_id } = await db.one<{ dataset_id: string }>(
      "select dataset_id from final.final_dataset_usage order by repositories desc, dataset_id limit 1",
    );
    return encodeURIComponent(dataset_id);
  } finally {
    db.close();
  }
}

/** Runs the explorer on a free port while `use` takes pictures of it. */
async function serving(artifacts: string, use: (origin: string) => Promise<void>): Promise<void> {
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "tasks/serve.ts", "--port", "0", "--artifacts-dir", artifacts],
    cwd: ROOT,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const { value } = await lines.read();
    if (value === undefined) throw new Error("the explorer did not start");
    await use(value.trim().replace(/\/$/, ""));
  } finally {
    await lines.cancel();
    server.kill("SIGTERM");
    await server.status;
  }
}

async function take(scratch: string, name: string, address: string): Promise<void> {
  const file = join(IMAGES, name);
  await Deno.mkdir(IMAGES, { recursive: true });
  await run(Deno.env.get("CHROMIUM") ?? "chromium", [
    "--headless=new",
    "--no-sandbox",
    "--hide-scrollbars",
    "--disable-gpu",
    `--user-data-dir=${join(scratch, "profile")}`,
    "--window-size=1280,900",
    // long enough for the graph to be
    "--virtual-time-budget=8000",
    `--screenshot=${file}`,
    address,
  ]);
  const { size } = await Deno.stat(file);
  console.log(`${name}  ${formatBytes(size)}`);
  if (size > MOST_BYTES) throw new Error(`"${name}" is larger than ${formatBytes(MOST_BYTES)}`);
}

async function run(program: string, args: string[]): Promise<void> {
  const output = await new Deno.Command(program, { args, cwd: ROOT, stdin: "null" }).output();
  if (output.success) return;
  throw new Error(`"${program}" failed: ${new TextDecoder().decode(output.stderr).trim()}`);
}
