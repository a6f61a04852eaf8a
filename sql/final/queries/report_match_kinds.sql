-- Kinds of match, strongest first; one row per kind.
select * from final.final_match_kinds order by strength
