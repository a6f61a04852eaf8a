/**
 * What loading could be at best: one hand-written statement over the pages of a harvest, with typed
 * columns and the text of each record. A peer for the benchmark. Arguments: database file to write, files of the pages.
 */
import { DuckDBInstance } from "@duckdb/node-api";

const RESOURCE = `struct(
    cache_last_updated varchar, cache_url varchar, created varchar, description varchar, format varchar,
    hash varchar, id varchar, last_modified varchar, metadata_modified varchar, mimetype varchar,
    mimetype_inner varchar, name varchar, package_id varchar, position varchar, resource_type varchar,
    size varchar, state varchar, url varchar, url_type varchar)`;
const PACKAGE = `struct(
    author varchar, author_email varchar, creator_user_id varchar, id varchar, isopen varchar,
    license_id varchar, license_title varchar, license_url varchar, maintainer varchar,
    maintainer_email varchar, metadata_created varchar, metadata_modified varchar, name varchar,
    notes varchar, num_resources varchar, num_tags varchar, owner_org varchar, private varchar,
    state varchar, title varchar, type varchar, url varchar, version varchar,
    resources ${RESOURCE}[], tags struct(id varchar, name varchar, display_name varchar)[],
    extras struct(key varchar, value varchar)[], groups struct(id varchar, name varchar, title varchar)[],
    organization struct(id varchar, name varchar, title varchar, description varchar))`;

if (import.meta.main) {
  const [file, ...pages] = Deno.args as [string, ...string[]];
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(
    `create table packages as
    select raw_json, raw_json::${PACKAGE.replace(/\s+/g, " ")} as package
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
