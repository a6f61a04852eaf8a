/**
 * How the publishers of Port Aurelia lay out their URLs: few big hosts, many small ones.
 * @module
 */
import { HOST_WORDS } from "./vocabulary.ts";
import type { Random } from "../random.ts";

/** Where people see the demo portal; uploads and dataset pages live there. */
export const PORTAL_HOST = "data.port-aurelia.example";
export const FILE_HOST = "files.port-aurelia.example";
export const SOCRATA_HOST = "opendata.aurelia-harbour.example";
export const ARCGIS_HOST = "maps.port-aurelia.example";
export const GIS_HOST = "gis.port-aurelia.example";
export const WFS_HOST = "geo.aurelia-region.example";
export const DASHBOARD_HOST = "dashboards.aurelia.example";
export const REGION_HOST = "ckan.aurelia-region.example";
/** The city's home page, given as "resource" by several datasets. */
export const HOME_PAGE = "https://www.port-aurelia.example/";

/** The layouts with their weights. */
const LAYOUTS = [
  ["upload", 38],
  ["folder", 18],
  ["socrata", 10],
  ["region", 7],
  ["arcgis", 6],
  ["service", 5],
  ["wfs", 4],
  ["doi", 2],
  ["dashboard", 2],
  ["generic", 1],
  ["small", 7],
] as const;

export type Layout = typeof LAYOUTS[number][0];

export function pickLayout(random: Random): Layout {
  let left = random.below(100);
  for (const [layout, weight] of LAYOUTS) {
    left -= weight;
    if (left < 0) return layout;
  }
  return "small";
}

/** What a layout needs to know about a dataset. */
export interface UrlContext {
  readonly datasetId: string;
  readonly name: string;
  readonly organization: string;
  readonly file: string;
  readonly year: number;
  readonly resourceId: (position: number) => string;
}

/** A resource's address with the file ending it gives (`csv`, `wfs`, …). */
export interface Address {
  readonly url: string;
  readonly ending: string;
}

const FILE_ENDINGS = [
  "csv",
  "csv",
  "csv",
  "json",
  "xlsx",
  "geojson",
  "pdf",
  "xml",
  "shp.zip",
  "zip",
];
const BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
// Socrata's ids have no 0, 1, l and o: none of 38 seen in public code does.
const SOCRATA_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz";

function smallHost(random: Random): string {
  const [first = [], second = []] = HOST_WORDS;
  const number = Math.floor(first.length * second.length * random.unit() ** 2);
  const name = `${first[number % first.length]}-${second[Math.floor(number / first.length)]}`;
  return `${["www.", "www.", "data.", ""][number % 4]}${name}.example`;
}

function times<Value>(count: number, make: (position: number) => Value): Value[] {
  return Array.from({ length: count }, (_, position) => make(position));
}

/** The addresses of a dataset's resources in the given layout. */
export function addresses(layout: Layout, random: Random, context: UrlContext): Address[] {
  const { datasetId, name, organization, file, year } = context;
  switch (layout) {
    case "upload":
    case "region": {
      const host = layout === "upload" ? PORTAL_HOST : REGION_HOST;
      return times(random.between(1, 7), (position) => {
        const ending = random.pick(FILE_ENDINGS);
        const path = `dataset/${datasetId}/resource/${context.resourceId(position)}/download`;
        return { url: `https://${host}/${path}/${file}_${year - position}.${ending}`, ending };
      });
    }
    case "folder": {
      const scheme = random.chance(0.4) ? "http" : "https";
      const folder = `${scheme}://${FILE_HOST}/open-data/${organization}/${name}`;
      const ending = random.pick(["csv", "json", "xlsx"]);
      const years = times(random.between(2, 9), (position) => ({
        url: `${folder}/${file}_${year - position}.${ending}`,
        ending,
      }));
      const legend = random.pick(["legend%20of%20columns", "Straßen", "read me", "columns"]);
      return random.chance(0.4)
        ? [...years, { url: `${folder}/${legend}.pdf`, ending: "pdf" }]
        : years;
    }
    case "socrata": {
      const id = `${random.text(4, SOCRATA_ALPHABET)}-${random.text(4, SOCRATA_ALPHABET)}`;
      const endings = random.chance(0.4) ? ["csv"] : ["csv", "json", "xml"];
      return endings.map((ending) => ({
        url: `https://${SOCRATA_HOST}/api/views/${id}/rows.${ending}?accessType=DOWNLOAD`,
        ending,
      }));
    }
    case "arcgis": {
      const item = random.text(32);
      if (random.chance(0.4)) {
        const url = `https://${ARCGIS_HOST}/sharing/rest/content/items/${item}/data`;
        return [{ url, ending: "zip" }];
      }
      return ["csv", "geojson", "kml"].map((ending) => ({
        url: `https://${ARCGIS_HOST}/datasets/${item}_0.${ending}`,
        ending,
      }));
    }
    case "service": {
      const service = `https://${GIS_HOST}/arcgis/rest/services/${organization}/${name}`;
      const layers = random.between(1, 12);
      return times(layers, (layer) => ({ url: `${service}/MapServer/${layer}`, ending: "json" }));
    }
    case "wfs": {
      const type = `aurelia:${name.replaceAll("-", "_")}`;
      return [["WFS", "GetFeature", "typeNames", "wfs"], ["WMS", "GetMap", "layers", "wms"]].map(
        ([service, request, key, ending]) => ({
          url: `https://${WFS_HOST}/geoserver/ows?service=${service}&request=${request}&` +
            `${key}=${type}`,
          ending: ending ?? "",
        }),
      );
    }
    case "doi":
      return [{ url: `https://doi.org/10.5072/aurelia.${random.text(9, BASE36)}`, ending: "html" }];
    case "dashboard":
      return [{ url: `https://${DASHBOARD_HOST}/view?r=${random.text(24)}`, ending: "html" }];
    case "generic": {
      if (random.chance(0.4)) {
        const sheet = random.text(30, BASE36 + BASE36.toUpperCase().slice(10));
        return ["csv", "xlsx"].map((ending) => ({
          url: `https://docs.google.com/spreadsheets/d/1${sheet}/export?format=${ending}`,
          ending,
        }));
      }
      const raw = `https://raw.githubusercontent.com/port-aurelia/${name}/main/data`;
      return [{ url: `${raw}/${file}.csv`, ending: "csv" }];
    }
    case "small": {
      const base = `${random.chance(0.5) ? "http" : "https"}://${smallHost(random)}`;
      const style = random.below(3);
      return times(random.between(1, 4), (position) => {
        const ending = random.pick(["csv", "xlsx", "pdf", "json", "html"]);
        if (style === 0) return { url: `${base}/opendata/${name}/${position + 1}`, ending };
        if (style === 1) {
          const query = `dataset=${name}&part=${position + 1}`;
          return { url: `${base}/download.php?${query}`, ending };
        }
        return { url: `${base}/data/${name}-${position + 1}.${ending}`, ending };
      });
    }
  }
}
