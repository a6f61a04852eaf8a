-- Repositories in the order they are shown, those that mention most first; one row per repository.
-- key: position
-- not null: repository_key, item_row, counted_as
with final as (
    select
        row_number() over (
            order by
                counted_as::counted_as,
                datasets desc,
                stars desc nulls last,
                repositories.rowid
        ) as position,
        hash(repository) as repository_key,
        (md5_number_upper(repository) >> 11)::double as id_key,
        repositories.rowid as item_row,
        repository,
        host,
        coalesce(nullif(trim(language), ''), 'Not known') as language,
        counted_as,
        match_kinds,
        kinds_of_use,
        stars,
        datasets,
        mentions
    from final.final_repositories as repositories
)

select * from final
