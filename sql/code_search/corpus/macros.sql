-- How a text names what a corpus is scanned for; deploy/spark/scan_corpus.py has the same.
--
-- Set before: the types host_key, owner_key and doi_key (enums of what is wanted) and the variables
-- of targets.ts. A text is a file or a line: no pattern crosses the end of a line. Patterns that
-- begin with characters of their own (//, 10.) cost next to nothing where these do not occur; the
-- others are tried on few files only.

-- A host as keys have it.
create or replace temp macro host_of(token) as (
    ltrim(rtrim(lower(token), '.'), '._-')
);

-- Without the rest of an escape that sticks to the front: %2Fhost, \u002fhost, \nhost.
create or replace temp macro without_escape(token) as (
    regexp_replace(token, '(?i)^(?:(?:25)*[0-9a-f]{2}|u00[0-9a-f]{2}|x[0-9a-f]{2}|[nrt])', '')
);

create or replace temp macro known_hosts(tokens) as (
    list_filter(
        list_transform(tokens, lambda token: try_cast(host_of(token) as host_key)),
        lambda key: key is not null
    )
);

-- What is behind //: a host, perhaps a port, and the first character of a tail.
create or replace temp macro slash_urls(text) as (
    regexp_extract_all(
        text,
        '//[A-Za-z0-9_-]+\.[A-Za-z0-9._-]+(?::[0-9]+)?[/\\%?#&"'']?'
    )
);

-- The pattern leaves off what host_of() would: it is tried on every file.
create or replace temp macro hosts_after_slashes(text) as (
    list_filter(
        list_transform(
            regexp_extract_all(text, '//[._-]*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)', 1),
            lambda token: try_cast(lower(token) as host_key)
        ),
        lambda key: key is not null
    )
);

-- Those with a tail and an ending that is wanted.
create or replace temp macro tails_after_slashes(urls) as (
    len(list_filter(urls, lambda url: regexp_matches(url, getvariable('ending_with_tail'))))
);

-- Hosts behind the escaped forms of //.

create or replace temp macro hosts_after_escapes(text) as (
    known_hosts(regexp_extract_all(text, '\\/([A-Za-z0-9._-]+)', 1))
    || known_hosts(regexp_extract_all(text, '%(?:25)*2[fF]([A-Za-z0-9._-]+)', 1))
);

-- Hosts with a path, a query or a fragment behind them; with letters beyond ASCII where some have.
create or replace temp macro hosts_before_tails(text) as (
    known_hosts(
        list_concat(
            regexp_extract_all(text, getvariable('host_with_tail'), 1),
            list_transform(
                regexp_extract_all(text, getvariable('host_with_tail'), 1),
                lambda token: without_escape(token)
            )
        )
    )
);

create or replace temp macro hosts_with_letters(text) as (
    case
        when getvariable('has_letters') then known_hosts(
            list_concat(
                regexp_extract_all(text, '//([\pL\pN._-]+)', 1),
                regexp_extract_all(text, '([\pL\pN._-]+)(?::[0-9]+)?[/\\%?#&]', 1)
            )
        )
        else []
    end
);

-- A URL without the differences that do not matter for whose it is; up to the first character that
-- may be written in several ways.
create or replace temp macro owner_url(url) as (
    regexp_extract(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            regexp_replace(lower(url), '\\+u0026|%(?:25)*26|&amp;', '&', 'g'),
                            '\\',
                            '',
                            'g'
                        ),
                        '%(?:25)*2f|&#0*47;|&#x0*2f;',
                        '/',
                        'g'
                    ),
                    '%(?:25)*3f',
                    '?',
                    'g'
                ),
                '%(?:25)*3d',
                '=',
                'g'
            ),
            '^([^/:?]*):[0-9]+',
            '\1'
        ),
        '^[a-z0-9._~/?=&@*!$-]*'
    )
);

