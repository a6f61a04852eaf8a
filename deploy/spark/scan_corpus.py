"""Scans a bulk corpus of public code on Spark, and writes the line store that scan_corpus writes.

Spark reads the corpus and finds the files that may name a host of interest; those few are handed to
deploy/spark/scan_candidates.ts, which runs on the workers and cuts, checks and redacts their lines.

    spark-submit deploy/spark/scan_corpus.py --location s3a://bucket/stack-v3-train \
        --targets targets.txt --store s3a://bucket/corpora/stack_v3/main \
        --corpus stack_v3 --revision main --scanner ./scan_candidates

docs/corpora.md says how to make the file of targets and the program for the workers.
"""

import argparse
import datetime
import hashlib
import json
import os
import shlex
import subprocess
import tempfile

from pyspark.sql import SparkSession, functions as F, types as T

LARGEST = 2_000_000
COLUMNS = "part repository commit stars is_fork path content language file_timestamp is_vendor".split()
STORED = T.StructType([
    T.StructField(name, kind)
    for name, kind in [
        ("host", T.StringType()), ("repository", T.StringType()), ("commit", T.StringType()),
        ("path", T.StringType()), ("line_number", T.IntegerType()), ("line_part", T.IntegerType()),
        ("line", T.StringType()), ("text_of_file", T.StringType()), ("language", T.StringType()),
        ("stars", T.LongType()), ("is_fork", T.BooleanType()), ("file_timestamp", T.LongType()),
        ("part", T.StringType()), ("host_hash", T.StringType()),
    ]
])


def read_files(spark, location, layout):
    """One row per file, with the name of its part."""
    part = F.regexp_extract(F.input_file_name(), r"((?:data/)?[^/]+)$", 1)
    if layout == "files":
        frame = spark.read.parquet(location).withColumn("part", F.url_decode(part))
        for name in COLUMNS:
            if name not in frame.columns:
                frame = frame.withColumn(name, F.lit(None))
        return frame.select(COLUMNS)
    frame = spark.read.parquet(location.rstrip("/") + "/data").withColumn("part", F.url_decode(part))
    frame = frame.select("part", "repo_path", "commit_id", "github_metadata", F.explode("files").alias("file"))
    return frame.select(
        "part",
        F.concat(F.lit("github.com/"), "repo_path").alias("repository"),
        F.col("commit_id").alias("commit"),
        F.col("github_metadata.stars").cast("long").alias("stars"),
        F.col("github_metadata.is_fork").alias("is_fork"),
        F.col("file.file_path").alias("path"),
        F.col("file.content").alias("content"),
        F.col("file.language").alias("language"),
        F.col("file.file_timestamp").cast("long").alias("file_timestamp"),
        F.col("file.is_vendor").alias("is_vendor"),
    )


def may_name_a_target(keys):
    """Every file that names a target passes, and few others."""
    def found(pattern, group=0):
        return F.regexp_extract_all("content", F.lit(pattern), F.lit(group))

    def known(pattern):
        wanted = keys["hosts"] + keys["shared_hosts"]
        host = lambda token: F.regexp_replace(F.lower(token), r"^[._-]+|[._-]+$", "")
        return F.exists(found(pattern, 1), lambda token: host(token).isin(wanted))

    ending = r"\.(?:" + "|".join(keys["endings"]) + r")(?::[0-9]+)?[/\\%?#&\"']"
    passes = (
        known(r"//([A-Za-z0-9._-]+)")
        # a host that does not follow //: without a scheme, or escaped
        | (F.size(found("(?i)" + ending)) > F.size(found("(?i)//[a-z0-9._-]+" + ending)))
        | known(r"\\/([A-Za-z0-9._-]+)")
        | known(r"%(?:25)*2[fF]([A-Za-z0-9._-]+)")
        | F.col("content").rlike(r"//[A-Za-z0-9._-]*[^\x00-\x7f]")
    )
    if keys["has_dois"]:
        passes = passes | F.col("content").rlike(r"10\.[0-9]{4,9}(?:/|\\/|%2[fF])")
    size = F.octet_length("content")
    return (size > 0) & (size <= LARGEST) & passes


