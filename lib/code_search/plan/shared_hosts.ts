// Hosts that everybody mentions: a search for the bare host would bring the whole world.

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
  ["dropbox.com", 3],
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
  ["figshare.com", 9],
  ["dataverse.harvard.edu", 9],
  ["osf.io", 1],
  ["doi.org", 9],
  ["dx.doi.org", 9],
  ["data.mendeley.com", 2],
  // Maps and dashboards of anyone.
  ["arcgis.com", 2],
  ["hub.arcgis.com", 2],
  ["opendata.arcgis.com", 2],
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
  /^(?:s3[.-][a-z0-9-]+\.amazonaws\.com|services\d*\.arcgis\.com|.*\.digitaloceanspaces\.com)$/;
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
