-- URLs that the search for removed URLs compares; one row per URL.
--
-- Most URLs of earlier catalogues are in this one character by character: where all are, there is
-- nothing to compare. Else the rewritten ones are read, all of this catalogue, and the texts of
-- earlier mentions of resources whose URL was rewritten.
with past as (
    select url, id from catalogue.all_ckan_clean_all_resources
    union all
    select url, null as id from catalogue.all_ckan_clean_datasets
),

present as (
    select url from clean_ckan_api.ckan_clean_all_resources
    union
    select url from clean_ckan_api.ckan_clean_datasets
),

rewritten as (
    select past.url, past.id
    from past
    anti join present on past.url = present.url
    where past.url is not null
),

final as (
    select url from rewritten
    union
    select url from present
    where url is not null and exists (from rewritten)
    union
    select text as url
    from code_search.all_url_mentions
    where
        match_kind in ('exact', 'normalized')
        and resource_id in (select id from rewritten)
)

select * from final