def scanner_of(command, targets):
    """Hands the rows of a partition to the program on its worker, and gives the rows it prints."""
    def scan(rows):
        handle, path = tempfile.mkstemp(suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(target + "\n" for target in targets))
        process = subprocess.Popen(
            shlex.split(command) + [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for row in rows:
            line = json.dumps({name: row[name] for name in COLUMNS}, ensure_ascii=False)
            process.stdin.write((line + "\n").encode("utf-8", "replace"))
        process.stdin.close()
        for line in process.stdout:
            stored = json.loads(line)
            yield tuple(stored[name] for name in STORED.names)
        os.remove(path)
        if process.wait() != 0:
            raise RuntimeError(f"{command} ended with {process.returncode}")
    return scan


def write_text(spark, path, text):
    hadoop = spark.sparkContext._jvm.org.apache.hadoop.fs
    place = hadoop.Path(path)
    stream = place.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).create(place, True)
    stream.write(text.encode("utf-8"))
    stream.close()


def list_files(spark, folder):
    hadoop = spark.sparkContext._jvm.org.apache.hadoop.fs
    place = hadoop.Path(folder)
    found = place.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).listFiles(place, True)
    while found.hasNext():
        status = found.next()
        name = "/".join(status.getPath().toString().split("/")[-2:])
        if name.endswith(".parquet"):
            yield {"file": name, "rows": 0, "bytes": status.getLen(), "sha256": ""}


def main():
    parser = argparse.ArgumentParser(description="Scan a bulk corpus of code on Spark")
    parser.add_argument("--location", required=True, help="the corpus: a path that Spark can read")
    parser.add_argument("--layout", choices=["stack_v3_train", "files"], default="stack_v3_train")
    parser.add_argument("--targets", required=True, help="hosts to scan for, one per line")
    parser.add_argument("--store", required=True, help="where the line store is written")
    parser.add_argument("--corpus", required=True, help="its short name")
    parser.add_argument("--title", help="its name in reports")
    parser.add_argument("--revision", required=True)
    parser.add_argument("--as-of", help="the date of the code, 2025-08-07")
    parser.add_argument(
        "--scanner",
        default="deno run -A deploy/spark/scan_candidates.ts",
        help="the program on the workers",
    )
    given = parser.parse_args()
    spark = SparkSession.builder.appName("scan_corpus").getOrCreate()
    with open(given.targets, encoding="utf-8") as file:
        targets = sorted({line.strip() for line in file if line.strip()})
    keys = json.loads(subprocess.check_output(shlex.split(given.scanner) + [given.targets, "--keys"]))
    store = given.store.rstrip("/")

    files = read_files(spark, given.location, given.layout)
    candidates = files.where(may_name_a_target(keys)).select(COLUMNS)
    rows = candidates.rdd.mapPartitions(scanner_of(given.scanner, targets))
    lines = spark.createDataFrame(rows, STORED)
    (
        lines.repartition("host_hash")
        .sortWithinPartitions("host", "repository", "path", "line_number", "line_part")
        .write.mode("overwrite").option("compression", "snappy")
        .partitionBy("host_hash").parquet(store + "/lines")
    )

    size = F.coalesce(F.octet_length("content"), F.lit(0))
    counted = files.groupBy("part").agg(
        F.countDistinct("repository").alias("repositories"),
        F.count("*").alias("files"),
        F.count(F.when(size == 0, 1)).alias("empty"),
        F.count(F.when(F.col("is_vendor"), 1)).alias("vendored"),
        F.count(F.when(size > LARGEST, 1)).alias("too_large"),
        F.sum(size).alias("text_bytes"),
    ).orderBy("part").collect()
    found = spark.read.parquet(store + "/lines").groupBy("part").count().collect()
    lines_of = {row["part"]: row["count"] for row in found}
    stored = list(list_files(spark, store + "/lines"))
    name = hashlib.sha256("\n".join(targets).encode()).hexdigest()[:12]
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    journal, total = [], {}
    for row in counted:
        counts = {key: value for key, value in row.asDict().items() if key != "part"}
        counts.update(other_languages=0, lines=lines_of.get(row["part"], 0))
        for key, value in counts.items():
            total[key] = total.get(key, 0) + value
        journal.append({
            "key": f"{row['part']} {name}", "part": row["part"], "targets": name, "status": "complete",
            # a file of the store has lines of many parts: all are listed once
            "bytes": 0, "counts": counts, "files": stored if not journal else [], "at": now,
        })
    manifest = {
        "corpus": given.corpus, "title": given.title or given.corpus, "layout": given.layout,
        "revision": given.revision, "location": given.location, "languages": [], "as_of": given.as_of,
        "leaves_out": [], "complete": True, "reasons": [],
        "targets": [{"name": name, "targets": len(targets), "parts": len(journal)}],
        "parts": {"total": len(journal), "complete": len(journal), "failed": []},
        "counts": total, "bytes": sum(file["bytes"] for file in stored), "sealed_at": now,
    }
    write_text(spark, f"{store}/targets/{name}.txt", "".join(target + "\n" for target in targets))
    write_text(spark, f"{store}/journal.ndjson", "".join(json.dumps(entry) + "\n" for entry in journal))
    write_text(spark, f"{store}/manifest.json", json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
