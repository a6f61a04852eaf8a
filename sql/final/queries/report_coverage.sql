-- What each source of code holds and leaves out; one row per source.
select
    source,
    title,
    repositories,
    files,
    as_of,
    leaves_out,
    is_complete,
    reason
from final.final_coverage
order by source
