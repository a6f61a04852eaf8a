"""Loads the pages of a harvest with dlt into DuckDB, as its documentation does it. A peer for the
benchmark. Arguments: working folder, file with the paths of the pages, one per line."""

import gzip
import json
import os
import sys

folder, pages = sys.argv[1:3]
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["DLT_DATA_DIR"] = folder

import dlt  # noqa: E402


@dlt.resource(name="packages", write_disposition="replace")
def packages():
    for page in open(pages).read().split("\n"):
        if page:
            yield json.load(gzip.open(page))["result"]["results"]


pipeline = dlt.pipeline(
    pipeline_name="bench",
    pipelines_dir=folder,
    destination=dlt.destinations.duckdb(os.path.join(folder, "dlt.duckdb")),
    dataset_name="ckan_api",
)
pipeline.run(packages())
