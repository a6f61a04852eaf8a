-- Only a record of a package index can confirm: without one a claim would pass for a proof.
select ecosystem, name
from packages
where is_confirmed and not is_known
