/**
 * What loading could be at best: one hand-written statement over the pages of a harvest, with typed
 * columns and the text of each record. A peer for the benchmark. Arguments: database file to write, files of the pages.
 */
import { DuckDBInstance } from "@duckdb/node-api";

const texts = (names: string) =>
  Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, "VARCHAR"]));

const PACKAGE = {
  ...texts(`author author_email creator_user_id id isopen license_id license_title license_url
    maintainer maintainer_email metadata_created metadata_modified name notes num_resources num_tags
    owner_org private state title type url version`),
  resources: [
    texts(`cache_last_updated cache_url created description format hash id last_modified
      metadata_modified mimetype mimetype_inner name package_id position resource_type size state
      url url_type`),
  ],
  tags: [texts("id name display_name")],
  extras: [texts("key value")],
  groups: [texts("id name title")],
  organization: texts("id name title description"),
};

if (import.meta.main) {
  const [file, ...pages] = Deno.args as [string, ...string[]];
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(
    `create table packages as
    select raw_json, from_json(raw_json, '${JSON.stringify(PACKAGE)}') as package
    from (
        select unnest(result.results) as raw_json
        from read_json(
            [${pages.map((page) => `'${page}'`).join(", ")}],
            compression = 'gzip',
            format = 'unstructured',
            maximum_object_size = 268435456,
            columns = {result: 'struct(results json[])'}
        )
    )`,
  );
  await connection.run("checkpoint");
  connection.closeSync();
}
