/**
 * Client libraries that are given a site and an id: which requests their calls make. A call counts
 * where the site is in it, in the client's constructor, or fixed by the library.
 *
 * @module
 */

/** One library's client. */
export interface Client {
  /** Names that make the client, as imported. */
  constructors: string[];
  /** The argument that holds the site: its position and its possible names. */
  site: { at: number; names: string[] };
  /** Methods that take an id. `call` represents a call of what `member` gives. */
  methods: Record<string, Request>;
  /** Members through which methods are reached: `portal.action.package_show(id=…)`. */
  actions?: string;
}

/** What a call asks for. `{site}` and `{id}` are filled in. */
export interface Request {
  /** The argument that holds the id. */
  at: number;
  names: string[];
  url: string;
}

const byId = (url: string, at = 0, names: string[] = []): Request => ({ at, names, url });
const SODA = "{site}/resource/{id}.json";
const CKAN_ACTION = "{site}/api/3/action/";

/** Clients that are objects. */
export const CLIENTS: Client[] = [
  {
    constructors: ["sodapy.Socrata", "Socrata"],
    site: { at: 0, names: ["domain"] },
    methods: {
      get: byId(SODA, 0, ["dataset_identifier"]),
      get_all: byId(SODA, 0, ["dataset_identifier"]),
      get_metadata: byId("{site}/api/views/{id}.json", 0, ["dataset_identifier"]),
      download_attachments: byId("{site}/api/views/{id}.json", 0, ["dataset_identifier"]),
    },
  },
  {
    constructors: ["soda.Consumer", "soda-js.Consumer"],
    site: { at: 0, names: [] },
    methods: { withDataset: byId(SODA), getDataset: byId(SODA) },
  },
  {
    constructors: ["ckanapi.RemoteCKAN", "RemoteCKAN"],
    site: { at: 0, names: ["address"] },
    methods: {},
    actions: CKAN_ACTION,
  },
  {
    constructors: ["CKAN.Client", "ckan.Client", "ckanClient.Client"],
    site: { at: 0, names: [] },
    methods: {},
    actions: CKAN_ACTION,
  },
  {
    constructors: ["portals.CkanControl", "CkanControl"],
    site: { at: -1, names: ["baseurl"] },
    methods: { "@constructor": byId(`${CKAN_ACTION}package_show?id={id}`, -1, ["dataset"]) },
  },
  {
    constructors: ["arcgis.gis.GIS", "GIS"],
    site: { at: 0, names: ["url"] },
    methods: { get: byId("{site}/home/item.html?id={id}", 0, ["itemid"]) },
  },
];

/** Methods through which a client's own methods are reached. */
export const CLIENT_MEMBERS = new Set(["query", "content", "action", "catalog"]);

/** Functions that take the site in the call, or have one set before. */
export interface SiteFunction extends Request {
  /** The argument that holds the site. */
  site: string[];
  siteAt?: number;
  /** Where the library has its own. */
  own?: string;
}

const ckanr = (action: string, names: string[]): SiteFunction => ({
  at: 0,
  names,
  site: ["url"],
  url: `${CKAN_ACTION}${action}?${action === "datastore_search" ? "resource_id" : "id"}={id}`,
});
const TORONTO = "https://ckan0.cf.opendata.inter.prod-toronto.ca";
const toronto = (action: string): SiteFunction => ({
  at: 0,
  names: ["package", "resource"],
  site: [],
  own: TORONTO,
  url: `${CKAN_ACTION}${action}?id={id}`,
});
const HDX = "https://data.humdata.org";
const hdx = (action: string): SiteFunction => ({
  at: 0,
  names: ["identifier"],
  site: [],
  own: HDX,
  url: `${CKAN_ACTION}${action}?id={id}`,
});
const BC = "https://catalogue.data.gov.bc.ca";
const bcdata = (): SiteFunction => ({
  at: 0,
  names: ["record", "id"],
  site: [],
  own: BC,
  url: `${CKAN_ACTION}package_show?id={id}`,
});

/** By language and name; what is not in the table is an ordinary call. */
export const SITE_FUNCTIONS: Record<string, Record<string, SiteFunction>> = {
  r: {
    resource_show: ckanr("resource_show", ["id"]),
    package_show: ckanr("package_show", ["id"]),
    ds_search: ckanr("datastore_search", ["resource_id"]),
    list_package_resources: toronto("package_show"),
    show_package: toronto("package_show"),
    get_resource: toronto("resource_show"),
    pull_dataset: hdx("package_show"),
    pull_resource: hdx("resource_show"),
    bcdc_get_data: bcdata(),
    bcdc_get_record: bcdata(),
    bcdc_query_geodata: bcdata(),
    bcdc_describe_feature: bcdata(),
  },
  python: {
    "Dataset.read_from_hdx": hdx("package_show"),
    "Resource.read_from_hdx": hdx("resource_show"),
    "odsclient.get_whole_dataset": {
      at: 0,
      names: ["dataset_id"],
      site: ["base_url"],
      url: "{site}/explore/dataset/{id}",
    },
    get_whole_dataset: {
      at: 0,
      names: ["dataset_id"],
      site: ["base_url"],
      url: "{site}/explore/dataset/{id}",
    },
  },
};

/** Functions that set the site of those above for the rest of the file. */
export const SITE_SETTERS: Record<string, Record<string, { at: number; names: string[] }>> = {
  r: { ckanr_setup: { at: 0, names: ["url"] }, src_ckan: { at: 0, names: ["url"] } },
};

/** The site as the beginning of a URL. */
export function siteUrl(site: string): string {
  const plain = site.trim().replace(/\/+$/, "");
  return /^https?:\/\//i.test(plain) ? plain : `https://${plain}`;
}
