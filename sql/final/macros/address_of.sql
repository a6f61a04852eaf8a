-- A URL reduced to what is compared: without scheme, `www.`, case of the host, the ports of http
-- and https, fragment and last slash, and without the escapes of JSON and HTML.
create or replace temporary macro unescaped(url) as
    replace(replace(url, '\/', '/'), '&amp;', '&');

create or replace temporary macro host_of(url) as
    lower(
        regexp_extract(
            unescaped(url),
            '(?i)^(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:www\.)?([^/?#:]*)(?::(?:80|443)(?:[/?#]|$))?',
            1
        )
    );

create or replace temporary macro address_of(url) as
    regexp_replace(
        host_of(url)
        || regexp_extract(
            unescaped(url),
            '(?i)^(?:(?:[a-z][a-z0-9+.-]*:)?//)?[^/?#:]*(?::(?:80|443))?((?:[:/?][^#]*)?)',
            1
        ),
        '/+(\?|$)',
        '\1'
    );
