/**
 * `/runs`: what ran and how it ended, which snapshots exist, and what each was made from.
 * @module
 */
import type { SitePaths } from "../../storage/paths.ts";
import { type Html, html, untrusted } from "../../web/html.ts";
import { formatBytes, formatCount, formatSeconds } from "../../cli/progress.ts";
import { listSnapshotDatabases, listSnapshots, type Snapshot } from "../../storage/snapshots.ts";
import type { Page } from "../layout.ts";
import { table } from "../../web/components.ts";
import { readRuns } from "../../pipeline/run_log.ts";
import { plural, timeCell } from "../../web/labels.ts";

type Row = Record<string, unknown>;

/** Runs that are shown and written to files, newest first. */
const MOST_RUNS = 200;
/** A long history is read from its end. */
const TAIL_BYTES = 1_000_000;

/** The page over all sites. */
export async function runsPage(sites: [name: string, paths: SitePaths][]): Promise<Page> {
  const sections = await Promise.all(sites.map(([name, paths]) => siteSection(name, paths)));
  return {
    title: "Runs",
    section: "runs",
    body: html`
      <h1>Runs, snapshots and lineage</h1>
      <p class="lead">What ran and how it ended, which snapshots exist, and what each was made from.</p>
      ${sections}
    `,
  };
}

/** The newest runs of a site, newest first, and how many lines could not be read. */
async function newestRuns(paths: SitePaths): Promise<{ runs: Row[]; broken: number }> {
  const { runs, broken } = await readRuns(paths, TAIL_BYTES);
  return { runs: runs.reverse().slice(0, MOST_RUNS).map((run) => ({ ...run })), broken };
}

/** The stage, with the shard where it was one. */
function nameOf({ stage, shard }: Record<string, unknown>): string {
  return shard === undefined ? String(stage) : `${stage} ${shard}`;
}

/** The runs in the columns of their table, for the files. */
export async function runRows(paths: SitePaths): Promise<Row[]> {
  const { runs } = await newestRuns(paths);
  return runs.map((run) => ({
    stage: nameOf(run),
    started_at: run.started_at,
    finished_at: run.finished_at,
    seconds: run.seconds,
    status: run.status,
    exit: run.exit,
    message: messageOf(run),
  }));
}

/** The snapshots in the columns of their table, for the files. */
export async function snapshotRows(paths: SitePaths): Promise<Row[]> {
  return (await snapshotsOf(paths)).map(rowOf);
}

async function snapshotsOf(paths: SitePaths): Promise<Snapshot[]> {
  const databases = await listSnapshotDatabases(paths);
  return (await Promise.all(databases.map((database) => listSnapshots(paths, database)))).flat();
}

function filesOf(list: "runs" | "snapshots", name: string): Html {
  const what = html`<span class="hidden"> of the ${list} of ${name}</span>`;
  return html`<p class="files">All rows: <a href="/${list}/${name}.csv" download>CSV${what}</a>
    <a href="/${list}/${name}.json">JSON${what}</a></p>`;
}

async function siteSection(name: string, paths: SitePaths): Promise<Html> {
  const { runs, broken } = await newestRuns(paths);
  const snapshots = await snapshotsOf(paths);
  const final = snapshots.findLast(({ manifest }) => manifest.database === "final");
  return html`
    <section>
      <h2>${name}</h2>
      <h3>Runs</h3>
      ${runs.length === 0 ? html`<p class="quiet">No stage has run yet.</p>` : [
        table<Row>(
          `Runs of ${name}: the newest ${runs.length}`,
          [
            { head: "Stage", cell: (run) => untrusted(nameOf(run), 60) },
            { head: "Started", cell: (run) => timeCell(run.started_at) },
            {
              head: "Took",
              isNumber: true,
              cell: (run) => formatSeconds(Number(run.seconds)),
            },
            { head: "Status", cell: statusOf },
            { head: "Message", cell: (run) => untrusted(messageOf(run), 300) },
          ],
          runs,
        ),
        filesOf("runs", name),
      ]}
      ${broken > 0
        ? html`<p class="quiet">${plural(broken, "line")} of the history could not be read.</p>`
        : null}
      <h3>Snapshots</h3>
      ${snapshots.length === 0 ? html`<p class="quiet">No snapshots yet.</p>` : [
        table<Row>(
          `Snapshots of ${name}`,
          [
            {
              head: "Snapshot",
              cell: (row) => html`<code>${String(row.name)}</code>`,
            },
            {
              head: "Created",
              cell: (row) => timeCell(row.created_at),
            },
            {
              head: "Size",
              isNumber: true,
              cell: (row) => formatBytes(row.bytes as number),
            },
            {
              head: "Rows",
              isNumber: true,
              cell: (row) => formatCount(row.rows as number),
            },
            {
              head: "Complete",
              cell: (row) => row.complete ? "yes" : untrusted(`no: ${row.reasons}`, 300),
            },
          ],
          snapshots.map(rowOf),
        ),
        filesOf("snapshots", name),
      ]}
      ${final === undefined ? null : html`
        <h3>What the newest final was made from</h3>
        <div class="lineage">${lineage(final, snapshots)}</div>
      `}
    </section>
  `;
}

function rowOf({ name, manifest }: Snapshot): Row {
  return {
    name,
    created_at: manifest.created_at,
    bytes: manifest.bytes,
    rows: Object.values(manifest.tables).reduce((sum, rows) => sum + rows, 0),
    complete: manifest.complete,
    reasons: manifest.reasons.join("; "),
  };
}

/** A snapshot with its tables, and below it what it was made from, down to the downloads. */
function lineage(snapshot: Snapshot, all: Snapshot[]): Html {
  const tables = Object.entries(snapshot.manifest.tables);
  const parents = snapshot.manifest.parents.map(({ file }) => {
    const known = all.find((it) => it.parent.file === file && it !== snapshot);
    return known ? lineage(known, all) : html`
      <ul>
        <li><code>${untrusted(file, 200)}</code></li>
      </ul>
    `;
  });
  return html`
    <ul>
      <li><code>${snapshot.name}</code>
      <span class="sub">by ${snapshot.manifest.stage}, sha256 ${snapshot.manifest.sha256.slice(
        0,
        12,
      )}…</span>
      <details><summary>${plural(tables.length, "table")}<span class="hidden"> of
        ${snapshot.name}</span></summary>
      <ul class="inline">${tables.map(([table, rows]) =>
        html`<li>${table} <span class="count">${formatCount(rows)}</span></li>`
      )}</ul></details>
      ${parents}</li>
    </ul>
  `;
}

function statusOf(run: Row): Html {
  const text = String(run.status ?? "unknown").replaceAll("_", " ");
  const bad = run.exit !== 0;
  return html`<span class="badge ${bad ? "bad" : "good"}">${text}</span>`;
}

function messageOf(run: Row): string {
  const reasons = Array.isArray(run.reasons) ? run.reasons : [];
  return [run.error ?? run.summary, ...reasons].filter(Boolean).join("; ");
}
