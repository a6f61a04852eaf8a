/**
 * What a place in code uses the data for, decided by its line, its neighbours and its call; the
 * file's name only helps where they say nothing. The first rule that holds decides, and its name is
 * kept as `use_reason`. docs/kinds_of_use.md defines the kinds and says how often this is right.
 * @module
 */

/** The kinds of use, in the order of `sql/vocabularies.sql`. */
export const USES = [
  "downloads",
  "queries_api",
  "displays",
  "links",
  "lists",
  "tests",
  "teaches",
  "configures",
  "other",
] as const;

/** One of `USES`. */
export type Use = typeof USES[number];

/** A mention with what is known around it. */
export interface UseContext {
  path: string | null;
  line: string;
  /** Known lines before and after, nearest last and first. */
  before: readonly string[];
  after: readonly string[];
}

/** A use and the rule that decided it. */
export interface UseDecision {
  use: Use;
  reason: string;
}

interface Sight {
  path: string;
  name: string;
  line: string;
  /** Neighbours and line. */
  around: string;
  before: string;
  isProse: boolean;
  isCode: boolean;
}

type Rule = [reason: string, use: Use, holds: (sight: Sight) => boolean];

const URL_IN_TEXT = /https?:\/\/[^\s"'`<>\\]+/gi;

/** A comment of any language before anything else on the line. */
const COMMENT =
  /^\s*(?:\/\/|#(?!include|\[)|--\s|%|;|\/\*|\*(?!\*)|<!--|\/\/\/|\/\/!|"""|'''|REM\b)/;
const CALL_OF_DOWNLOAD = new RegExp(
  [
    "\\b(?:wget|curl|aria2c|axel|http-get)\\b",
    "Invoke-WebRequest|urlretrieve|urlopen|copyURLToFile|GetByteArrayAsync|GetStringAsync",
    "file_get_contents|fromURL|webread|websave|readText\\(\\)|URI\\.open|LWP|\\bget\\(['\"]http",
    "\\b(?:pd|pl|dd|gpd|geopandas|pandas|xr|sf|readr|data\\.table|st|np|json|yaml)(?:\\.|::)(?:read|scan|open|load|st_read|fread|genfromtxt)\\w*\\s*\\(",
    "\\b(?:read_csv|read_csv_auto|read_excel|read_json|read_parquet|read_xml|read_table|read_file|st_read|fread|read\\.csv|readRDS|load_csv\\w*|from_url)\\s*\\(",
    "download\\.file|Downloads?\\.download|\\bdownload\\w*\\s*\\(|pooch|open_dataset|getJSON",
    "\\b(?:d3\\.)?(?:csv|tsv|json)\\(\\s*[\"'`]http",
    "\\b(?:requests|httpx|session|http|axios|got|ky|superagent|reqwest|client|needle|fetcher)\\b[\\w.:]*\\.?(?:get|stream|Get|request|blocking::get)\\w*\\s*\\(",
    "\\bfetch\\(|http\\.Get\\(|\\bADD\\s+http|\\bGET\\b.*requests|COPY .* FROM",
  ].join("|"),
);
const QUERY_IN_URL =
  /datastore_search|package_search|package_show|\/query\b|[?&](?:\$?where|\$?select|\$?limit|\$filter|\$top|\$offset|limit|q|query|order_by|request=GetFeature|service=WFS|offset|id|from|last|bbox|get|startPeriod|station)\b|\/items\?|\/sdmx|\/graphql|\$\{|\{\w+\}/i;
const API_IN_URL =
  /\/api\/(?:v?\d|explore|3\/action)|\/api\/|\/\/api\.|\/resource\/[a-z0-9]{4}-[a-z0-9]{4}|\/sparql\b|\/wfs\b|\/FeatureServer|\/MapServer|\/odata\b|\/rest\/|\/graphql|\/\/(?:stac|ogc|sdmx|geocoder|transport)\.|\/wcs\b|\/csw\b/i;
const CLIENT =
  /SPARQLWrapper|WebFeatureService|WebCoverageService|CatalogueServiceWeb|RemoteCKAN|ckanr::|\bSocrata\(|RSocrata|GraphQLClient|readSDMX|pxweb_get|Client\.open|src_ckan|FeatureLayer\(\s*["']|arcgis\.features/;
const SHOWS =
  /<(?:img|iframe|embed|object|video|audio|a-sky|image|l-tile-layer|l-wms-tile-layer|TileLayer|WMSTileLayer)\b[^>]*|tileLayer|TileLayer|TileWMS|WMSLayer|WMSTiles|addTiles|WmsTileLayer|WebMapService|featureLayer\(|new\s+(?:\w+\.)*(?:FeatureLayer|GeoJsonLayer|GeoJSONLayer|KmlLayer|XYZ)\b|addSource\(|add_basemap|folium\.|vegaEmbed|background(?:-image)?\s*:\s*url|Plotly|alt\.Chart|dl\.|<\w*Chart\b|<map-source|GetLegendGraphic|GetMap|"tiles"\s*:|tiles:\s*\[|geojson-layer|type="?raster/i;
const LINK =
  /<a\b[^>]*\bhref|<link\b|href=|(?<!!)\[[^\]]*\]\(\s*<?http|\\(?:url|href|source|footnote)\b|\bsource\s*:|@source|@see|attribution|tags\$a|^\s*url\s*=\s*\{|\[\[http|`[^`]+<http|http\S+\[[^\]]+\]/i;

const RULES: Rule[] = [
  [
    "test_file",
    "tests",
    ({ path, name }) =>
      /(?:^|\/)(?:tests?|__tests__|__mocks__|mocks?|spec|specs|testdata|fixtures|e2e|cypress|unittests?|cassettes|testthat|t|benchmarks|snapshots)\//i
        .test(path) ||
      /(?:^|[._-])(?:tests?|spec|stories|cy)\.[a-z]+$|^test_|Tests?\.(?:java|kt|cs|swift|php)$|_test\./i
        .test(name),
  ],
  [
    "test_call",
    "tests",
    ({ around }) =>
      /\bassert(?:_eq|_ok|Equals|That|Equal|True)?!?\s*[(.]|\bexpect\(|stub_request|#\[test\]|\bnock\(|monkeypatch|mocker\.|pytest\.|>>> \w+\([^)]*\)\s*\n\s*'/
        .test(around),
  ],
  [
    "patch_or_log",
    "other",
    ({ name }) =>
      /\.(?:log|patch|diff|po|pot|owl|xsd|jsonld)$|^(?:robots\.txt|_redirects|package-lock\.json|yarn\.lock|changelog.*|license.*)$/i
        .test(name) || /^(?:warnings|whitelist|blocklist|allowlist)/i.test(name),
  ],
  [
    "commented_out",
    "other",
    ({ line }) =>
      /^\s*<!--.*(?:<iframe|<img|<script|saved from)/.test(line) ||
      (COMMENT.test(line) || /<!--/.test(line)) &&
        /(?:<!--.*(?:<iframe|<img|<script|saved from)|[\w.]\s*\(\s*["'`]http)/.test(line) &&
        !/>>>|example|exercise|usage|#'/i.test(line),
  ],
  [
    "request_header_or_policy",
    "other",
    ({ line, before }) =>
      /Location:|Namespace\(|\b(?:Referer|Origin|User-?Agent|UA|connect-src|AllowOrigins?|targetNamespace|owl:Ontology|help_show|wasDerivedFrom|msgid|document\.referrer)\b/i
        .test(line) || /@prefix/.test(line) || /headers\s*[:=]\s*\{\s*$/.test(before),
  ],
  [
    "string_comparison_or_replacement",
    "other",
    ({ line }) =>
      /\.(?:startsWith|startswith|includes|replace|HasPrefix|match|endsWith)\(|HasPrefix\(|re\.compile|RegExp\(|\bsed\s|if \[|(?<![=!])===?\s*["']http|_links|proxy_redirect/
        .test(line),
  ],
  [
    "teaching_folder",
    "teaches",
    ({ path, line, isProse }) =>
      /(?:^|\/)(?:tutorials?|lessons?|lectures?|courses?|workshops?|exercises?|homework|assignments?|teaching|training|bootcamp|kurs|cookbook|hands-?on|solutions|learn|labs?|book|guide|examples?)\//i
          .test(path) && !(isProse && LINK.test(line) && !/^\s*\d+\./.test(line)) ||
      /(?:tutorial|lesson|lecture|exercise|demo_notebook|workshop)[\w-]*\.\w+$/i.test(path),
  ],
  [
    "example_in_text",
    "teaches",
    ({ around, line, isProse, name }) =>
      /\bexercise\b|\btutorial\b|>>>|\\examples|\\dontrun|@examples|for example|\bexample:|\bÜbung|# (?:task|step|lab) \d|for instance|students?\b/i
          .test(around) && !/^\s*-?\s*\[/.test(line) && !/\battribution\b/.test(line) ||
      isProse && /```|\.\. code|\$ \w+|code-block|^Usage/m.test(around) ||
      isProse &&
        /^\s*(?:>>>|\$ )|`[^`]*\([^`]*http[^`]*`|\brun `|^\s*\d+\.\s+(?:open|download|run|go)/i
          .test(line) ||
      /^usage/i.test(name),
  ],
  [
    "notebook_text",
    "teaches",
    ({ name, line }) =>
      name.endsWith(".ipynb") && /open |download the file|\*\*/i.test(line) &&
      !/read_|requests\./.test(line),
  ],
  [
    "comment_that_cites",
    "links",
    ({ line, isCode }) => isCode && COMMENT.test(line) && !/\b(?:is slow|later)\b/.test(line),
  ],
  [
    "client_library",
    "queries_api",
    ({ around, line }) =>
      CLIENT.test(line) || CLIENT.test(around) && /=\s*["'`]?http|\(/.test(line),
  ],
  [
    "shown_element",
    "displays",
    ({ line, isCode }) =>
      SHOWS.test(line) && !(/<a\b/i.test(line) && !/<img|<iframe/i.test(line)) &&
        (isCode || /<\w|!\[/.test(line)) ||
      /!\[[^\]]*\]\(\s*http/.test(line) ||
      /<script\b[^>]*src=/.test(line),
  ],
  [
    "shown_by_neighbours",
    "displays",
    ({ before, around, line }) =>
      !/<a\b|\[[^\]]*\]\(/i.test(line) && (SHOWS.test(before) ||
        /"mark"\s*:|"type"\s*:\s*"(?:raster|wms|wmts)"|type="raster"|LAYERS\s*:/.test(around)) &&
      /url|tiles|data|src|source/i.test(line.replace(URL_IN_TEXT, "")),
  ],
  ["query_call", "queries_api", ({ line, around }) => {
    const calls = CALL_OF_DOWNLOAD.test(line) || CALL_OF_DOWNLOAD.test(around) ||
      /\b(?:ajax|newBuilder|NewRequest|request|post|URLSession|URI|RequestBuilder)\b\s*[({]|this\.http|new URL\(|\bplatform: rest/i
        .test(around);
    const queries = QUERY_IN_URL.test(line) || /params|setQuery|searchParams|where/i.test(around);
    return calls && (queries || API_IN_URL.test(line)) && asksForParts(line);
  }],
  ["entry_of_a_list", "lists", (sight) => isListed(sight)],
  ["download_call", "downloads", ({ line, isProse }) => !isProse && CALL_OF_DOWNLOAD.test(line)],
  [
    "download_call_around",
    "downloads",
    ({ line, before, isProse }) =>
      !isProse && CALL_OF_DOWNLOAD.test(before.split("\n").at(-1) ?? "") &&
      /^\s*["'`]http/.test(line),
  ],
  ["constant_or_setting", "configures", ({ line, name }) => isSetting(line, name)],
  ["link_or_citation", "links", ({ line, isProse }) => isProse || LINK.test(line)],
  ["text_for_people", "links", ({ line }) => /["'`][^"'`]*\w+[:,] https?:/i.test(line)],
];

/** The URL itself is an API's, or the line has parameters. */
function asksForParts(line: string): boolean {
  return API_IN_URL.test(line) || QUERY_IN_URL.test(line) || /params/.test(line);
}

/** A record of a list: delimited values, a row of a table, one URL among others of its like. */
function isListed({ path, name, line, before, around, isProse }: Sight): boolean {
  if (/\.(?:csv|tsv|ndjson|jsonl|opml|ttl|nt|rdf)$|^sitemap/i.test(name)) return true;
  if (/^\s*https?:\S+\s*$/.test(line) && /\.txt$/i.test(name)) return true;
  if (/dcat:|downloadURL|accessURL|void:|xmlUrl|<loc>/.test(line)) return true;
  if (/^\s*\|.*\|/.test(line) || /^\s*<tr\b/i.test(line)) return true;
  const others = around.split("\n").filter((other) => other !== line && /https?:\/\//.test(other));
  if (isProse && /^\s*[-*+]\s/.test(line) && others.length > 0) return true;
  if (/^\s*<li\b/i.test(line) && others.length > 0) return true;
  if (
    /(?:datasets|sources|resources|registry|catalog|feeds|inventory|links|layers|mirror)\b|datapackage|collection/i
      .test(path) && !isProse && /[{[:]|^\s*-/.test(line) && !/^\s*\w+\s*=\s*["']http/.test(line)
  ) {
    return true;
  }
  if (
    /\[\s*datasets?\s*\]|"resources"|DATASETS|SOURCES|"distribution"|^\s*(?:feeds|apis):/im
      .test(before)
  ) return true;
  return others.length > 0 &&
      /^\s*["']?[\w-]*["']?\s*:?\s*["']https?:[^"']+["'],?\s*\)?\s*$/.test(line) ||
    /\{[^}]*(?:"?name"?|"?id"?|"?title"?|"?url"?)\s*:.*https?:.*\}/.test(line) &&
      /\.json$|sources/.test(name);
}

function isSetting(line: string, name: string): boolean {
  if (
    /\.(?:ya?ml|toml|ini|cfg|conf|env|properties|tf|tfvars|plist|gradle|lua)$|^\.env|^(?:dockerfile|makefile)$/i
      .test(name)
  ) {
    return true;
  }
  return /^\s*(?:export\s+|public\s+|private\s+|static\s+|final\s+|pub\s+|const\s+|let\s+|var\s+|val\s+|String\s+|M\.|axios\.defaults\.)*["']?[\w.$-]+["']?\s*(?::\s*&?[\w']+(?:\s+\w+)?\s*)?(?::=|<-|=|:)\s*["'`]https?:[^"'`]*["'`](?:\.\w+(?:\(\))?)?[,;]?\s*(?:\/\/.*)?$/
    .test(line) || /^\s*config\s|<string\b/.test(line) || /^\s*proxy_pass/.test(line);
}

/** Decides what a place uses the data for. */
export function decideUse(context: UseContext): UseDecision {
  const path = context.path ?? "";
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const before = context.before.join("\n");
  const isProse =
    /\.(?:md|markdown|mdx|rst|adoc|txt|tex|rmd|qmd|org|bib|html?|cff)$|^(?:readme|data|sources)$/i
      .test(name);
  const sight: Sight = {
    path,
    name,
    line: context.line,
    before,
    around: [before, context.line, ...context.after].join("\n"),
    isProse,
    isCode: !/\.(?:md|markdown|mdx|rst|adoc|txt|tex|bib)$/i.test(name),
  };
  for (const [reason, use, holds] of RULES) if (holds(sight)) return { use, reason };
  return { use: "other", reason: "no_rule" };
}
