import { assert, assertEquals } from "@std/assert";
import { buildCatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import { findMentions } from "../../../lib/code_search/match/mentions.ts";

const BUS = "089fa11a-a4a2-4f9f-be00-5a663bb2a389";
const BUS_SET = "495b1cf7-4f9c-4f73-8686-82b0e8d5f95a";
const ITEM = "4f9c4f73868682b0e8d5f95a495b1cf7";

// URLs as the recorded catalogues have them, one dataset for each way of going wrong.
const RESOURCES: [id: string, dataset: string, url: string][] = [
  [
    "dfp10",
    "dfp",
    "https://dados.cvm.gov.br/dados/CIA_ABERTA/DOC/DFP/DADOS/dfp_cia_aberta_2010.zip",
  ],
  [
    "dfp11",
    "dfp",
    "https://dados.cvm.gov.br/dados/CIA_ABERTA/DOC/DFP/DADOS/dfp_cia_aberta_2011.zip",
  ],
  [
    "itr10",
    "itr",
    "https://dados.cvm.gov.br/dados/CIA_ABERTA/DOC/ITR/DADOS/itr_cia_aberta_2010.zip",
  ],
  [BUS, BUS_SET, `https://ckan.pbh.gov.br/dataset/${BUS_SET}/resource/${BUS}/download/ponto.csv`],
  ["lot", "lots", "https://repositorio.dados.gov.br/segrt/LotOrgao - 201812.xlsx"],
  ["vagas", "lots", "http://repositorio.dados.gov.br/segrt/cargos%20vagos/Dicionario.pdf"],
  ["um", "one", "https://data.example.ch/resource/1"],
  [
    "uasg1",
    "uasg",
    "http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?uasg=158153&ano=2020",
  ],
  ["uasg2", "uasg", "http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?uasg=158430"],
  ["solo", "solo-set", "https://data.example.ch/export.php?id=7"],
  ["bi1", "bi-a", "https://app.powerbi.com/view?r=eyJrIjoiMQ"],
  ["bi2", "bi-b", "https://app.powerbi.com/view?r=eyJrIjoiMg"],
  ["311", "nyc", "https://data.cityofnewyork.us/api/views/erm2-nwe9/rows.csv?accessType=DOWNLOAD"],
  ["arc", "arc-set", `https://hub.arcgis.com/datasets/${ITEM}_0.csv`],
  ["doi", "doi-set", "https://doi.org/10.5281/Zenodo.4711"],
  ["home", "home-set", "https://www.stadt.example.ch/"],
  ["paren", "paren-set", "https://de.example.org/wiki/Zug_(Stadt)"],
  [
    "odata",
    "odata-set",
    "https://olinda.bcb.gov.br/odata/Recursos?$filter=Cnpj%20eq%20'04120'&$format=json",
  ],
  ["frag1", "frag", "https://olinda.bcb.gov.br/app#!/recursos/A"],
  ["frag2", "frag", "https://olinda.bcb.gov.br/app#!/recursos/B"],
  ["none", "none-set", "https://Gerenciamento de Projetos www.portal.example"],
];

const INDEX = buildCatalogueIndex(
  RESOURCES.map(([id, dataset_id, url]) => ({ id, dataset_id, url })),
  [
    { id: "one", name: "um-conjunto", url: "https://data.example.ch/about/one" },
    { id: "solo-set", name: "solo", landing_pages: ["https://www.example.ch/solo.html?lang=de"] },
    { id: "home-set", name: "home", url: "https://www.stadt.example.ch" },
    { id: BUS_SET, name: "ponto-de-onibus" },
  ],
  { portalHosts: ["dados.gov.br", "legado.dados.gov.br"] },
);

/** "kind dataset/resource text" of every mention of a line. */
function grade(line: string): string[] {
  return findMentions(line, INDEX).map((mention) => {
    const generic = mention.is_generic ? " generic" : "";
    const resource = mention.resource_id ?? "-";
    return `${mention.match_kind}${generic} ${mention.dataset_id}/${resource} ${mention.text}`;
  });
}

const DFP = "dados.cvm.gov.br/dados/CIA_ABERTA/DOC/DFP/DADOS/";

const FOUND: Record<string, [line: string, ...found: string[]][]> = {
  exact: [
    [
      `url = "https://${DFP}dfp_cia_aberta_2010.zip"`,
      `dfp/dfp10 https://${DFP}dfp_cia_aberta_2010.zip`,
    ],
    [
      `- see [DFP](https://${DFP}dfp_cia_aberta_2010.zip).`,
      `dfp/dfp10 https://${DFP}dfp_cia_aberta_2010.zip`,
    ],
    [
      `<a href=https://${DFP}dfp_cia_aberta_2011.zip>x</a>`,
      `dfp/dfp11 https://${DFP}dfp_cia_aberta_2011.zip`,
    ],
    [`1,https://data.example.ch/resource/1,csv`, `one/um https://data.example.ch/resource/1`],
    ["x('https://data.example.ch/resource/1'),y", "one/um https://data.example.ch/resource/1"],
    [
      '{\\"u\\":\\"https://data.example.ch/resource/1\\"}',
      "one/um https://data.example.ch/resource/1",
    ],
    [
      "'GET https://data.example.ch/resource/1\\nHost'",
      "one/um https://data.example.ch/resource/1",
    ],
    [
      "https://web.archive.org/web/2020/https://data.example.ch/resource/1",
      "one/um https://data.example.ch/resource/1",
    ],
    [
      "fetch('/proxy?url=https://data.example.ch/resource/1&raw=1')",
      "one/um https://data.example.ch/resource/1",
    ],
    ["“https://data.example.ch/resource/1”。", "one/um https://data.example.ch/resource/1"],
    ["\\url{https://data.example.ch/resource/1}", "one/um https://data.example.ch/resource/1"],
    [
      '"https://repositorio.dados.gov.br/segrt/LotOrgao - 201812.xlsx"',
      "lots/lot https://repositorio.dados.gov.br/segrt/LotOrgao - 201812.xlsx",
    ],
    [
      "(see https://de.example.org/wiki/Zug_(Stadt))",
      "paren-set/paren https://de.example.org/wiki/Zug_(Stadt)",
    ],
    [
      "\"https://olinda.bcb.gov.br/odata/Recursos?$filter=Cnpj%20eq%20'04120'&$format=json\"",
      "odata-set/odata https://olinda.bcb.gov.br/odata/Recursos?$filter=Cnpj%20eq%20'04120'&$format=json",
    ],
    [
      "a https://olinda.bcb.gov.br/app#!/recursos/A.",
      "frag/frag1 https://olinda.bcb.gov.br/app#!/recursos/A",
    ],
  ],
  normalized: [
    [
      `'http://www.${DFP}dfp_cia_aberta_2010.zip'`,
      `dfp/dfp10 http://www.${DFP}dfp_cia_aberta_2010.zip`,
    ],
    [
      "curl HTTPS://Data.Example.CH:443/resource/1/#top",
      "one/um HTTPS://Data.Example.CH:443/resource/1/#top",
    ],
    ["see data.example.ch/resource/1.", "one/um data.example.ch/resource/1"],
    [
      '"https:\\/\\/data.example.ch\\/resource\\/1"',
      "one/um https:\\/\\/data.example.ch\\/resource\\/1",
    ],
    [
      "?u=https%3A%2F%2Fdata.example.ch%2Fresource%2F1&x=2",
      "one/um https%3A%2F%2Fdata.example.ch%2Fresource%2F1",
    ],
    [
      "?u=https%253A%252F%252Fdata.example.ch%252Fresource%252F1",
      "one/um https%253A%252F%252Fdata.example.ch%252Fresource%252F1",
    ],
    [
      '"http://repositorio.dados.gov.br/segrt/cargos vagos/Dicionario.pdf"',
      "lots/vagas http://repositorio.dados.gov.br/segrt/cargos vagos/Dicionario.pdf",
    ],
    [
      '<a href="http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?uasg=158153&amp;ano=2020">',
      "uasg/uasg1 http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?uasg=158153&amp;ano=2020",
    ],
    [
      '"http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?uasg=158153\\u0026ano=2020"',
      "uasg/uasg1 http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?uasg=158153\\u0026ano=2020",
    ],
    [
      "git clone https://me:secret@data.example.ch/resource/1",
      "one/um https://me:secret@data.example.ch/resource/1",
    ],
    [
      "https://olinda.bcb.gov.br/app",
      "frag/frag1 https://olinda.bcb.gov.br/app",
      "frag/frag2 https://olinda.bcb.gov.br/app",
    ],
  ],
  query_variant: [
    [
      'u = "https://data.example.ch/export.php?id=7&lang=de"',
      "solo-set/solo https://data.example.ch/export.php?id=7&lang=de",
    ],
    [
      "`https://data.example.ch/export.php?${qs}`",
      "solo-set/solo https://data.example.ch/export.php?${qs}",
    ],
    [
      'fetch("http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?" + qs)',
      "uasg/- http://compras.dados.gov.br/licitacoes/v1/licitacoes.json?",
    ],
    ["https://data.example.ch/export.php", "solo-set/solo https://data.example.ch/export.php"],
  ],
  identifier: [
    [
      `https://dados.gov.br/api/3/action/datastore_search?resource_id=${BUS}&limit=5`,
      `${BUS_SET}/${BUS} https://dados.gov.br/api/3/action/datastore_search?resource_id=${BUS}&limit=5`,
    ],
    [
      `https://ckan.pbh.gov.br/datastore/dump/${BUS.toUpperCase()}`,
      `${BUS_SET}/${BUS} https://ckan.pbh.gov.br/datastore/dump/${BUS.toUpperCase()}`,
    ],
    [
      `"https://ckan.pbh.gov.br/dataset/${BUS_SET}/resource/114e9b65-3345-40be-abd0-7d75482174d8"`,
      `${BUS_SET}/- https://ckan.pbh.gov.br/dataset/${BUS_SET}/resource/114e9b65-3345-40be-abd0-7d75482174d8`,
    ],
    [
      "'http://data.cityofnewyork.us/resource/erm2-nwe9.json?$limit=5'",
      "nyc/311 http://data.cityofnewyork.us/resource/erm2-nwe9.json?$limit=5",
    ],
    [
      "https://data.cityofnewyork.us/Social/311/erm2-nwe9/about_data",
      "nyc/311 https://data.cityofnewyork.us/Social/311/erm2-nwe9/about_data",
    ],
    [
      "https://data.cityofnewyork.us/api/v3/views/erm2-nwe9/query.csv",
      "nyc/311 https://data.cityofnewyork.us/api/v3/views/erm2-nwe9/query.csv",
    ],
    [
      `https://hub.arcgis.com/maps/abc::${ITEM}/explore`,
      `arc-set/arc https://hub.arcgis.com/maps/abc::${ITEM}/explore`,
    ],
    ["cite (doi:10.5281/zenodo.4711).", "doi-set/doi doi:10.5281/zenodo.4711"],
    [
      "https://dx.doi.org/10.5281/zenodo.4711",
      "doi-set/doi https://dx.doi.org/10.5281/zenodo.4711",
    ],
  ],
  template: [
    [`f"https://${DFP}dfp_cia_aberta_{year}.zip"`, `dfp/- https://${DFP}dfp_cia_aberta_{year}.zip`],
    [`"https://${DFP}dfp_cia_aberta_%s.zip" % y`, `dfp/- https://${DFP}dfp_cia_aberta_%s.zip`],
    [`"https://${DFP}dfp_cia_aberta_%d.zip" % y`, `dfp/- https://${DFP}dfp_cia_aberta_%d.zip`],
    [
      "`https://" + DFP + "dfp_cia_aberta_${d.year()}.zip`",
      `dfp/- https://${DFP}dfp_cia_aberta_\${d.year()}.zip`,
    ],
    [`https://${DFP}dfp_cia_aberta_<year>.zip`, `dfp/- https://${DFP}dfp_cia_aberta_<year>.zip`],
    [`paste0("https://${DFP}dfp", y)`, `dfp/- https://${DFP}dfp`],
    [`$u = 'https://${DFP}dfp' . $year;`, `dfp/- https://${DFP}dfp`],
    [`BASE = 'https://${DFP}'`, `dfp/- https://${DFP}`],
    [`BASE = 'https://${DFP.slice(0, -1)}'`, `dfp/- https://${DFP.slice(0, -1)}`],
  ],
  landing_page: [
    ["https://dados.gov.br/dataset/um-conjunto", "one/- https://dados.gov.br/dataset/um-conjunto"],
    [
      "https://dados.gov.br/pt/dataset/um-conjunto.rdf",
      "one/- https://dados.gov.br/pt/dataset/um-conjunto.rdf",
    ],
    ["[a](https://data.example.ch/about/one/)", "one/- https://data.example.ch/about/one/"],
    ["http://example.ch/solo.html?lang=de", "solo-set/- http://example.ch/solo.html?lang=de"],
  ],
};

for (const [kind, cases] of Object.entries(FOUND)) {
  for (const [line, ...found] of cases) {
    Deno.test(`findMentions() finds ${kind} when the line is ${line}`, () => {
      assertEquals(grade(line), found.map((one) => `${kind} ${one}`));
    });
  }
}

Deno.test("findMentions() ends a text at its punctuation when a fragment is dropped", () => {
  assertEquals(grade("See https://data.example.ch/resource/1#rows."), [
    "normalized one/um https://data.example.ch/resource/1#rows",
  ]);
});

Deno.test("findMentions() keeps the slashes when the scheme is left to the page", () => {
  assertEquals(grade("<script src='//data.example.ch/resource/1'>"), [
    "normalized one/um //data.example.ch/resource/1",
  ]);
});

Deno.test("findMentions() stays quick when a line is one long trap", () => {
  const started = performance.now();
  const url = "https://data.example.ch/";
  for (const trap of ["\\", "{", "(", "a.", "%", "<", "'", "&amp;", "data.example.ch/"]) {
    findMentions(url + trap.repeat(40_000 / trap.length), INDEX);
  }
  assert(performance.now() - started < 10_000);
});

const DECOYS = [
  "https://data.example.ch/export.php?id=8",
  "https://ckan.pbh.gov.br/dataset/{id}",
  "https://data.example.ch/resource/10",
  "https://data.example.ch/resource/1.gz",
  "https://data.example.ch/resource/1-old",
  "https://data.example.ch/Resource/1",
  "https://foo-data.example.ch/resource/1",
  "https://mydata.example.ch/resource/1",
  "https://data.example.ch.evil.org/resource/1",
  `https://elsewhere.org/dataset/${BUS_SET}/resource/${BUS}`,
  "https://elsewhere.org/resource/erm2-nwe9.json",
  BUS,
  "resource_id=RESOURCE_ID",
  "stadt.example.ch",
  "see stadt.example.ch/ for more",
  "x https://data.example.ch/resource/1,2.html",
  `https://data.example.ch/dataset/${BUS_SET}/resource/${BUS}`,
  "mail me@data.example.ch/resource/1",
  "https://app.powerbi.com/view?r=other",
  `https://dados.cvm.gov.br/dados/CIA_ABERTA/DOC/{kind}/x.zip`,
  "https://dados.cvm.gov.br/dados/CIA_ABERTA/DOC/",
  "https://dados.cvm.gov.br/{path}",
  "https://dados.gov.br/dataset/um-conjunto-2",
  "https://elsewhere.org/dataset/um-conjunto",
  "https://data.cityofnewyork.us/resource/abcd-efgh.json",
  "10.5281/zenodo.4711",
  "doi:10.5281/zenodo.47110",
  "Gerenciamento de Projetos www.portal.example/x",
];

for (const line of DECOYS) {
  Deno.test(`findMentions() finds nothing when the line is ${line}`, () => {
    assertEquals(grade(line), []);
  });
}

Deno.test("findMentions() flags a URL without path when the catalogue has a home page", () => {
  assertEquals(grade("see https://stadt.example.ch for more"), [
    "normalized generic home-set/home https://stadt.example.ch",
  ]);
});
