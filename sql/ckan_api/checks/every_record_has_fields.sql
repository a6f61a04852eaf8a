-- Records whose text DuckDB could not read as an object with an id: their resources would be lost
-- without a word.
select
    record_number,
    left(raw_json, 80) as raw_json
from ckan_datasets
where id is null
