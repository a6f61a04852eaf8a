-- What TypeScript decides before the models run; one row per repository, place or verdict.
attach ':memory:' as judgements;

create table judgements.main.repository_relations (
    repository varchar,
    relation varchar,
    relation_evidence varchar
);
