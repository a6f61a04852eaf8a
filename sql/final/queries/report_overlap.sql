-- Which repositories two sources found, with their titles; one row per pair of sources.
select
    overlap.*,
    one.title,
    other.title as other_title
from final.final_overlap as overlap
inner join final.final_coverage as one on overlap.source = one.source
inner join final.final_coverage as other on overlap.other_source = other.source
order by overlap.source, overlap.other_source
