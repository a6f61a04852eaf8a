-- How far the data of each organization reaches; one row per organization, match_kind and counted_as.
-- key: organization_id, match_kind, counted_as
-- not null: organization_id, match_kind, counted_as, repositories, packages
--
-- match_kind "any" has a repository once, however it mentions the data; kinds are no parts of it.
-- dependent_packages_largest is one package's number. dependent_packages_sum adds up distinct
-- packages: what depends on two of them is in it twice, so it is a ceiling, not a count.
with counted as (
    select * from reach_counts where subject_kind = 'organization'
),

final as (
    select subject as organization_id, * exclude (subject_kind, subject) from counted
)

select * from final
