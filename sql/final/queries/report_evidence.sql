-- Places to look at first for some datasets, given as a JSON array of ids; one row per place.
select
    dataset_id,
    repository,
    path,
    line_number,
    url,
    array_to_string(made_from, ', ') as made_from
from final.final_evidence
where dataset_id in (select unnest(from_json($1, '["VARCHAR"]')))
order by dataset_id, place_number
