-- How many there are, by two samples that know nothing of each other: Chapman's estimator, and the
-- 95 % interval of Sadinle (2009), which stays right where few are in both.
create or replace temp macro chapman(one, other, in_both) as (
    (one + 1) * (other + 1) / (in_both + 1) - 1
);

create or replace temp macro capture_bound(one, other, in_both, z) as (
    one + other - in_both - 0.5
    + (one - in_both + 0.5) * (other - in_both + 0.5) / (in_both + 0.5)
    * exp(
        z * sqrt(
            1 / (in_both + 0.5)
            + 1 / (one - in_both + 0.5)
            + 1 / (other - in_both + 0.5)
            + (in_both + 0.5) / ((one - in_both + 0.5) * (other - in_both + 0.5))
        )
    )
);
