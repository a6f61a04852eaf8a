import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { idOfRecord, packageOf } from "../../../lib/catalogues/dcat/packages.ts";
import { derivedId, type Fields } from "../../../lib/catalogues/dcat/json_values.ts";

const RECORD: Fields = {
  "@type": "dcat:Dataset",
  identifier: "abc",
  title: "Rivers",
  description: "How high they are",
  keyword: ["water", "Rivers", "water"],
  theme: ["Geo & Maps"],
  landingPage: "https://city.example/d/rivers",
  license: "https://creativecommons.org/licenses/by/4.0/",
  modified: "R/P1D",
  issued: "2014-05-21",
  accessLevel: "public",
  bureauCode: ["018:50"],
  spatial: { type: "Point" },
  contactPoint: { fn: "Ann", hasEmail: "mailto:ann@city.example" },
  publisher: {
    name: "Office of Rivers",
    subOrganizationOf: { name: "Ministry of Water", subOrganizationOf: { name: "The State" } },
  },
  distribution: [
    { "@type": "dcat:Distribution", downloadURL: "https://x.example/a.csv", mediaType: "text/csv" },
    { accessURL: "https://x.example/api", format: "API", title: "the API" },
    { downloadURL: "https://x.example/b", accessURL: "https://x.example/page" },
    { downloadURL: "https://x.example/a.csv", accessURL: "https://x.example/a.csv" },
    { title: "by post" },
    null,
    "none",
  ],
};

Deno.test("packageOf() puts a DCAT-US record into the shape of CKAN", () => {
  const made = packageOf(RECORD, idOfRecord(RECORD));
  const organization = made.organization as Fields;
  const { resources, tags, groups, extras, ...fields } = made as Record<string, Fields[]>;
  assertEquals(fields as Fields, {
    id: "abc",
    name: null,
    title: "Rivers",
    notes: "How high they are",
    url: "https://city.example/d/rivers",
    maintainer: "Ann",
    maintainer_email: "ann@city.example",
    license_id: "https://creativecommons.org/licenses/by/4.0/",
    license_title: "https://creativecommons.org/licenses/by/4.0/",
    license_url: "https://creativecommons.org/licenses/by/4.0/",
    metadata_created: "2014-05-21",
    metadata_modified: "R/P1D",
    num_resources: 6,
    num_tags: 2,
    owner_org: organization.id,
    organization: {
      id: organization.id,
      name: "office-of-rivers",
      title: "Office of Rivers",
      description: "Part of Ministry of Water, part of The State",
      is_organization: true,
    },
  });
  assertEquals(
    resources!.map(({ url, format, resource_type, position }) => [
      url,
      format,
      resource_type,
      position,
    ]),
    [
      ["https://x.example/a.csv", "text/csv", "download", 0],
      ["https://x.example/api", "API", "access", 1],
      ["https://x.example/b", null, "download", 2],
      ["https://x.example/page", null, "access", 3],
      ["https://x.example/a.csv", null, "download", 4],
      [null, null, null, 5],
    ],
  );
  assertEquals(new Set(resources!.map(({ id }) => id)).size, 6);
  assertEquals(tags!.map(({ name }) => name), ["water", "Rivers"]);
  assertEquals(groups!.map(({ name, title }) => [name, title]), [["geo-maps", "Geo & Maps"]]);
  assertEquals(extras!.map(({ key, value }) => [key, value]), [
    ["identifier", "abc"],
    ["accessLevel", "public"],
    ["bureauCode", '["018:50"]'],
    ["spatial", '{"type":"Point"}'],
  ]);
});

Deno.test("packageOf() gives a resource the same id wherever it is in its dataset", () => {
  const turned = { ...RECORD, distribution: (RECORD.distribution as unknown[]).toReversed() };
  const ids = (record: Fields) =>
    (packageOf(record, idOfRecord(record)).resources as Fields[]).map(({ id }) => id).sort();
  assertEquals(ids(turned), ids(RECORD));
  const other = { ...RECORD, identifier: "other" };
  assertEquals(ids(other).filter((id) => ids(RECORD).includes(id)), []);
});

Deno.test("packageOf() reads the spellings that catalogues use", () => {
  const made = packageOf({
    keyword: "water, rivers ; ",
    theme: [{ prefLabel: "Geo" }],
    publisher: "The City",
    license: { "@id": "odbl" },
    contactPoint: [{ fn: "Ann" }],
    distribution: { downloadURL: ["https://x.example/a"], byteSize: 10 },
  }, { id: "a" }) as Fields & Record<string, Fields[]>;
  assertEquals(made.tags!.map(({ name }) => name), ["water", "rivers"]);
  assertEquals(made.groups!.map(({ title }) => title), ["Geo"]);
  assertEquals((made.organization as unknown as Fields).title, "The City");
  assertEquals([made.license_id, made.license_url], ["odbl", null] as unknown[]);
  assertEquals(made.maintainer as unknown, "Ann");
  assertEquals([made.resources![0]!.url, made.resources![0]!.size], ["https://x.example/a", 10]);
  const bare = packageOf({}, { id: "a" });
  assertEquals([bare.organization, bare.resources, bare.tags], [null, [], []]);
});

Deno.test("idOfRecord() derives what is missing from what stays the same", () => {
  const { identifier: _, ...nameless } = RECORD;
  assertEquals(idOfRecord({ identifier: 641 }), { id: "641", isDerived: false });
  const { id, isDerived } = idOfRecord(nameless);
  assertMatch(id, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assertEquals(isDerived, true);
  assertEquals(idOfRecord({ ...nameless, identifier: " ", modified: "2030", title: "New" }).id, id);
  const { landingPage: __, ...pageless } = nameless;
  assertNotEquals(idOfRecord(pageless).id, id);
  assertEquals(idOfRecord({ ...pageless, description: "other" }).id, idOfRecord(pageless).id);
  assertNotEquals(idOfRecord({ ...pageless, title: "Lakes" }).id, idOfRecord(pageless).id);
  assertNotEquals(idOfRecord({ a: 1 }).id, idOfRecord({ a: 2 }).id);
});

Deno.test("derivedId() keeps its parts apart", () => {
  assertNotEquals(derivedId("a", "b"), derivedId("ab"));
  assertNotEquals(derivedId("a\nb"), derivedId("a", "b"));
});
