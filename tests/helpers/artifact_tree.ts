import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { checksums } from "../../lib/storage/checksums.ts";

/** An artifacts directory with one of everything, whose databases are mere bytes. */

/** Bytes that look like nothing, the same for the same seed. */
export function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

export async function write(root: string, path: string, content: Uint8Array | string) {
  const file = join(root, path);
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeFile(
    file,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
}

/** A database and its manifest. @param parents names of other snapshots */
export async function writeSnapshot(
  root: string,
  name: string,
  content: Uint8Array,
  parents: string[] = [],
) {
  await write(root, `read_only/small/${name}.db`, content);
  const sums = await checksums(join(root, `read_only/small/${name}.db`));
  const database = name.replace(/_\d{8}T\d{6}Z$/, "");
  await write(
    root,
    `read_only/small/${name}.json`,
    JSON.stringify({
      ...{ database, site: "small", stage: "test", created_at: "2026-11-24T03:41:49Z", ...sums },
      ...{ storage_version: "v1.2.0", tables: {}, complete: true, reasons: [], recipe: "" },
      config: { site: { short_name: "small", title: "Small" } },
      sql: { folder: database, sha256: "" },
      parents: parents.map((parent) => ({ file: `read_only/small/${parent}.db`, sha256: "" })),
    }),
  );
}

/** A download run; `complete` undefined leaves it unsealed. */
export async function writeRun(root: string, run: string, answers: number, complete?: boolean) {
  const folder = `small/downloads/datasets/${run}`;
  await write(root, `${folder}/run.json`, `{"identity":{},"started_at":"2026-11-24T03:41:49Z"}`);
  let journal = "";
  for (let number = 1; number <= answers; number++) {
    const body = noise(200 + number, number);
    const file = `${String(number).padStart(6, "0")}.gz`;
    const packed = gzipSync(body);
    await write(root, `${folder}/${file}`, packed);
    const sha256 = createHash("sha256").update(packed).digest("hex");
    journal += JSON.stringify({ key: `page ${number}`, file, bytes: body.length, sha256, at: "" }) +
      "\n";
  }
  await write(root, `${folder}/journal.ndjson`, journal);
  if (complete === undefined) return;
  const seal = {
    ...{ complete, reasons: complete ? [] : ["cut"], entries: answers, identity: {}, counts: {} },
    ...{ started_at: "2026-11-24T03:41:49Z", sealed_at: "2026-11-24T03:42:00Z", details: {} },
  };
  await write(root, `${folder}/manifest.json`, JSON.stringify(seal));
}

/** A small site with everything that a backup meets. */
export async function writeTree(root: string) {
  await writeSnapshot(root, "ckan_api_20261124T034149Z", noise(50_000, 1));
  await writeSnapshot(root, "ckan_api_20261125T034149Z", noise(60_000, 2));
  await writeSnapshot(root, "final_20261125T040000Z", noise(17_000_000, 3));
  await writeRun(root, "20261124T030000Z", 5, true);
  await writeRun(root, "20261126T030000Z", 2);
  await write(root, "small/delivery/report.html", "<p>report</p>");
  await write(root, "small/delivery/exports/empty.csv", "");
  await write(root, "small/runs.ndjson", `{"stage":"01_download_datasets"}\n`);
  await write(root, "read_only/other_site/final_20261125T040000Z.db", "of a site without a folder");
  await write(root, "read_only/other_site/final_20261125T040000Z.json", "{}");
  await write(root, "small/locks/x.lock", "process 1");
  await write(root, "small/delivery/half.csv.part", "ha");
  await write(root, "read_only/small/.building_final.db", "half");
}

/** A config of the small site for the server. */
export async function writeConfig(folder: string, endpoint: string): Promise<string> {
  const file = join(folder, "small.toml");
  await Deno.writeTextFile(
    file,
    `[site]
short_name = "small"
package_search_endpoint_url = "http://127.0.0.1:1/api/3/action/package_search"
[backup]
api_endpoint = "${endpoint}"
`,
  );
  return file;
}

/** Every file under a folder with its content's hash, but for those that belong to one machine. */
export async function hashesOf(root: string, path = ""): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for await (const entry of Deno.readDir(join(root, path))) {
    const inner = path ? `${path}/${entry.name}` : entry.name;
    if (/^\w+\/(locks|scratch|runs\.ndjson|checksums\.json)/.test(inner)) continue;
    if (entry.isDirectory) Object.assign(hashes, await hashesOf(root, inner));
    else hashes[inner] = (await checksums(join(root, inner))).sha256;
  }
  return hashes;
}
