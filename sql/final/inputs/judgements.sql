-- What TypeScript decides before the models run; one row per repository, place or verdict.
attach ':memory:' as judgements;

create table judgements.main.repository_relations (
    repository varchar,
    relation varchar,
    relation_evidence varchar
);

create table judgements.main.mention_uses (
    repository varchar,
    path varchar,
    line_number bigint,
    use varchar,
    use_reason varchar
);
