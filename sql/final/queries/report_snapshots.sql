-- The snapshots that the final tables were made from; one row per snapshot.
select * from final.final_snapshots where is_newest order by created_at, file
