import { assert, assertEquals } from "@std/assert";
import { chooseQueries } from "../../../lib/catalogues/ckan/change_queries.ts";
import { filterOfIds } from "../../../lib/catalogues/ckan/solr.ts";

const time = (hour: number) => `2026-11-24T${String(hour).padStart(2, "0")}:00:00.000Z`;
/** One dataset an hour, `a` at 0 o'clock. */
const ALL = [..."abcdefghijkl"].map((id, hour): [string, string] => [id, time(hour)]);
const times = ALL.map(([, at]) => at);
const wanted = (ids: string) => new Map(ALL.filter(([id]) => ids.includes(id)));

Deno.test("chooseQueries() asks by time for what is new, by id for what carries an old time", () => {
  assertEquals(chooseQueries(wanted("akl"), times, undefined, 2), {
    since: time(10),
    lists: [["a"]],
    requests: 2,
  });
  assertEquals(chooseQueries(wanted("ab"), times, undefined, 10), {
    lists: [["a", "b"]],
    requests: 1,
  });
});

Deno.test("chooseQueries() asks further back where that takes no request more", () => {
  assertEquals(chooseQueries(wanted("l"), times, time(9), 10).since, time(9));
  assertEquals(chooseQueries(wanted("l"), times, time(9), 2).since, time(11));
});

Deno.test("chooseQueries() asks by id for what has no time", () => {
  const none = new Map([["x", null], ["l", time(11)], ["y", "24.11.2026"]]);
  assertEquals(chooseQueries(none, times, undefined, 1), {
    since: time(11),
    lists: [["x"], ["y"]],
    requests: 3,
  });
});

Deno.test("chooseQueries() keeps addresses to what servers take", () => {
  const ids = Array.from({ length: 120 }, (_, index) => `${index}`.padStart(36, "0"));
  const { lists } = chooseQueries(new Map(ids.map((id) => [id, null])), [], undefined, 1000);
  assertEquals(lists.map((list) => list.length), [50, 50, 20]);
  for (const list of lists) assert(encodeURIComponent(filterOfIds(list)).length < 3200);
  const long = ids.map((id) => id.repeat(20));
  const more = chooseQueries(new Map(long.map((id) => [id, null])), [], undefined, 1000).lists;
  assertEquals(more.flat().length, 120);
  for (const list of more) assert(encodeURIComponent(filterOfIds(list)).length < 3200);
});
