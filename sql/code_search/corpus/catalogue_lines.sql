-- Lines of the store on hosts of the catalogue, whichever of its hosts each names; one row per part
-- of a line.
create or replace temp table catalogue_lines as
select
    part,
    repository,
    commit,
    path,
    line_number,
    line_part,
    line,
    max(text_of_file) as text_of_file,
    language,
    stars,
    is_fork
from read_parquet(getvariable('store_files'), hive_partitioning = false)
where host in (select host from wanted_hosts)
-- a line that names several hosts is in the store once for each
group by all
