-- The figures at the head of the report; one row per figure.
select figure, value from final.final_key_figures
