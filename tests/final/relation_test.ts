/**
 * Whose repository it is, against labelled owners: tests/fixtures/relation/owners.csv, written by us
 * after profiles as they are seen, those that come close to a portal's address above all.
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Database } from "../../lib/duckdb/database.ts";
import { relationOf } from "../../lib/final/relation.ts";

const FILE = fileURLToPath(new URL("../fixtures/relation/owners.csv", import.meta.url));

async function readOwners(): Promise<Record<string, string>[]> {
  const db = await Database.open();
  try {
    const sql = "select coalesce(columns(*), '') from read_csv($1, all_varchar = true)";
    return await db.rows<Record<string, string>>(sql, [FILE]);
  } finally {
    db.close();
  }
}

const list = (text: string) => text === "" ? [] : [text];

function decide(row: Record<string, string>): string {
  const hasProfile = row.kind !== "";
  return relationOf({
    repository: row.repository!,
    currentName: null,
    kind: hasProfile ? row.kind! : null,
    website: row.website === "" ? null : row.website!,
    isVerified: row.verified === "yes",
    hasProfile,
    homepages: list(row.homepage!),
  }, {
    owners: list(row.own_owners!),
    portalHosts: [row.portal_host!],
    publisherHosts: new Set(list(row.publisher_hosts!)),
  }).relation;
}

Deno.test("relationOf() calls no independent owner own, and finds every own one that is labelled", async () => {
  const rows = await readOwners();
  assert(rows.filter(({ label }) => label === "independent").length >= 300);
  assert(rows.filter(({ label }) => label === "own").length >= 60);
  assertEquals(rows.filter((row) => decide(row) !== row.label), []);
});

Deno.test("relationOf() gives the evidence, and knows a renamed repository by its new owner", () => {
  const own = {
    owners: ["github.com/City"],
    portalHosts: ["data.city.example"],
    publisherHosts: new Set<string>(),
  };
  const profile = {
    repository: "github.com/old/name",
    currentName: "github.com/city/name",
    kind: "organization",
    website: "data.city.example/about",
    isVerified: true,
    hasProfile: true,
    homepages: [],
  };
  assertEquals(relationOf(profile, own), {
    relation: "own",
    evidence: 'the config names the owner "github.com/City"',
  });
  assertEquals(relationOf({ ...profile, currentName: null }, own), {
    relation: "own",
    evidence: "website of the verified organization on data.city.example",
  });
});
