-- How text is read. `…_of` gives what the clean tables hold, `…_problem` why it is NULL there.

-- White space, control and zero-width characters and byte order marks at both ends go. Listed and
-- not \p{Cf}: the tag characters that end the flags of Scotland and Wales are of that class too.
create or replace temporary macro trimmed(raw) as
    regexp_replace(
        raw,
        '^[\p{Z}\p{Cc}\x{00AD}\x{180E}\x{200B}-\x{200F}\x{2060}\x{FEFF}]+'
        || '|[\p{Z}\p{Cc}\x{00AD}\x{180E}\x{200B}-\x{200F}\x{2060}\x{FEFF}]+$',
        '',
        'g'
    );

-- Ends of line become line feeds, every other control character but the tab a space. U+FFFD stays:
-- it says that the portal had lost a character already.
create or replace temporary macro tidied(raw) as
    regexp_replace(
        regexp_replace(trimmed(raw), '\r\n?', chr(10), 'g'),
        '[\x{00}-\x{08}\x{0B}-\x{1F}\x{7F}-\x{9F}]',
        ' ',
        'g'
    );

-- Ids, the names that is in addresses, and URLs: inside they stay as they are, because they are
-- compared exactly.
create or replace temporary macro id_of(raw) as nullif(trimmed(raw), '');

create or replace temporary macro id_problem(raw) as
    case when raw is not null and trimmed(raw) = '' then 'blank' end;

-- Whether text is an object with the text in several languages: {"de": "Bäume", "fr": "Arbres"}.
create or replace temporary macro is_multilingual(raw) as
    case
        when raw like '{%' and json_valid(raw)
            then
                json_type(raw) = 'OBJECT'
                and len(json_keys(raw)) > 0
                and list_bool_and([
                    regexp_full_match(key, '[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*')
                    and json_type(raw, '$."' || key || '"') in ('VARCHAR', 'NULL')
                    for key in json_keys(raw)
                ])
        else false
    end;

-- The text in the first language of the variable "languages" that has one, else in any language.
create or replace temporary macro localized(raw) as
    case
        when is_multilingual(raw)
            then
                list_filter(
                    [
                        raw ->> ('$."' || key || '"')
                        for key in list_concat(
                            coalesce(getvariable('languages'), cast([] as varchar[])),
                            json_keys(raw)
                        )
                    ],
                    lambda text: text is not null and trimmed(text) <> ''
                )[1]
        else raw
    end;

-- Text for people. Some portals write the text "null" where they mean nothing (EnviDat).
create or replace temporary macro text_of(raw) as
    nullif(nullif(tidied(localized(raw)), ''), 'null');

create or replace temporary macro text_problem(raw) as
    case
        when raw is null then null
        when trimmed(raw) = '' then 'blank'
        when trimmed(raw) = 'null' then 'the text "null"'
        when localized(raw) is null then 'no text in any language'
    end;

-- How times are read: into UTC, and only in forms that mean one moment.

-- ISO 8601 with a blank or a T, down to the day, the minute, the second or its fraction, with or
-- without a zone (CKAN itself writes microseconds and no zone and means UTC); and dd.mm.yyyy, which
-- no country reads as mm.dd.yyyy. dd/mm/yyyy is left alone, because some do.
create or replace temporary macro time_of(raw) as
    case
        when
            regexp_full_match(raw, '\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d{1,9})?)?')
            then try_cast(raw as timestamp)
        when
            regexp_full_match(
                trimmed(raw),
                '\d{4}-\d\d-\d\d'
                || '([Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)? ?([Zz]|UTC|[+-]\d\d(:?\d\d)?)?)?'
            )
            then
                try_cast(
                    regexp_replace(
                        regexp_replace(
                            replace(upper(trimmed(raw)), ',', '.'),
                            ' ?(?:Z|UTC|([+-][\d:]+))$',
                            '\1'
                        ),
                        '^(.{10}).(\d\d:\d\d)([+-].*)?$',
                        '\1 \2:00\3'
                    ) as timestamptz
                ) at time zone 'UTC'
        when
            regexp_full_match(trimmed(raw), '\d\d?\.\d\d?\.\d{4}')
            then cast(try_strptime(trimmed(raw), '%d.%m.%Y') as timestamp)
    end;

create or replace temporary macro time_problem(raw) as
    case
        when raw is null or time_of(raw) is not null then null
        when trimmed(raw) = '' then 'blank'
        when trimmed(raw) = 'null' then 'the text "null"'
        when
            regexp_matches(trimmed(raw), '^(\d{4}-\d\d-\d\d([Tt ]|$)|\d\d?\.\d\d?\.\d{4}$)')
            then 'no such time'
        else 'not in a form that means one moment'
    end;

-- How sizes are read: plain numbers of bytes. "42 octets" or "1,5 MB" are no plain numbers: what a
-- portal means by a unit or a comma is not known.

-- Portals that send JSON numbers may write 2048 as 2048.0 or 2.048e3.
create or replace temporary macro size_of(raw) as
    case
        when regexp_full_match(trimmed(raw), '\d+') then try_cast(trimmed(raw) as bigint)
        when
            regexp_full_match(trimmed(raw), '\d+(\.\d*)?([eE]\+?\d+)?')
            and try_cast(trimmed(raw) as decimal(38, 9)) % 1 = 0
            then try_cast(try_cast(trimmed(raw) as decimal(38, 9)) as bigint)
    end;

create or replace temporary macro size_problem(raw) as
    case
        when raw is null or size_of(raw) is not null then null
        when trimmed(raw) = '' then 'blank'
        when trimmed(raw) = 'null' then 'the text "null"'
        when regexp_full_match(trimmed(raw), '-\d+(\.\d*)?([eE]\+?\d+)?') then 'negative'
        when
            regexp_full_match(trimmed(raw), '\d+(\.\d*)?([eE]\+?\d+)?')
            then 'not a whole number of bytes that a BIGINT holds'
        else 'not a plain number'
    end;
