import { assert, assertEquals, assertMatch } from "@std/assert";
import { Random } from "../../lib/demo/random.ts";
import { Database } from "../../lib/duckdb/database.ts";

/** The estimate of what two sources of code both missed. */

const SQL = new URL("../../sql/final/", import.meta.url);
const read = (name: string) => Deno.readTextFile(new URL(name, SQL));

async function withDatabase(use: (db: Database) => Promise<void>): Promise<void> {
  const db = await Database.open();
  try {
    await db.run(await read("macros/capture.sql"));
    await use(db);
  } finally {
    db.close();
  }
}

interface Samples {
  /** Of all that there are: how likely each source has one; by whether it is popular. */
  all: number;
  one: (isPopular: boolean) => number;
  other: (isPopular: boolean) => number;
}

/** Two samples that know nothing of each other: which source has which repository. */
function draw({ all, one, other }: Samples, random: Random) {
  return Array.from({ length: all }, (_, number) => {
    const isPopular = number % 3 === 0;
    return {
      number,
      isPopular,
      isInOne: random.unit() < one(isPopular),
      isInOther: random.unit() < other(isPopular),
    };
  });
}

/** `final_overlap` of such samples. */
async function overlapOf(db: Database, samples: Samples, random: Random) {
  await db.run(
    "create or replace table final_mentions (repository varchar, sources varchar, counted_as varchar);" +
      "create or replace table final_repositories (repository varchar, stars bigint, licence varchar);" +
      "create or replace table final_coverage as select unnest(['corpus', 'zoekt']) as source, " +
      "['github.com'] as hosts, true as is_permissive_only",
  );
  const mentions: string[] = ["('gitlab.com/x/only-one-can-see', 'zoekt', 'original')"];
  mentions.push("('github.com/x/forbidden', 'zoekt', 'original')");
  const repositories: string[] = ["('github.com/x/forbidden', 0, 'GPL-3.0')"];
  for (const { number, isPopular, isInOne, isInOther } of draw(samples, random)) {
    const sources = [isInOne ? "corpus" : "", isInOther ? "zoekt" : ""].filter(Boolean).join(", ");
    if (sources === "") continue;
    const name = `github.com/x/${number}`;
    mentions.push(`('${name}', '${sources}', 'original')`);
    repositories.push(`('${name}', ${isPopular ? 50 : 0}, 'MIT')`);
  }
  await db.run(`insert into final_mentions values ${mentions.join(", ")}`);
  await db.run(`insert into final_repositories values ${repositories.join(", ")}`);
  return await db.one<Record<string, number | string | null>>(await read("final_overlap.sql"));
}

Deno.test("the 95 % interval holds the truth for 93 to 97 % of 1,000 pairs of samples", async () => {
  await withDatabase(async (db) => {
    const random = new Random(20261127, "capture");
    const rows: string[] = [];
    for (let pair = 0; pair < 1000; pair++) {
      const all = 100 + random.below(2000);
      const [one, other] = [0.15 + 0.6 * random.unit(), 0.15 + 0.6 * random.unit()];
      const drawn = draw({ all, one: () => one, other: () => other }, random);
      const count = (is: (it: typeof drawn[number]) => boolean) => drawn.filter(is).length;
      rows.push(
        `(${all}, ${count((it) => it.isInOne)}, ${count((it) => it.isInOther)}, ` +
          `${count((it) => it.isInOne && it.isInOther)})`,
      );
    }
    const { held, bias } = await db.one<{ held: number; bias: number }>(
      "select count(*) filter (truth between capture_bound(one, other, in_both, -1.96) " +
        "and capture_bound(one, other, in_both, 1.96)) as held, " +
        "avg(chapman(one, other, in_both) / truth) as bias " +
        `from (values ${rows.join(", ")}) as pairs(truth, one, other, in_both)`,
    );
    assert(held >= 930 && held <= 970, `${held} of 1,000`);
    assert(Math.abs(bias - 1) < 0.01, `the estimate is ${bias} of the truth on average`);
  });
});

Deno.test("final_overlap estimates what neither source saw, over what both could have seen", async () => {
  await withDatabase(async (db) => {
    const random = new Random(20261127, "overlap");
    const row = await overlapOf(db, { all: 600, one: () => 0.5, other: () => 0.4 }, random);
    assertEquals([row.source, row.other_source, row.warning], ["corpus", "zoekt", null]);
    assertEquals(
      Number(row.in_either),
      Number(row.repositories) + Number(row.other_repositories) - Number(row.in_both),
    );
    assert(Number(row.estimated_low) <= 600 && 600 <= Number(row.estimated_high), `${row}`);
    assertEquals(Number(row.unseen), Number(row.estimated_repositories) - Number(row.in_either));
  });
});

Deno.test("final_overlap warns of small samples and of unequal capture", async () => {
  await withDatabase(async (db) => {
    const random = new Random(20261127, "warnings");
    const small = await overlapOf(db, { all: 30, one: () => 0.3, other: () => 0.3 }, random);
    assertEquals([small.estimated_repositories, small.unseen_high], [null, null]);
    assertMatch(String(small.warning), /too small/);
    const often = (isPopular: boolean) => isPopular ? 0.9 : 0.15;
    const unequal = await overlapOf(db, { all: 1500, one: often, other: often }, random);
    assertMatch(String(unequal.warning), /the estimate is too low/);
    const few = await overlapOf(db, { all: 3000, one: () => 0.9, other: () => 0.03 }, random);
    assertMatch(String(few.warning), /rests on few/);
  });
});
