-- A format as it is counted: `CSV`, `.csv`, `text/csv` and `CSV (zip)` differ only in how a portal
-- writes them. What it does not know it leaves as it is, in capitals; blank text becomes NULL.
create or replace temporary macro normalized_format(format) as (
    with written as (
        select
            regexp_replace(
                regexp_replace(upper(trim(format)), '[;,].*$', ''),
                '^(APPLICATION|TEXT|IMAGE|MODEL)/(X-|VND\.)?|^HTTPS?://.*/|^[.]+',
                ''
            ) as short
    )

    select
        case trim(short)
            when '' then null
            when 'GEO+JSON' then 'GEOJSON'
            when 'MS-EXCEL' then 'XLS'
            when 'EXCEL' then 'XLS'
            when 'OPENXMLFORMATS-OFFICEDOCUMENT.SPREADSHEETML.SHEET' then 'XLSX'
            when 'OASIS.OPENDOCUMENT.SPREADSHEET' then 'ODS'
            when 'MSWORD' then 'DOC'
            when 'OPENXMLFORMATS-OFFICEDOCUMENT.WORDPROCESSINGML.DOCUMENT' then 'DOCX'
            when 'GOOGLE-EARTH.KML+XML' then 'KML'
            when 'GOOGLE-EARTH.KMZ' then 'KMZ'
            when 'OGC.WMS_XML' then 'WMS'
            when 'OGC.WFS_XML' then 'WFS'
            when 'SHAPEFILE' then 'SHP'
            when 'SHAPE' then 'SHP'
            when 'ESRI SHAPEFILE' then 'SHP'
            when 'ZIP-COMPRESSED' then 'ZIP'
            when 'PLAIN' then 'TXT'
            when 'TEXT' then 'TXT'
            when 'HTM' then 'HTML'
            when 'XHTML+XML' then 'HTML'
            when 'RDF+XML' then 'RDF'
            when 'LD+JSON' then 'JSON-LD'
            when 'TAB-SEPARATED-VALUES' then 'TSV'
            when 'COMMA-SEPARATED-VALUES' then 'CSV'
            when 'JPG' then 'JPEG'
            when 'TIF' then 'TIFF'
            else trim(short)
        end
    from written
);
