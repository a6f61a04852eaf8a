-- Formats of a dataset's resources; one row per dataset and format.
-- not null: dataset, format
select distinct
    dataset,
    format
from resources
