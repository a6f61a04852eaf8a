"""Reads every export of a delivery with other people's programs, and compares the numbers of rows.

Usage: read_exports.py DELIVERY [FEED...]; prints one line for each reader.
"""
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import duckdb
import feedparser
import networkx
import openpyxl
import pandas
import polars

delivery, *feeds = sys.argv[1:]
package = json.load(open(f"{delivery}/datapackage.json"))
tables = {it["name"]: it["rows"] for it in package["resources"] if it["format"] == "csv"}


def same(reader, name, rows):
    assert rows == tables[name], f"{reader} reads {rows} rows of {name}: {tables[name]} are wanted"


for name in tables:
    csv, parquet = f"{delivery}/exports/{name}.csv", f"{delivery}/exports/{name}.parquet"
    same("pandas", name, len(pandas.read_csv(csv, low_memory=False)))
    same("pandas", name, len(pandas.read_parquet(parquet)))
    same("polars", name, polars.read_csv(csv, infer_schema_length=None).height)
    same("polars", name, polars.read_parquet(parquet).height)
    for select in (f"read_csv('{csv}', sample_size=-1)", f"read_parquet('{parquet}')"):
        [(rows,)] = duckdb.sql(f"select count(*) from {select}").fetchall()
        same("duckdb", name, rows)
print("pandas, polars, duckdb", len(tables))

book = openpyxl.load_workbook(f"{delivery}/exports/mentions.xlsx", read_only=True)
sheets = 0
for name, rows in tables.items():
    if rows > 10_000:
        continue
    sheet = book[name.removeprefix("final_")[:31]]
    same("openpyxl", name, sum(1 for _ in sheet.iter_rows()) - 1)
    sheets += 1
print("openpyxl", sheets)

graph = networkx.read_graphml(f"{delivery}/graph/mentions.graphml")
assert graph.number_of_nodes() == tables["final_graph_nodes"]
gexf = ElementTree.parse(f"{delivery}/graph/mentions.gexf")
spaces = {"g": "http://gexf.net/1.3"}
assert len(gexf.findall(".//g:node", spaces)) == tables["final_graph_nodes"]
assert len(gexf.findall(".//g:edge", spaces)) == tables["final_graph_edges"]
print("networkx", graph.number_of_nodes())

for feed in feeds:
    parsed = feedparser.parse(feed)
    assert not parsed.bozo, f"{feed}: {parsed.get('bozo_exception')}"
    assert parsed.feed.id and parsed.feed.title and parsed.feed.updated
print("feedparser", len(feeds))

validation = subprocess.run(
    [sys.executable, "-m", "frictionless", "validate", f"{delivery}/datapackage.json", "--json"],
    capture_output=True,
    text=True,
)
report = json.loads(validation.stdout)
assert report["valid"], [task for task in report["tasks"] if not task["valid"]][:3]
print("frictionless", len(report["tasks"]))
