-- The earlier catalogue that this one is compared with; one row, or none.
select created_at from final.final_snapshots where is_compared
