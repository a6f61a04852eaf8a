/**
 * Reads rows for hundreds of pages at once. Each page asks for a few rows by number, as it does on the
 * server; what all pages of a batch ask for of one table is read with one query.
 * @module
 */
import type { Database } from "../../duckdb/database.ts";
import { type RowReader, rowReader, type SnapshotRow } from "../view.ts";

interface Request {
  rowNumbers: number[];
  resolve: (rows: Map<number, SnapshotRow>) => void;
  reject: (error: unknown) => void;
}

/** Row numbers in one query; more would make its text too long. */
const MOST_ROWS = 50_000;

/** A reader that waits until nothing else can run, and then answers all requests together. */
export function batchedReader(db: Database): RowReader {
  const read = rowReader((sql, values) => db.rows(sql, values));
  let waiting = new Map<string, Request[]>();
  let isScheduled = false;

  async function answerAll(): Promise<void> {
    isScheduled = false;
    const batch = waiting;
    waiting = new Map();
    for (const [key, requests] of batch) {
      const [table, columns] = JSON.parse(key) as [string, string];
      try {
        const numbers = [...new Set(requests.flatMap((request) => request.rowNumbers))];
        numbers.sort((one, other) => one - other);
        const found = new Map<number, SnapshotRow>();
        for (let at = 0; at < numbers.length; at += MOST_ROWS) {
          const rows = await read(table, columns, numbers.slice(at, at + MOST_ROWS));
          for (const [number, row] of rows) found.set(number, row);
        }
        // each gets all rows of the batch: it looks up its own
        for (const request of requests) request.resolve(found);
      } catch (error) {
        for (const request of requests) request.reject(error);
      }
    }
  }

  return (table, columns, rowNumbers) => {
    if (rowNumbers.length === 0) return Promise.resolve(new Map());
    return new Promise((resolve, reject) => {
      const key = JSON.stringify([table, columns]);
      if (!waiting.has(key)) waiting.set(key, []);
      waiting.get(key)!.push({ rowNumbers, resolve, reject });
      if (isScheduled) return;
      isScheduled = true;
      // after every page of the batch has asked
      setTimeout(() => void answerAll());
    });
  };
}
