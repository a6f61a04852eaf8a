-- How many pairs of dataset and repository are new, kept or gone since earlier searches; one row per state.
select state, count(*) as pairs from final.final_trend group by state
