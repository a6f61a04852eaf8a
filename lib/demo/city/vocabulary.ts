/**
 * The words the invented city of Port Aurelia is made of. Nothing here names a real place.
 * @module
 */

/** One topic of open data: title noun, group it belongs to, tags, what a column file is called. */
export interface Subject {
  readonly title: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly file: string;
}

function subject(line: string): Subject {
  const [title = "", group = "", tags = "", file = ""] = line.split(" | ");
  return { title, group, tags: tags.split(", "), file };
}

export const SUBJECTS: readonly Subject[] = [
  "Street tree register | environment | trees, green, Trees | trees",
  "Air quality hourly readings | environment | air, sensors, NO2, PM10 | air_quality",
  "Noise map by road section | environment | noise, traffic | noise",
  "Bathing water samples | environment | water, health, beaches | bathing_water",
  "Storm drain inventory | environment | drainage, sewer | storm_drains",
  "Rain gauge readings | environment | weather, rain, sensors | rain_gauges",
  "Waste collection routes | environment | waste, recycling | waste_routes",
  "Recycling points | environment | recycling, waste | recycling_points",
  "Bicycle counters | mobility | cycling, bicycle, sensors | bicycle_counts",
  "Bike share stations | mobility | cycling, sharing | bike_share",
  "Bus stops and timetables | mobility | public transport, GTFS, bus | bus_stops",
  "Tram arrivals | mobility | public transport, tram, real time | tram_arrivals",
  "Parking garages occupancy | mobility | parking, real time | parking",
  "On-street parking permits | mobility | parking, permits | parking_permits",
  "Road works | mobility | roads, works | road_works",
  "Traffic accidents with injuries | mobility | accidents, safety | accidents",
  "Traffic light locations | mobility | traffic, signals | traffic_lights",
  "Ferry passengers | mobility | ferry, harbour, passengers | ferry_passengers",
  "Ship calls at the harbour | harbour | ships, AIS, harbour | ship_calls",
  "Container throughput | harbour | containers, trade | containers",
  "Tide gauge | harbour | tide, water level, sensors | tide_gauge",
  "Berth occupancy | harbour | berths, ships | berths",
  "Fishing landings | harbour | fish, landings | fish_landings",
  "Dredging surveys | harbour | bathymetry, survey | dredging",
  "Population by age and sex | people | population, census, age | population",
  "Births and deaths | people | population, births, deaths | births_deaths",
  "First names of newborns | people | names, births | first_names",
  "Households by size | people | households, census | households",
  "Moves within the city | people | migration, moves | moves",
  "Election results by polling station | government | elections, votes | election_results",
  "Council meetings and votes | government | council, votes, minutes | council_votes",
  "City budget | government | budget, finance | budget",
  "Payments to suppliers | government | spending, finance, suppliers | payments",
  "Public tenders | government | procurement, tenders | tenders",
  "Grants to associations | government | grants, subsidies | grants",
  "Service requests from citizens | government | requests, 311 | service_requests",
  "Building permits | building | permits, construction | building_permits",
  "Cadastral parcels | building | cadastre, parcels, INSPIRE | parcels",
  "Building footprints | building | buildings, footprints, 3D | buildings",
  "Address register | building | addresses, geocoding | addresses",
  "Land use plan | building | zoning, land use | land_use",
  "Monuments and protected buildings | building | heritage, monuments | monuments",
  "Vacant dwellings | building | housing, vacancy | vacant_dwellings",
  "Rent index | building | housing, rent | rent_index",
  "School enrolment | education | schools, pupils | enrolment",
  "Kindergarten places | education | childcare, kindergarten | kindergartens",
  "Library loans | education | library, books | library_loans",
  "Adult education courses | education | courses, learning | courses",
  "Museum visitors | culture | museums, visitors | museum_visitors",
  "Event calendar | culture | events, calendar | events",
  "Public art | culture | art, sculptures | public_art",
  "Playgrounds | culture | playgrounds, children | playgrounds",
  "Sports grounds | culture | sport, facilities | sports_grounds",
  "Drinking fountains | culture | water, fountains | fountains",
  "Hospital beds | health | hospitals, beds | hospital_beds",
  "Restaurant inspections | health | food, inspections | inspections",
  "Influenza surveillance | health | influenza, surveillance | influenza",
  "Pharmacies on duty | health | pharmacies | pharmacies",
  "Fire brigade operations | safety | fire, emergency | fire_operations",
  "Street lighting outages | safety | lighting, energy | lighting",
  "Reported thefts of bicycles | safety | crime, bicycle | bicycle_thefts",
  "Electricity use of city buildings | energy | energy, electricity | electricity_use",
  "Solar roof potential | energy | solar, energy | solar_roofs",
  "District heating network | energy | heating, energy, network | district_heating",
].map(subject);

