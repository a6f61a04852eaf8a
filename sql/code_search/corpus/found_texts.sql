-- Texts of files with a found line that may be programs; one row per file.
select
    rowid as file_id,
    path,
    content
from scanned_files
where
    rowid in (select file_id from found_lines)
    and bytes <= 65536
