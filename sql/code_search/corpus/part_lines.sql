-- Lines of one part on hosts of the catalogue; one row per part of a line.
select * exclude (part)
from catalogue_lines
where part = $1
order by repository, path, line_number, line_part, line
