-- A repository counted as original although it is a fork, a mirror or the publisher's own decides
-- the top of every list.
select mapping.dataset_id, mapping.repository, mapping.counted_as
from final_dataset_repository_mappings as mapping
where
    mapping.counted_as = 'original'
    and (
        mapping.is_fork
        or mapping.is_catalogue_mirror
        or mapping.is_generic
        or mapping.relation = 'own'
    )