-- What may identify the owner in such a URL: host and 1 to 6 path segments, path and parameter.
create or replace temp macro owner_stems(url) as (
    list_concat(
        list_transform(
            [1, 2, 3, 4, 5, 6],
            lambda segments: array_to_string(
                string_split(split_part(url, '?', 1), '/')[1:segments + 1],
                '/'
            )
        ),
        list_transform(
            string_split(split_part(url, '?', 2), '&'),
            lambda parameter: rtrim(split_part(url, '?', 1), '/') || '?' || parameter
        )
    ) || list_transform(
        list_filter(regexp_split_to_array(url, '[/?&=]'), lambda word: len(word) >= 15),
        lambda word: split_part(url, '/', 1) || '#' || word
    )
);

-- Stems end where a sentence, a file name or a version does.
create or replace temp macro known_owners(urls) as (
    list_filter(
        list_transform(
            flatten(list_transform(urls, lambda url: owner_stems(owner_url(url)))),
            lambda stem: coalesce(
                try_cast(stem as owner_key),
                try_cast(rtrim(stem, '.,;:!*_') as owner_key),
                try_cast(regexp_replace(stem, '(?:\.git|@.*)$', '') as owner_key)
            )
        ),
        lambda key: key is not null
    )
);

create or replace temp macro owners_after_slashes(text) as (
    case
        when getvariable('shared_url_after_slashes') = '' then []
        else known_owners(regexp_extract_all(text, getvariable('shared_url_after_slashes'), 1))
    end
);

create or replace temp macro owners_anywhere(text) as (
    case
        when getvariable('shared_url') = '' then []
        else known_owners(regexp_extract_all(text, getvariable('shared_url'), 1))
    end
);

-- A DOI as keys have it.
create or replace temp macro doi_of(text) as (
    regexp_replace(lower(text), '^([0-9.]+)(?:\\/|%2f)', '\1/')
);

create or replace temp macro known_dois(text) as (
    case
        when getvariable('has_dois') then list_filter(
            list_transform(
                regexp_extract_all(text, '10\.[0-9]{4,9}(?:/|\\/|%2[fF])[^\s"''<>]+'),
                lambda doi: coalesce(
                    try_cast(rtrim(doi_of(doi), '.,;:)]}*_`\') as doi_key),
                    try_cast(regexp_extract(doi_of(doi), '^[^?#&)\]},;\\]+') as doi_key),
                    -- a version of it
                    try_cast(
                        regexp_extract(doi_of(doi), '^([^?#&)\]},;\\]+?)\.v?[0-9]+$', 1) as doi_key
                    )
                )
            ),
            lambda key: key is not null
        )
        else []
    end
);

-- Every key of what a text names.
create or replace temp macro keys_in(text) as (
    list_distinct(
        list_transform(
            list_concat(
                list_concat(hosts_after_slashes(text), hosts_after_escapes(text)),
                list_concat(hosts_before_tails(text), hosts_with_letters(text))
            ),
            lambda key: key::varchar
        )
        || list_transform(owners_anywhere(text), lambda key: key::varchar)
        || list_transform(known_dois(text), lambda key: key::varchar)
    )
);

-- Whether keys_in(text) has any: the same, in the order of cost.
create or replace temp macro names_a_target(text) as (
    case
        when len(hosts_after_slashes(text)) > 0 then true
        when len(owners_after_slashes(text)) > 0 then true
        when len(known_dois(text)) > 0 then true
        -- a host with a tail that does not follow //: without a scheme, or escaped
        when
            len(regexp_extract_all(text, getvariable('ending_with_tail')))
            > tails_after_slashes(slash_urls(text))
            then len(keys_in(text)) > 0
        when len(hosts_after_escapes(text)) > 0 then true
        when
            getvariable('has_letters') and regexp_matches(text, '//[A-Za-z0-9._-]*[^\x00-\x7f]')
            then len(keys_in(text)) > 0
        else false
    end
);

-- The partition of a host.
create or replace temp macro host_hash(host) as (
    ('0x' || md5(host)[1:2])::integer % 32
);