export const DISTRICTS: readonly string[] = [
  ..."Harbour,Old Town,Lantern Hill,Saltmarsh,Northquay,Ropewalk,Elmsgate,Weir Street".split(","),
  ..."Customs House,Gullwing,Vineyards,Kilnfield,Orchard Bank,St Brannoc,Millrace".split(","),
  ..."Tannery,Highcliff,Sandgate,Larkmoor,Brickfields,Observatory,Watergate".split(","),
  ..."Fenwick Basin,Junction,whole city".split(","),
];

export const GROUPS: Readonly<Record<string, string>> = {
  environment: "Environment and climate",
  mobility: "Mobility and transport",
  harbour: "Harbour and trade",
  people: "Population",
  government: "City hall and politics",
  building: "Building and housing",
  education: "Education and learning",
  culture: "Culture, sport and leisure",
  health: "Health",
  safety: "Safety and order",
  energy: "Energy",
};

/** Names of the publishers; their position gives the UUID, the slug comes from the name. */
export const ORGANIZATIONS: readonly string[] = [
  "Statistics Office,Parks and Green Spaces,Harbour Authority,Transit Authority,Roads Department",
  "Building Department,Surveying Office,Fire Brigade,Public Library,City Treasury,City Council",
  "Environment Agency,Water Works,Waste Management,Health Department,School Board,Museum of the Sea",
  "Energy Utility,Housing Office,Police Headquarters,Sports Office,Elections Office,Tourism Board",
  "Fisheries Board,Heritage Office,Innovation Lab,Ferry Company,University of Aurelia",
  "Aurelia Region,Airport Company,Social Affairs Office,Trade Office,Archive of the City,Tide Institute",
].flatMap((names) => names.split(","));

/** 34 spellings of 15 formats, each with the file ending it means. */
export const FORMATS: readonly (readonly [spelling: string, ending: string])[] = [
  ...["CSV", "csv", ".csv", "Csv", "text/csv", "CSV "].map((text) => [text, "csv"] as const),
  ...["JSON", "json", "application/json", ".json"].map((text) => [text, "json"] as const),
  ...["GeoJSON", "geojson", "GEOJSON"].map((text) => [text, "geojson"] as const),
  ...["XLSX", "xlsx", "Excel", "XLS"].map((text) => [text, "xlsx"] as const),
  ...["PDF", "pdf"].map((text) => [text, "pdf"] as const),
  ...["SHP", "Shapefile", "shp"].map((text) => [text, "shp.zip"] as const),
  ...["ZIP", "zip"].map((text) => [text, "zip"] as const),
  ...["XML", "xml"].map((text) => [text, "xml"] as const),
  ...["WFS"].map((text) => [text, "wfs"] as const),
  ...["WMS"].map((text) => [text, "wms"] as const),
  ...["KML", "kml"].map((text) => [text, "kml"] as const),
  ...["HTML"].map((text) => [text, "html"] as const),
  ...["GPKG"].map((text) => [text, "gpkg"] as const),
  ...["Parquet"].map((text) => [text, "parquet"] as const),
  ...["TXT"].map((text) => [text, "txt"] as const),
];

/** Licences: id, title, URL (undefined: the key is absent from the package, as in CKAN), open. */
export const LICENSES: readonly (readonly [string, string, string | undefined, boolean])[] = [
  ["cc-by", "Creative Commons Attribution", "http://www.opendefinition.org/licenses/cc-by", true],
  ["cc-zero", "Creative Commons CCZero", "http://www.opendefinition.org/licenses/cc-zero", true],
  ["odc-odbl", "Open Database License", "http://www.opendefinition.org/licenses/odc-odbl", true],
  ["port-aurelia-terms", "port-aurelia-terms", undefined, false],
  ["notspecified", "License not specified", undefined, false],
  ["other-open", "Other (Open)", undefined, true],
];

/** Words of the hosts of the long tail: `www.{first}-{second}.example`. */
export const HOST_WORDS: readonly (readonly string[])[] = [
  ("ferry,lantern,tide,kelp,gull,copper,ember,willow,quarry,meadow,harbor,signal,cedar,bramble," +
    "anchor,pearl,granite,juniper,heron,otter,saffron,violet,maple,falcon,beacon,cobalt").split(
      ",",
    ),
  "institute,works,observatory,society,mobility,labs,foundation,archive,research,district"
    .split(","),
];

export const PEOPLE: readonly string[] =
  "Ines Halvard,Tomas Brenn,Maya Okonjo,Lucía Ferrer,Jonas Weyl,Aiko Tanabe,Søren Dahl,Zoë Marchetti"
    .split(",");
