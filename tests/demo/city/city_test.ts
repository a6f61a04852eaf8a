import { assert, assertEquals } from "@std/assert";
import { demoDataset, demoDatasetId, demoModified } from "../../../lib/demo/city/datasets.ts";
import { pythonJson } from "../../../lib/demo/services/python_json.ts";

const SIZE = 1000;
const datasets = Array.from({ length: SIZE }, (_, index) => demoDataset(index));
const text = datasets.map(pythonJson).join("\n");

Deno.test("demoDataset() gives the same dataset whenever it is asked and others for another seed", () => {
  assertEquals(pythonJson(demoDataset(777)), pythonJson(datasets[777]));
  assertEquals(datasets[777]?.id, demoDatasetId(777));
  assertEquals(datasets[777]?.metadata_modified, demoModified(777));
  assert(demoDatasetId(777, { seed: 2 }) !== demoDatasetId(777));
});

Deno.test("demoDataset() gives unique ids and names when many are made", () => {
  const ids = new Set<string>();
  const names = new Set<string>();
  for (let index = 0; index < 25_000; index++) ids.add(demoDatasetId(index));
  for (let index = 20_000; index < 22_000; index++) names.add(demoDataset(index).name);
  assertEquals([ids.size, names.size], [25_000, 2_000]);
  const sorted = datasets.map((dataset) => dataset.id).toSorted();
  assert(sorted[0] !== datasets[0]?.id, "ids sort like indexes");
});

Deno.test("demoDataset() has the oddities of real portals when a thousand are made", () => {
  for (
    const oddity of [
      ...["\\u0096", "\\ufffd", "\\u00a0", "\\ud83c\\udf33", ": 9007199254740993,"],
      ...[": 9007199254740995,", ' octets"', '"size": ""', '"url": ""', '"mimetype_inner": "null"'],
      ...['"owner_org": null', '"url": "http://Project management', '"metadata_created": null'],
      ...['"title": "  ', '"author_email": "\\n', '"relationships_as_subject": []', '"22.09.2004"'],
    ]
  ) assert(text.includes(oddity), `no dataset has ${oddity}`);
  const resources = datasets.flatMap((dataset) => dataset.resources);
  assert(new Set(resources.map((one) => one.id)).size < resources.length, "no id twice");
  assert(datasets.some((one) => one["license_url"] === undefined));
  assert(datasets.some((one) => /T\d\d:\d\d:\d\d$/.test(one.metadata_modified)));
  const average = resources.length / SIZE;
  assert(average > 3 && average < 5, `${average} resources per dataset`);
  assertEquals(new Set(resources.map((one) => one.format.trim())).size > 30, true);
});

Deno.test("pythonJson() writes what json.dumps writes", () => {
  assertEquals(
    pythonJson({ a: [1, null, true, 'ä\u0096🚲\n\u007f"'], b: undefined, c: 2n ** 60n, d: {} }),
    '{"a": [1, null, true, "\\u00e4\\u0096\\ud83d\\udeb2\\n\u007f\\""], "c": 1152921504606846976, ' +
      '"d": {}}',
  );
});
