-- Ordered vocabularies, strongest first, for the models of every database. Each is defined once,
-- here: `min(match_kind::match_kind)` is the strongest of several, and `order by
-- match_kind::match_kind` and `pivot (… for match_kind in match_kind)` follow this order. Tables
-- hold the text, not the type (`::varchar`), so that any DuckDB can read them.

-- How a text in code names something of the catalogue; docs/mentions.md has examples.
create or replace temporary type match_kind as enum (
    'exact',
    'normalized',
    'query_variant',
    'identifier',
    'service_call',
    'resolved',
    'template',
    'sibling',
    'landing_page'
);

-- Whether a mention counts, or why it is counted apart.
create or replace temporary type counted_as as enum (
    'original',
    'own',
    'generic',
    'fork',
    'catalogue_mirror',
    'wrong'
);

-- Whose repository it is, as far as its host and the config say.
create or replace temporary type relation as enum ('independent', 'own', 'unknown');

-- What a place in code uses the data for; docs/kinds_of_use.md defines each.
create or replace temporary type mention_use as enum (
    'downloads',
    'queries_api',
    'displays',
    'links',
    'lists',
    'tests',
    'teaches',
    'configures',
    'other'
);
