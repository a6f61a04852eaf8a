-- A mention of something that the catalogue does not hold would be lost in the final tables.
select
    url_mentions.repository,
    url_mentions.path,
    url_mentions.dataset_id,
    url_mentions.resource_id
from url_mentions
left join clean_ckan_api.ckan_clean_datasets as datasets
    on url_mentions.dataset_id = datasets.id
left join clean_ckan_api.ckan_clean_all_resources as resources
    on url_mentions.resource_id = resources.id
where
    datasets.id is null
    or (url_mentions.resource_id is not null and resources.id is null)
