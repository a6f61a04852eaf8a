-- Reach by kind of mention, then what is counted apart; rows overlap and are never added up.
select
    reach.match_kind,
    reach.counted_as,
    count(*) as datasets,
    count(*) filter (reach.packages > 0) as datasets_with_packages,
    max(reach.dependent_packages_largest) as dependent_packages_largest
from final_dataset_reach as reach
left join final_match_kinds as kinds on reach.match_kind = kinds.match_kind
where reach.counted_as = 'original' or reach.match_kind = 'any'
group by reach.match_kind, reach.counted_as
order by reach.counted_as = 'original' desc, min(kinds.strength) nulls first, reach.counted_as
