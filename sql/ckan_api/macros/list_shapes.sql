-- Lists of CKAN in other shapes: an object by number or by name, one object alone, texts instead of
-- objects, JSON in a text. What is none of these stays unread and is counted in ckan_record_faults.

-- Whether a member has a value that from_json could not read as the list or object it should be.
create or replace temporary macro is_unread(package, read, path) as (
    read is null and coalesce(json_type(package, path) <> 'NULL', false)
);

create or replace temporary macro has_element(list) as coalesce(len(list) > 0, false);

-- Whether a list of the record, or its organization, is not as CKAN gives it.
create or replace temporary macro has_odd_shape(package, dataset) as (
    is_unread(package, dataset.resources, '$.resources')
    or is_unread(package, dataset.tags, '$.tags')
    or is_unread(package, dataset.extras, '$.extras')
    or is_unread(package, dataset.groups, '$.groups')
    or is_unread(package, dataset.relationships_as_subject, '$.relationships_as_subject')
    or is_unread(package, dataset.relationships_as_object, '$.relationships_as_object')
    or has_element(list_filter(
        dataset.resources, lambda it: it is not null and it.id is null and it.url is null
    ))
    or has_element(list_filter(
        dataset.tags, lambda it: it is not null and it.name is null
    ))
    or has_element(list_filter(
        dataset.extras, lambda it: it is not null and it.key is null
    ))
    or has_element(list_filter(
        dataset.groups, lambda it: it is not null and it.id is null and it.name is null
    ))
    or coalesce(
        dataset.organization is not null
        and dataset.organization.id is null
        and dataset.organization.name is null,
        false
    )
);

-- JSON that is written into a text.
create or replace temporary macro unwrapped(value) as
    case
        when json_type(value) = 'VARCHAR' and regexp_matches(value ->> '$', '^\s*[\[{]')
            then coalesce(try_cast(value ->> '$' as json), value)
        else value
    end;

-- The elements of a list; of an object itself where it has one of these members, else its values.
create or replace temporary macro elements_of(value, member, other_member) as
    case json_type(unwrapped(value))
        when 'ARRAY' then cast(unwrapped(value) as json[])
        when 'OBJECT'
            then
                case
                    when
                        list_contains(json_keys(unwrapped(value)), member)
                        or list_contains(json_keys(unwrapped(value)), other_member)
                        then [unwrapped(value)]
                    else unwrapped(value) -> '$.*'
                end
    end;

-- Texts where objects belong become the field of an object; JSON in texts is read.
create or replace temporary macro objects_of(elements, field) as
    list_transform(
        elements,
        lambda it:
            case
                when json_type(it) <> 'VARCHAR' then it
                when regexp_matches(it ->> '$', '^\s*\{')
                    then coalesce(try_cast(it ->> '$' as json), it)
                else json_object(field, it ->> '$')
            end
    );

create or replace temporary macro extras_of(value) as
    case
        when
            json_type(unwrapped(value)) = 'OBJECT'
            and not list_contains(json_keys(unwrapped(value)), 'key')
            then
                [
                    json_object(
                        'key', name,
                        'value',
                        unwrapped(value) ->> ('$."' || replace(name, '"', '\"') || '"')
                    )
                    for name in json_keys(unwrapped(value))
                ]
        else elements_of(value, 'key', 'key')
    end;

create or replace temporary macro organization_of(value) as
    case json_type(unwrapped(value))
        when 'ARRAY' then unwrapped(value) -> 0
        when 'OBJECT' then unwrapped(value)
        when 'VARCHAR' then json_object('name', unwrapped(value) ->> '$')
    end;
