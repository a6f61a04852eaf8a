-- Places that mention data, with the known lines around each; one row per place.
with lines as (
    select repository, path, line_number, min(line) as line
    from code_search.line_matches
    group by repository, path, line_number
),

places as (
    select distinct repository, path, line_number
    from code_search.url_mentions
    where path is not null and line_number is not null
),

neighbours as (
    select
        places.repository,
        places.path,
        places.line_number,
        list(lines.line order by lines.line_number) filter (
            lines.line_number < places.line_number
        ) as before,
        list(lines.line order by lines.line_number) filter (
            lines.line_number > places.line_number
        ) as after,
        any_value(lines.line) filter (lines.line_number = places.line_number) as line
    from places
    inner join lines
        on places.repository = lines.repository
        and places.path = lines.path
        and lines.line_number between places.line_number - 3 and places.line_number + 3
    group by places.repository, places.path, places.line_number
),

final as (
    select
        repository,
        path,
        line_number,
        coalesce(line, '') as line,
        coalesce(before, []) as before,
        coalesce(after, []) as after
    from neighbours
)

select * from final
