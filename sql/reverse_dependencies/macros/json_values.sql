-- Values of records that come from elsewhere: of the expected type, or NULL. A path is JSON's,
-- `$.owner.login`.

-- Text; blank text is NULL.
create or replace temporary macro text_at(record, path) as
    case
        when json_type(record, path) = 'VARCHAR' and trim(json_extract_string(record, path)) <> ''
            then json_extract_string(record, path)
    end;

-- A whole number that JavaScript holds exactly too; text of digits counts.
create or replace temporary macro integer_at(record, path) as
    case
        when
            json_type(record, path) in ('BIGINT', 'UBIGINT')
            or json_type(record, path) = 'VARCHAR'
            and regexp_full_match(json_extract_string(record, path), '\d+')
            then
                case
                    when
                        abs(try_cast(json_extract_string(record, path) as bigint))
                        <= 9007199254740991
                        then try_cast(json_extract_string(record, path) as bigint)
                end
    end;

create or replace temporary macro number_at(record, path) as
    case
        when json_type(record, path) in ('BIGINT', 'UBIGINT', 'DOUBLE')
            then try_cast(json_extract_string(record, path) as double)
    end;

create or replace temporary macro truth_at(record, path) as
    case
        when json_type(record, path) = 'BOOLEAN'
            then json_extract_string(record, path) = 'true'
    end;

-- The texts of an array; an empty list where it is not one.
create or replace temporary macro texts_at(record, path) as
    coalesce(
        list_filter(
            list_transform(
                case
                    when json_type(record, path) = 'ARRAY'
                        then json_extract(record, path)::json[]
                end,
                lambda item: text_at(item, '$')
            ),
            lambda item: item is not null
        ),
        []::varchar[]
    );

-- A member that is there, with null or another value.
create or replace temporary macro has_member(record, path) as json_type(record, path) is not null;

-- `NOASSERTION` is GitHub's word for a licence file that it does not recognise.
create or replace temporary macro licence_of(spdx, key) as
    coalesce(nullif(spdx, 'NOASSERTION'), key);
