-- The languages of multilingual titles, those with the most titles first; one row per language.
with titles as (
    select title
    from ckan_api.ckan_datasets
    where title like '{%' and json_valid(title) and json_type(title) = 'OBJECT'
),

languages as (
    select
        title,
        unnest(json_keys(title)) as language
    from titles
)

select language
from languages
where title ->> ('$."' || language || '"') <> ''
group by language
order by count(*) desc, language
limit 20
