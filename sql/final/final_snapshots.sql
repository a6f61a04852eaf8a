-- Snapshots that these tables were made from, and why one is not complete; one row per file.
-- key: file
-- not null: file, database, created_at
with final as (
    select * from snapshots.snapshots
)

select * from final
