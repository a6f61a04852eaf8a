/**
 * What a stage that builds tables could be at best: its inputs are read, and its output is written,
 * by DuckDB alone. A peer for the benchmark.
 * Arguments: database file to write, snapshot whose tables it gets, snapshots to read.
 */
import { DuckDBInstance } from "@duckdb/node-api";

if (import.meta.main) {
  const [file, output, ...inputs] = Deno.args as [string, string, ...string[]];
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const tablesOf = async (name: string) => {
    const rows = await connection.runAndReadAll(
      `select table_name from duckdb_tables() where database_name = '${name}'`,
    );
    return rows.getRows().map(([table]) => String(table));
  };
  for (const [index, input] of inputs.entries()) {
    await connection.run(`attach '${input}' as input_${index} (read_only)`);
    for (const table of await tablesOf(`input_${index}`)) {
      await connection.runAndReadAll(
        `select max(hash(columns(*))) from input_${index}."${table}"`,
      );
    }
  }
  await connection.run(`attach '${output}' as output (read_only)`);
  for (const table of await tablesOf("output")) {
    await connection.run(`create table "${table}" as from output."${table}"`);
  }
  await connection.run("checkpoint");
  connection.closeSync();
}
