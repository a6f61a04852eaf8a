-- Mentions of the snapshot before, as keys that survive a moved line; one row per mention.
select distinct hash(dataset_id, resource_id, repository, path, text) as mention_key
from previous.final_mentions
