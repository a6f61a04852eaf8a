-- Addresses that a catalogue before this one had and this one has no more; one row per address.
-- key: address
-- not null: address, catalogue_url, names, dataset_id, last_in_catalogue_at
--
-- An address is a URL without what makes no difference (see macros): that http became https is no
-- going. One without a path names nothing. Of several datasets that had it, the last one counts.
with past as (
    select url, 'resource' as names, package_id as dataset_id, catalogued_at
    from catalogue.all_ckan_clean_all_resources
    where url is not null
    union all
    select url, 'dataset' as names, id as dataset_id, catalogued_at
    from catalogue.all_ckan_clean_datasets
    where url is not null
),

present as (
    select url from final_clean_all_resources
    union
    select url from final_clean_datasets
    where url is not null
),

-- most URLs stand as they stood, and comparing them so costs least
rewritten as (
    select
        address_of(past.url) as address,
        past.*
    from past
    anti join present on past.url = present.url
),

present_addresses as (
    select distinct address_of(url) as address
    from present
    where exists (from rewritten)
),

gone as (
    select
        rewritten.address,
        rewritten.url as catalogue_url,
        rewritten.names,
        rewritten.dataset_id,
        rewritten.catalogued_at,
        (rewritten.catalogued_at, rewritten.names, rewritten.dataset_id, rewritten.url)
            as precedence
    from rewritten
    anti join present_addresses on rewritten.address = present_addresses.address
    where regexp_matches(rewritten.address, '.[/?].')
),

final as (
    select
        address,
        arg_max(catalogue_url, precedence) as catalogue_url,
        arg_max(names, precedence) as names,
        arg_max(dataset_id, precedence) as dataset_id,
        max(catalogued_at) as last_in_catalogue_at
    from gone
    group by address
)

select * from final
