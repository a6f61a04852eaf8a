/**
 * The exports as a Frictionless Data Package (https://datapackage.org, version 1 for older readers),
 * made so that `frictionless validate` accepts it with and without its Parquet extension.
 * @module
 */
import type { Config } from "../pipeline/config.ts";
import type { Model } from "../duckdb/models.ts";
import { PACKAGE_DATA, portalPage } from "../web/sources.ts";
import type { Snapshot } from "../storage/snapshots.ts";
import type { Column, ExportedTable } from "./exports.ts";

const TYPES: Record<string, string> = {
  VARCHAR: "string",
  BOOLEAN: "boolean",
  BIGINT: "integer",
  INTEGER: "integer",
  HUGEINT: "integer",
  DOUBLE: "number",
  TIMESTAMP: "datetime",
};

/** Tables that may name datasets and resources that are no longer in the catalogue. */
const WITH_REMOVED_ENTRIES = ["final_trend", "final_changes", "final_dead_references"];

/** A file that is not a table of its own. */
export interface OtherFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** The tables that columns refer to. */
const REFERENCES: Record<string, string> = {
  dataset_id: "final_clean_datasets",
  other_dataset_id: "final_clean_datasets",
  resource_id: "final_clean_all_resources",
  organization_id: "final_clean_organizations",
};

/** Tables with numbers of the package index, whose licence applies to them. */
const PACKAGE_TABLES = [
  "final_packages",
  "final_dataset_reach",
  "final_organization_reach",
  "final_key_figures",
];

/** The content of `datapackage.json`. */
export function dataPackage(
  config: Config,
  snapshot: Snapshot,
  tables: ExportedTable[],
  models: Model[],
  graphs: OtherFile[],
  workbook: OtherFile,
): Record<string, unknown> {
  const { licence, title, path } = PACKAGE_DATA;
  const hasPackages = snapshot.manifest.parents.some(({ file }) =>
    /(^|\/)reverse_dependencies_\w+\.db$/.test(file)
  );
  const licenseOf = (table: string) =>
    hasPackages && PACKAGE_TABLES.includes(table)
      ? { licenses: [licence], sources: [{ title, path }] }
      : {};
  return {
    profile: "data-package",
    name: `${config.site.short_name.replaceAll("_", "-")}-mentions`,
    title: `Mentions of ${config.site.title} in public code`,
    description: "Who mentions the portal's open data in public code: final tables, described in " +
      "report.html. CSV cells that a spreadsheet would take for a formula begin with an " +
      "apostrophe; Parquet has them as they are.",
    created: snapshot.manifest.created_at,
    snapshot: { file: snapshot.name, sha256: snapshot.manifest.sha256 },
    complete: snapshot.manifest.complete,
    reasons: snapshot.manifest.reasons,
    sources: [
      {
        title: config.site.title,
        // an address on this machine is of no use to others
        ...(portalPage(config.site) && { path: config.site.package_search_endpoint_url }),
      },
      ...(hasPackages ? [{ title, path }] : []),
    ],
    ...(hasPackages
      ? {
        licenses: [{
          ...licence,
          title: `${licence.title}: the package data of ${title} in ${PACKAGE_TABLES.join(", ")}`,
        }],
      }
      : {}),
    resources: [
      ...tables.flatMap((table) => {
        const model = models.find((it) => it.table === table.table);
        const license = licenseOf(table.table);
        return [
          { ...csvResource(table, model), ...license },
          { ...parquetResource(table), ...license },
        ];
      }),
      workbookResource(workbook),
      ...graphs.map(graphResource),
    ],
  };
}

function workbookResource({ name, bytes, sha256 }: OtherFile): Record<string, unknown> {
  return {
    type: "file",
    name: name.replaceAll(".", "-"),
    path: `exports/${name}`,
    description: "The tables of up to 10,000 rows as sheets of one workbook.",
    format: "xlsx",
    mediatype: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    bytes,
    hash: `sha256:${sha256}`,
  };
}

function graphResource({ name, bytes, sha256 }: OtherFile): Record<string, unknown> {
  const format = name.replace(/^.*\./, "");
  return {
    type: "file",
    name: name.replaceAll(".", "-"),
    path: `graph/${name}`,
    description: "Organizations, datasets and the repositories that mention them, with kinds, " +
      "weights and places: final_graph_nodes and final_graph_edges as one graph.",
    format,
    mediatype: `application/${format}+xml`,
    bytes,
    hash: `sha256:${sha256}`,
  };
}

function csvResource(table: ExportedTable, model: Model | undefined): Record<string, unknown> {
  const key = model?.key ?? [];
  const isKey = key.length > 0 && key.every((column) => model!.notNull.includes(column));
  return {
    profile: "tabular-data-resource",
    name: table.table,
    path: `exports/${table.table}.csv`,
    description: table.comment ?? "",
    format: "csv",
    mediatype: "text/csv",
    encoding: "utf-8",
    bytes: table.csv.bytes,
    hash: `sha256:${table.csv.sha256}`,
    rows: table.rows,
    schema: {
      fields: table.columns.map((column) => field(column, model)),
      missingValues: [""],
      ...(isKey ? { primaryKey: key } : {}),
      ...(WITH_REMOVED_ENTRIES.includes(table.table) ? {} : { foreignKeys: foreignKeys(table) }),
    },
  };
}

function parquetResource(table: ExportedTable): Record<string, unknown> {
  return {
    // a reader without Parquet would take it for a table that it cannot read
    type: "file",
    name: `${table.table}-parquet`,
    path: `exports/${table.table}.parquet`,
    description: table.comment ?? "",
    format: "parquet",
    mediatype: "application/vnd.apache.parquet",
    bytes: table.parquet.bytes,
    hash: `sha256:${table.parquet.sha256}`,
  };
}

function field(column: Column, model: Model | undefined): Record<string, unknown> {
  const type = TYPES[column.type] ?? "any";
  return {
    name: column.name,
    type,
    // DuckDB writes fractions of a second only where there are some
    ...(type === "datetime" ? { format: "any" } : {}),
    ...(column.comment === null ? {} : { description: column.comment }),
    ...(model?.notNull.includes(column.name) ? { constraints: { required: true } } : {}),
  };
}

function foreignKeys(table: ExportedTable): Record<string, unknown>[] {
  return table.columns.flatMap(({ name }) => {
    const resource = REFERENCES[name];
    if (resource === undefined) return [];
    return [{ fields: name, reference: { resource, fields: "id" } }];
  });
}
