/**
 * Platforms that many publishers share: how each writes the id of a thing into its addresses, and
 * how much of an address says whose it is.
 *
 * One table for planner and grader. A rule says on which hosts it holds and how an address gives
 * an id; all forms of an address that give the same id name the same thing. To add a platform, add
 * a rule to `RULES` and, where its hosts are shared, a line to `DEPTHS`.
 * @module
 */

/** An address after the host, as the one URL reader gives it. */
export interface Address {
  host: string;
  path: string;
  query: string;
  /** What follows "#", or "". */
  fragment: string;
}

/** What an address names on its platform. */
export interface Item {
  /** The thing, the same for every way of writing its address. */
  key: string;
  /** A part of it, such as a sheet, a layer or a file of a deposit; null for the whole. */
  part: string | null;
  /** Whether another part is another thing, so that only the same part is the same. */
  isStrict?: boolean;
}

interface Rule {
  name: string;
  /** The hosts on which it holds; undefined: on every host, with the host as part of the id. */
  hosts?: RegExp;
  read(address: Address): Item | Item[] | null;
  /**
   * What to search code for beside the catalogue's own URL: an id that is found in every form of its
   * address, or the beginnings of addresses on other hosts.
   */
  terms?(item: Item): string[];
}

const DOI_SUFFIX = /(?:^|\/|:|=|\b)(10\.\d{4,9}\/[^\s"'<>?&#]+)/i;

const RULES: Rule[] = [
  {
    name: "google",
    hosts:
      /^(?:(?:docs|drive|drive\.usercontent|spreadsheets)\.google\.com|sheets\.googleapis\.com|googleapis\.com|lh\d\.googleusercontent\.com)$/,
    read({ path, query, fragment }) {
      const id = /\/d\/e\/([\w-]{15,})/.exec(path)?.[1] ??
        /\/(?:d|files|folders|spreadsheets|feeds\/[a-z]+|uc)\/([\w-]{15,})/.exec(path)?.[1] ??
        parameter(query, /^(?:id|key|srcid|docid)$/i, /^[\w-]{15,}/);
      if (!id) return null;
      const gid = parameter(query, /^gid$/i, /^\d+/) ?? /(?:^|[?&])gid=(\d+)/.exec(fragment)?.[1];
      return { key: `google:${id}`, part: gid ? `gid=${gid}` : null };
    },
    terms: ({ key }) => [key.slice("google:".length)],
  },
  {
    name: "github",
    hosts:
      /^(?:github\.com|raw\.github(?:usercontent)?\.com|media\.githubusercontent\.com|(?:fastly\.|cdn\.|gcore\.)?jsdelivr\.net|(?:cdn\.)?rawgit\.com|raw(?:cdn)?\.githack\.com|cdn\.statically\.io|api\.github\.com)$/,
    read({ host, path }) {
      const file = githubFile(host, path);
      if (!file) return null;
      return {
        key: `github:${file.owner}/${file.repository}:${file.path}`.replace(/\/+$/, ""),
        part: null,
      };
    },
    terms: ({ key }) => {
      const project = key.slice("github:".length).replace(/:.*$/s, "");
      return [
        `github.com/${project}/`,
        `raw.githubusercontent.com/${project}/`,
        `cdn.jsdelivr.net/gh/${project}`,
      ];
    },
  },
  {
    name: "gist",
    hosts: /^gist\.github(?:usercontent)?\.com$/,
    read({ path }) {
      const found = /^\/[^/]+\/([0-9a-f]{20,32})(?:\/raw)?(?:\/(?:[0-9a-f]{40}\/)?([^/]+))?/.exec(
        path,
      );
      return found
        ? { key: `gist:${found[1]}`, part: found[2] && found[2] !== "raw" ? found[2] : null }
        : null;
    },
    terms: ({ key }) => [key.slice("gist:".length)],
  },
  {
    name: "gitlab",
    read({ host, path, query }) {
      if (host !== "gitlab.com" && !/(?:^|\.)git(?:lab|hub)?\.|^code\./.test(host)) return null;
      const api = /^\/api\/v4\/projects\/([^/]+)\/repository\/files\/(.+)\/raw$/.exec(path);
      if (api) {
        const [, project = "", file = ""] = api;
        return {
          key: `gitlab:${host}:${unescapedSlashes(project)}:${unescapedSlashes(file)}`,
          part: null,
        };
      }
      const found = /^\/(.+?)\/(?:-\/)?(?:raw|blob)\/(?:refs\/heads\/)?[^/]+\/(.+)$/.exec(path);
      void query;
      return found && /\//.test(found[1] ?? "")
        ? { key: `gitlab:${host}:${found[1]}:${found[2]}`, part: null }
        : null;
    },
  },
  {
    name: "codeberg",
    hosts: /^(?:codeberg\.org|gitea\.com|bitbucket\.org)$/,
    read({ host, path }) {
      const found = /^\/([^/]+\/[^/]+)\/(?:raw|src|media)\/(?:(?:branch|tag|commit)\/)?[^/]+\/(.+)$/
        .exec(path);
      return found ? { key: `${host}:${found[1]}:${found[2]}`, part: null } : null;
    },
  },
  {
    name: "huggingface",
    hosts: /^huggingface\.co$/,
    read({ path }) {
      const found = /^\/(datasets\/[^/]+\/[^/]+)\/(?:resolve|raw|blob)\/[^/]+\/(.+)$/.exec(path);
      return found ? { key: `huggingface:${found[1]}:${found[2]}`, part: null } : null;
    },
  },
  {
    name: "s3",
    hosts: /(?:^|\.)s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/,
    read({ host, path }) {
      const virtual =
        /^(.+?)\.s3(?:[.-](?:dualstack|website|accelerate|fips|[a-z]{2}-[a-z0-9-]+))*\.amazonaws\.com/
          .exec(host);
      const whole = virtual ? `/${virtual[1]}${path}` : path;
      return /^\/[^/]+\/./.test(whole) ? { key: `s3:${whole.slice(1)}`, part: null } : null;
    },
    terms: ({ key }) => bucketTerms(key.slice(3), "s3"),
  },
  {
    name: "google_storage",
    hosts: /(?:^|\.)storage(?:\.cloud|\.mtls)?\.google(?:apis)?\.com$/,
    read({ host, path }) {
      const virtual = /^(.+)\.storage\.googleapis\.com$/.exec(host);
      const api = /^\/(?:download\/)?storage\/v1\/b\/([^/]+)\/o\/(.+)$/.exec(path);
      const whole = virtual
        ? `/${virtual[1]}${path}`
        : api
        ? `/${api[1]}/${unescapedSlashes(api[2] ?? "")}`
        : path;
      return /^\/[^/]+\/./.test(whole) ? { key: `gs:${whole.slice(1)}`, part: null } : null;
    },
    terms: ({ key }) => bucketTerms(key.slice(3), "gs"),
  },
  {
    name: "dropbox",
    hosts: /^(?:dl\.|m\.)?dropbox(?:usercontent)?\.com$/,
    read({ path }) {
      const found = /^\/(?:s|sh|scl\/fi|scl\/fo|t)\/(?:raw\/|dl\/)?([a-z0-9]{8,})/i.exec(path);
      return found ? { key: `dropbox:${found[1]}`, part: null } : null;
    },
    terms: ({ key }) => [key.slice("dropbox:".length)],
  },
  {
    name: "onedrive",
    hosts: /^(?:onedrive\.live\.com|1drv\.ms|skydrive\.live\.com|api\.onedrive\.com)$/,
    read({ host, path, query }) {
      if (host === "1drv.ms") {
        const id = /^\/[a-z]\/((?:s!|c\/)?[\w!/-]{6,})/i.exec(path)?.[1];
        return id ? { key: `1drv:${id}`, part: null } : null;
      }
      const id = parameter(query, /^(?:resid|id)$/i, /^[0-9a-f]{8,}(?:!|%21)[\w.]+/i);
      return id ? { key: `onedrive:${id.replace(/%21/i, "!").toUpperCase()}`, part: null } : null;
    },
    terms: ({ key }) => [key.replace(/^[^:]*:/, "").replace(/!.*$/, "")],
  },
  {
    name: "zenodo",
    hosts: /^(?:sandbox\.)?zenodo\.org$/,
    read({ host, path }) {
      const doi = /^\/(?:doi|badge\/doi)\/(10\.\d{4,9}\/zenodo\.\d+)(?=\.svg|[/?#]|$)/i.exec(path)
        ?.[1];
      const record = /^\/(?:api\/)?(?:records?|deposit)\/(\d+)(?:\/(?:files|preview)\/([^/?#]+))?/
        .exec(path);
      const number = record?.[1];
      const prefix = host === "zenodo.org" ? "10.5281" : "10.5072";
      if (!doi && !number) return null;
      return {
        key: `doi:${(doi ?? `${prefix}/zenodo.${number}`).toLowerCase()}`,
        part: fileOf(record?.[2]),
      };
    },
    terms: ({ key }) => {
      const number = /zenodo\.(\d+)$/.exec(key)?.[1];
      return number ? [`zenodo.org/record/${number}`, `zenodo.org/records/${number}`] : [];
    },
  },
  {
    name: "figshare",
    hosts: /(?:^|\.)figshare\.com$|^s3-eu-west-1\.amazonaws\.com$/,
    read({ host, path, query }) {
      const file = /^\/(?:ndownloader\/)?files\/(\d+)/.exec(path)?.[1] ??
        /^\/(?:pfigshare-u-files|[a-z0-9-]*figshare[a-z0-9-]*)\/(\d+)\//.exec(path)?.[1] ??
        (host.endsWith("figshare.com") ? parameter(query, /^file$/i, /^\d+$/) : undefined);
      if (file) return { key: `figshare:${file}`, part: null };
      if (!host.endsWith("figshare.com")) return null;
      const article =
        /\/articles\/(?:[^?#]*\/)?(\d{5,})(?:\/(?:versions\/)?\d+)?(?:\/files)?$/.exec(path)?.[1] ??
          /^\/(?:account\/)?(?:v2\/)?(?:ndownloader\/)?articles\/(\d{5,})/.exec(path)?.[1];
      return article ? { key: `doi:10.6084/m9.figshare.${article}`, part: null } : null;
    },
    terms: ({ key }) => {
      if (!key.startsWith("figshare:")) return [];
      const file = `files/${key.slice("figshare:".length)}`;
      return [
        `figshare.com/${file}`,
        `figshare.com/ndownloader/${file}`,
        `ndownloader.figshare.com/${file}`,
      ];
    },
  },
  {
    name: "powerbi",
    hosts: /^app\.powerbi(?:gov)?\.(?:com|us)$/,
    read({ query }) {
      const id = parameter(query, /^r$/i, /^[\w=+/%-]{8,}/);
      return id ? { key: `powerbi:${id.replace(/(?:=|%3D)+$/, "")}`, part: null } : null;
    },
    terms: ({ key }) => [key.slice("powerbi:".length)],
  },
  {
    name: "archive",
    hosts: /^(?:ia\d+\.\w+\.)?(?:us\.)?archive\.org$/,
    read({ path }) {
      const found = /^\/(?:details|download|metadata|embed|serve)\/([^/]+)(?:\/(.+))?$/.exec(path);
      return found ? { key: `archive:${found[1]}`, part: fileOf(found[2]) } : null;
    },
  },
  {
    name: "mendeley",
    hosts: /^data\.mendeley\.com$/,
    read({ path }) {
      const id = /^\/(?:datasets|public-files\/datasets|api\/datasets)\/([a-z0-9]{10})/.exec(path)
        ?.[1];
      return id ? { key: `doi:10.17632/${id}`, part: null } : null;
    },
  },
  {
    name: "osf",
    hosts: /^(?:osf\.io|files\.osf\.io|api\.osf\.io)$/,
    read({ path }) {
      const id = /^\/(?:download\/|v2\/(?:nodes|files)\/|v1\/resources\/)?([a-z0-9]{5,})(?=\/|$)/
        .exec(path)?.[1];
      return id ? { key: `osf:${id}`, part: null } : null;
    },
  },
  {
    name: "doi",
    hosts:
      /^(?:(?:dx|www)\.)?doi\.org$|^hdl\.handle\.net$|^api\.(?:datacite|crossref)\.org$|^(?:commons|search)\.datacite\.org$|^data\.(?:crosscite|datacite|crossref)\.org$|^citation\.crosscite\.org$|^doi\.pangaea\.de$/,
    read: ({ path }) => doiItem(unescapedSlashes(path)),
  },
  {
    name: "dataverse",
    read({ host, path, query }) {
      if (!/\/api\/(?:v1\/)?(?:access|datasets)|\.xhtml$|\/citation$/.test(path)) return null;
      const id = parameter(query, /^persistentid$/i);
      const doi = id ? doiItem(unescapedSlashes(id)) : null;
      if (doi) {
        const nested = /^(doi:10\.\d+\/dvn\/[^/]+)\/([^/]+)$/.exec(doi.key);
        return nested ? { key: nested[1] ?? "", part: fileOf(nested[2]) } : doi;
      }
      const file = /\/access\/datafile\/(?:bundle\/)?(\d+)/.exec(path)?.[1] ??
        parameter(query, /^fileid$/i, /^\d+$/);
      return file ? { key: `dataverse:${host}:${file}`, part: null } : null;
    },
  },
  {
    name: "doi_in_path",
    // publishers of research data put the DOI into their own addresses
    hosts:
      /^(?:datadryad\.org|(?:doi\.)?pangaea\.de|dataverse\..*|data\..*|dataverse\.harvard\.edu|opendatahub\..*)$/,
    read: ({ path, query }) => {
      if (!path.includes("10.") && !query.includes("10.")) return null;
      return doiItem(unescapedSlashes(path)) ?? doiItem(unescapedSlashes(query));
    },
  },
  {
    name: "arcgis_item",
    hosts: /(?:^|\.)arcgis\.com$/,
    read({ path, query }) {
      const id = arcgisId(path, query) ??
        /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/i.exec(path)?.[0].toLowerCase();
      return id ? { key: `arcgis:${id}`, part: null } : null;
    },
    terms: ({ key }) => [key.slice("arcgis:".length)],
  },
  {
    name: "arcgis_service",
    read({ host, path }) {
      const found = /^(.*?)\/rest\/services\/(.+?)\/(Feature|Map|Image)Server(?:\/(\d+))?(?:\/|$)/i
        .exec(path);
      if (!found) return null;
      const [, root = "", name = "", type = "", layer] = found;
      return {
        key: `service:${host}${root.toLowerCase()}/${name}/${type.toLowerCase()}`,
        part: layer === undefined ? null : layer,
        isStrict: true,
      };
    },
  },
  {
    name: "opendatasoft",
    read({ host, path, query }) {
      const id =
        /^(?:\/[a-z]{2})?\/(?:explore\/(?:embed\/)?dataset|api\/(?:explore\/)?v\d(?:\.\d)?\/(?:catalog|shop)\/datasets|api\/datasets\/1\.0|map\/embed)\/([^/?#]+)/
          .exec(path)?.[1] ??
          (/^\/api\/(?:records|datasets)\/(?:1\.0|v?\d)\//.test(path + "/")
            ? parameter(query, /^dataset$/i)
            : undefined);
      return id && !/^(?:search|export|exports|records|facets)$/.test(id)
        ? { key: `ods:${host}:${id}`, part: null }
        : null;
    },
  },
  {
    name: "odata",
    read({ host, path }) {
      const isHost = host.startsWith("odata.");
      if (!isHost && !/\/odata|\.svc\//i.test(path)) return null;
      const plain = path.replace(/\(.*$/s, "").replace(
        /\/\$(?:count|value|metadata|links|batch)\b.*$/s,
        "",
      );
      const found = /^(.*?(?:\/odata(?:\/v\d)?|\.svc)(?:\/CBS)?)\/([^/]+)/i.exec(plain);
      if (found) {
        const root = (found[1] ?? "").toLowerCase().replace(/odata(?:api|feed)/, "odata");
        return { key: `odata:${host}${root}/${found[2]}`, part: null };
      }
      return isHost && plain.lastIndexOf("/") > 0
        ? { key: `odata:${host}${plain}`, part: null }
        : null;
    },
  },
  {
    name: "ogc",
    read({ host, path, query }) {
      if (!/(?:^|&)(?:service|request|typenames?|layers?|coverageid|identifier)=/i.test(query)) {
        return null;
      }
      const names = parameter(query, /^(?:typenames?|layers?|coverage(?:id|s)?|identifiers?)$/i);
      if (!names || !/(?:^|&)(?:service|request|version|map)=/i.test(query)) return null;
      const map = parameter(query, /^map$/i);
      const root = path.replace(/\/(?:ows|wfs|wms|wcs|wmts|gwc\/service\/w[a-z]+)$/i, "");
      return names.split(",").filter(Boolean).map((name) => ({
        key: `ogc:${host}${root}${map ? `?${map}` : ""}:${name.replace(/^\(|\)$/g, "")}`,
        part: null,
      }));
    },
  },
];

const OWN_HOSTS = RULES.filter((rule) => rule.hosts !== undefined);
const ANY_HOST = RULES.filter((rule) => rule.hosts === undefined);
const rulesByHost = new Map<string, Rule[]>();

/** What an address names by the rules of its platform; empty where it names nothing. */
export function itemsOf(address: Address): Item[] {
  const items: Item[] = [];
  for (const rule of rulesOf(address.host)) {
    const found = rule.read(address);
    if (!found) continue;
    if (Array.isArray(found)) items.push(...found);
    else items.push(found);
  }
  return items;
}

/** Whether rules of a platform hold on this host in particular. */
export function isPlatformHost(host: string): boolean {
  return rulesOf(host).length > ANY_HOST.length;
}

/**
 * What code is searched for to find the other forms of an address: ids ("1AbC…"), which are in every
 * form, and beginnings of addresses on other hosts ("github.com/city/opendata").
 */
export function termsOf(address: Address): string[] {
  const terms = new Set<string>();
  for (const rule of rulesOf(address.host)) {
    if (rule.terms === undefined) continue;
    const found = rule.read(address);
    for (const item of found === null ? [] : Array.isArray(found) ? found : [found]) {
      for (const term of rule.terms(item)) if (term.length >= 8) terms.add(term);
    }
  }
  return [...terms];
}

function rulesOf(host: string): Rule[] {
  const known = rulesByHost.get(host);
  if (known) return known;
  const rules = [...OWN_HOSTS.filter((rule) => rule.hosts?.test(host)), ...ANY_HOST];
  if (rulesByHost.size > 20_000) rulesByHost.clear();
  rulesByHost.set(host, rules);
  return rules;
}

/** The DOI in a text, as an item; DOIs are compared in lower case (DOI Handbook 3.4). */
export function doiItem(text: string): Item | null {
  const found = DOI_SUFFIX.exec(text)?.[1];
  if (found === undefined) return null;
  const doi = found.replace(/[/.]+$/, "").toLowerCase();
  const version = /^(10\.6084\/m9\.figshare\.\d+)\.v\d+$/.exec(doi);
  const mendeley = /^(10\.17632\/[a-z0-9]{10})\.\d+$/.exec(doi);
  return { key: `doi:${version?.[1] ?? mendeley?.[1] ?? doi}`, part: null };
}

function githubFile(host: string, path: string) {
  const segments = path.split("/").slice(1);
  if (host === "media.githubusercontent.com") segments.shift(); // "media"
  if (host.endsWith("jsdelivr.net") || host === "cdn.statically.io") {
    if (segments.shift() !== "gh") return null;
    const [owner, named = "", ...rest] = segments;
    const [repository, ref] = named.split("@");
    if (host === "cdn.statically.io") rest.shift();
    void ref;
    return fileIn(owner, repository, rest);
  }
  if (host === "api.github.com") {
    const [repos, owner, repository, contents, ...rest] = segments;
    return repos === "repos" && contents === "contents" ? fileIn(owner, repository, rest) : null;
  }
  const [owner, repository, ...rest] = segments;
  if (host === "github.com") {
    const verb = rest.shift();
    if (verb === undefined || !/^(?:raw|blob|blame|edit)$/.test(verb)) return null;
  }
  if (rest[0] === "refs") rest.splice(0, 2);
  rest.shift(); // branch, tag or commit: another version of the same file
  return fileIn(owner, repository, rest);
}

function fileIn(owner: string | undefined, repository: string | undefined, rest: string[]) {
  if (!owner || !repository || rest.length === 0 || rest[0] === "") return null;
  return { owner: owner.toLowerCase(), repository: repository.toLowerCase(), path: rest.join("/") };
}

function bucketTerms(key: string, scheme: string): string[] {
  const bucket = key.slice(0, key.indexOf("/"));
  return scheme === "s3"
    ? [`s3.amazonaws.com/${bucket}/`, `${bucket}.s3.amazonaws.com/`]
    : [`storage.googleapis.com/${bucket}/`, `${bucket}.storage.googleapis.com/`];
}

function fileOf(name: string | undefined): string | null {
  return name ? `file:${name.toLowerCase()}` : null;
}

function unescapedSlashes(text: string): string {
  return text.replace(/%2f/gi, "/").replace(/%3a/gi, ":");
}

/** The value of the first parameter with such a name, as far as it has the wanted shape. */
export function parameter(query: string, name: RegExp, shape?: RegExp): string | undefined {
  for (const pair of query.split("&")) {
    const sign = pair.indexOf("=");
    if (sign <= 0 || !name.test(pair.slice(0, sign))) continue;
    const value = pair.slice(sign + 1);
    const found = shape === undefined ? value : shape.exec(value)?.[0];
    if (found) return found;
  }
  return undefined;
}

// Ids that count on the host that has them.

const UUID =
  /(?<![0-9a-z-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z-])/gi;
// "2020-2021" is not a 4x4: an id of digits alone cannot be distinguished from two years.
const FOUR_BY_FOUR = "(?!\\d{4}-\\d{4})[a-z0-9]{4}-[a-z0-9]{4}";
const SOCRATA_PARENT = new RegExp(
  `/(?:views|resource|d|w|geospatial|v[234]|OData\\.svc|download|dataset/[^/]+)/(${FOUR_BY_FOUR})(?=[/._]|$)`,
  "i",
);
const SOCRATA_SEGMENT = new RegExp(`/(${FOUR_BY_FOUR})(?=[/.]|$)`, "gi");
const ITEM = "([0-9a-f]{32})(?![0-9a-z])";
const ARCGIS_PATH = new RegExp(`/(?:datasets|items|apps/[^?]*|maps)/(?:[^/]*::)?${ITEM}`, "i");
const ARCGIS_QUERY = new RegExp(`(?:^|&)(?:id|webmap|appid|itemid)=${ITEM}`, "i");
const ITEM_ANYWHERE = new RegExp(`(?<![0-9a-z])${ITEM}`, "gi");

/** All UUIDs in a text, in lower case. */
export function uuidsIn(text: string): string[] {
  if (text.length < 36 || !text.includes("-")) return [];
  return text.match(UUID)?.map((id) => id.toLowerCase()) ?? [];
}

/** The 4x4 of a Socrata URL's path ("/resource/erm2-nwe9.json"), or null. */
export function socrataId(path: string): string | null {
  return SOCRATA_PARENT.exec(path)?.[1]?.toLowerCase() ?? null;
}

/** The item id of an ArcGIS URL ("/datasets/<32 hex>_0.csv", "item.html?id=<32 hex>"), or null. */
export function arcgisId(path: string, query: string): string | null {
  const found = ARCGIS_PATH.exec(path) ?? ARCGIS_QUERY.exec(query);
  return found?.[1]?.toLowerCase() ?? null;
}

/** What may be a 4x4 or an item id in a URL of a host that is known to have some. */
export function hostIdsIn(path: string, query: string): string[] {
  const ids: string[] = [];
  for (const found of path.matchAll(SOCRATA_SEGMENT)) {
    if (found[1]) ids.push(found[1].toLowerCase());
  }
  for (const found of path.matchAll(ITEM_ANYWHERE)) if (found[1]) ids.push(found[1].toLowerCase());
  const item = ARCGIS_QUERY.exec(query)?.[1];
  if (item) ids.push(item.toLowerCase());
  return ids;
}

// Parameters that say which thing of a shared endpoint is meant.

const ID_NAME =
  /^(?:.*[_-])?(?:id|ids|uid|uuid|guid|gid|fid|pid|oid|identifier)$|[a-z](?:Id|ID|Guid|GUID)$|^(?:ds|dataset(?:id|name)?|resource(?:id)?|res|table|tbl|cube|matrix|layers?|typenames?|coverage(?:id)?s?|map|file(?:name|id|path)?|path|doc(?:id|ument)?|item(?:id)?|series(?:id)?|indicators?|code|key|view|report|cid|resid|r|persistentid|set|product|name|tid)$/i;

/** The parameters of a query that say which thing is meant: name in lower case → value. */
export function idParameters(query: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of query.split("&")) {
    const sign = pair.indexOf("=");
    const name = sign < 0 ? pair : pair.slice(0, sign);
    if (sign > 0 && ID_NAME.test(name)) found.set(name.toLowerCase(), pair.slice(sign + 1));
  }
  return found;
}

// How many path segments say whose an address is.

/** Host (also as the end of one) → path segments that make a search specific to one owner. */
const DEPTHS: [host: string, depth: number][] = [
  // Code hosts: owner and repository.
  ["github.com", 2],
  ["raw.githubusercontent.com", 2],
  ["raw.github.com", 2],
  ["gist.github.com", 2],
  ["gist.githubusercontent.com", 2],
  ["media.githubusercontent.com", 3],
  ["objects.githubusercontent.com", 9],
  ["api.github.com", 3],
  ["gitlab.com", 2],
  ["bitbucket.org", 2],
  ["codeberg.org", 2],
  ["gitea.com", 2],
  ["rawgit.com", 2],
  ["cdn.rawgit.com", 2],
  ["raw.githack.com", 2],
  ["rawcdn.githack.com", 2],
  ["cdn.statically.io", 3],
  ["data.world", 2],
  ["query.data.world", 2],
  ["sourceforge.net", 2],
  ["huggingface.co", 3],
  ["kaggle.com", 3],
  // Packages and copies of them.
  ["unpkg.com", 1],
  ["cdn.jsdelivr.net", 3],
  ["cdnjs.cloudflare.com", 3],
  // Documents and files of anyone.
  ["docs.google.com", 3],
  ["drive.google.com", 3],
  ["sheets.googleapis.com", 3],
  ["spreadsheets.google.com", 9],
  ["storage.googleapis.com", 1],
  ["developers.google.com", 2],
  ["google.com", 3],
  ["drive.usercontent.google.com", 9],
  ["googleapis.com", 9],
  ["sites.google.com", 2],
  ["datastudio.google.com", 3],
  ["lookerstudio.google.com", 3],
  ["airtable.com", 2],
  ["box.com", 3],
  ["app.box.com", 3],
  ["mega.nz", 9],
  ["icloud.com", 9],
  ["disk.yandex.ru", 9],
  ["yadi.sk", 9],
  ["pan.baidu.com", 9],
  ["goo.gl", 1],
  ["t.co", 1],
  ["dropbox.com", 3],
  ["dl.dropbox.com", 3],
  ["dl.dropboxusercontent.com", 3],
  ["onedrive.live.com", 9],
  ["1drv.ms", 9],
  ["sharepoint.com", 3],
  ["s3.amazonaws.com", 1],
  ["archive.org", 2],
  ["web.archive.org", 9],
  ["bit.ly", 1],
  ["tinyurl.com", 1],
  // Research deposits: the record.
  ["zenodo.org", 2],
  ["sandbox.zenodo.org", 2],
  ["figshare.com", 9],
  ["ndownloader.figshare.com", 9],
  ["api.figshare.com", 9],
  ["hdl.handle.net", 9],
  ["datadryad.org", 9],
  ["pangaea.de", 9],
  ["doi.pangaea.de", 9],
  ["dataverse.org", 9],
  ["demo.dataverse.org", 9],
  ["borealisdata.ca", 9],
  ["dataverse.nl", 9],
  ["dataverse.no", 9],
  ["entrepot.recherche.data.gouv.fr", 9],
  ["dataverse.harvard.edu", 9],
  ["osf.io", 1],
  ["doi.org", 9],
  ["dx.doi.org", 9],
  ["data.mendeley.com", 2],
  // Maps and dashboards of anyone.
  ["arcgis.com", 2],
  ["hub.arcgis.com", 2],
  ["opendata.arcgis.com", 2],
  ["public.opendatasoft.com", 9],
  ["data.opendatasoft.com", 9],
  ["services.arcgis.com", 1],
  ["app.powerbi.com", 9],
  ["app.powerbigov.us", 9],
  ["public.tableau.com", 2],
  ["openstreetmap.org", 2],
  ["tile.openstreetmap.org", 1],
  // Social sites and encyclopedias.
  ["twitter.com", 1],
  ["x.com", 1],
  ["facebook.com", 1],
  ["youtube.com", 9],
  ["youtu.be", 1],
  ["linkedin.com", 2],
  ["medium.com", 1],
  ["wikipedia.org", 2],
  ["wikidata.org", 2],
  ["wordpress.com", 1],
  // Standards, licences and schemas that metadata name.
  ["w3.org", 2],
  ["schema.org", 1],
  ["creativecommons.org", 2],
  ["opengis.net", 2],
  ["example.com", 9],
  ["localhost", 9],
  // Front pages of whole states: ministry and page.
  ["gov.br", 2],
  ["gov.uk", 2],
  ["canada.ca", 3],
  ["statcan.gc.ca", 2],
  ["admin.ch", 2],
  ["europa.eu", 2],
  ["ec.europa.eu", 2],
  ["usa.gov", 1],
  ["census.gov", 2],
];

const EXACT = new Map(DEPTHS);
// Everyone's folder is the first segment, whatever the region: s3.sa-east-1.amazonaws.com/bucket/…
const REGIONAL =
  /^(?:s3[.-][a-z0-9.-]+\.amazonaws\.com|services\d*\.arcgis\.com|tiles\d*\.arcgis\.com)$/;
// Agencies that give DOIs to everyone's deposits; the number after is another owner's each time.
const SHARED_PREFIXES = new Set(
  "10.5281 10.6084 10.5061 10.7910 10.17632 10.17605 10.5067 10.3390 10.1016 10.1038 10.1007 10.1109 10.1371"
    .split(" "),
);

/** How many path segments a search on this host needs at least; 0 for a host of one publisher. */
export function sharedDepth(host: string): number {
  if (host.startsWith("10.")) return SHARED_PREFIXES.has(host) ? 9 : 1;
  return EXACT.get(host) ?? (REGIONAL.test(host) ? 1 : 0);
}
