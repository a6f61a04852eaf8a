-- How the queries to the code search ended; one row per search, status and reason.
select * from final.final_searches order by backend, queries desc, status, reason limit 40
