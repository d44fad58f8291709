"""Filled templates, as a reader would hand them in."""

import csv
import io
import zipfile

import openpyxl

from armsflow.curation.template import template_csv, template_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

INCIDENT = {
    "incident_id": "2014-06-kidal-rifles",
    "date": "2014-06",
    "title": "Rifles found near Kidal",
    "summary": "A ministry said so; nobody else did.",
    "event_type": "cache_found",
    "place_id": "kidal",
    "destination": "mali",
    "link_basis": "official_statement",
    "scope": "event",
    "source_ids": "ministry-2014-07-kidal",
}
ITEM = {
    "incident_id": "2014-06-kidal-rifles",
    "seq": "1",
    "weapon_type": "assault_rifle",
    "quantity": "12",
    "quantity_qualifier": "about",
    "unit": "weapons",
    "counting": "own",
}
PLACE = {
    "place_id": "kidal",
    "name": "Kidal",
    "country": "MLI",
    "lat": "18.44",
    "lon": "1.41",
    "precision": "place",
    "surface": "land",
    "drawing_point": "false",
}
SOURCE = {
    "source_id": "ministry-2014-07-kidal",
    "title": "Statement on the find",
    "publisher": "A ministry",
    "published": "2014-07",
    "kind": "official_statement",
    "url": "https://example.org/kidal",
}
ROWS = {"incidents": [INCIDENT], "items": [ITEM], "places": [PLACE], "sources": [SOURCE]}
"""One incident with one item, a place of its own and a source of its own."""

SECOND = {
    "incidents": [
        INCIDENT
        | {
            "incident_id": "2014-08-gao-mortars",
            "date": "2014-08-02",
            "place_id": "gao",
            "source_ids": "ministry-2014-07-kidal;blog-undated-market",
        }
    ],
    "items": [ITEM | {"incident_id": "2014-08-gao-mortars", "weapon_type": "pistol"}],
}
"""Another incident, in a published place, citing a published source too."""


ROUTE = {
    "incidents": [INCIDENT | {"corridor_id": "mali-ghat-kidal"}],
    "items": [ITEM],
    "places": [PLACE],
    "sources": [SOURCE],
    "corridors": [
        {
            "corridor_id": "mali-ghat-kidal",
            "name": "Ghat to Kidal",
            "destination": "mali",
            "mode": "land",
            "description": "The ministry named it.",
            "active_from": "2014",
            "active_to": "2014",
            "source_ids": "ministry-2014-07-kidal",
        }
    ],
    "waypoints": [
        {"corridor_id": "mali-ghat-kidal", "seq": str(number), "place_id": place}
        for number, place in enumerate(("ghat", "kidal"), 1)
    ],
}
"""The same incident on a route of its own."""


def with_rows(*more, **changed):
    """Return the rows above with changed cells in the first row of a table, and more rows."""
    return {
        table: [
            first | changed.get(table, {}),
            *rest,
            *(row for rows in more for row in rows.get(table, ())),
        ]
        for table, (first, *rest) in ROWS.items()
    }


def workbook(package, rows, change=None):
    """Fill in the template; values that are no text become what Excel would store."""
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(package)))
    for table, records in rows.items():
        sheet = book[table]
        columns = [cell.value for cell in sheet[1]]
        for number, record in enumerate(records, 2):
            for column, value in record.items():
                cell = sheet.cell(number, columns.index(column) + 1)
                cell.value = value
                if isinstance(value, str) and not value.startswith("="):
                    cell.data_type = "s"
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_files(package, rows):
    """Fill in the CSV form and return its files by name."""
    with zipfile.ZipFile(io.BytesIO(template_csv(package))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for table, records in rows.items():
        stream = io.StringIO(files[f"{table}.csv"].decode("utf-8-sig"), newline="")
        (columns,) = csv.reader(stream)
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(records)
        files[f"{table}.csv"] = out.getvalue().encode("utf-8-sig")
    return files


def zipped(files):
    """Pack files into a ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_part(content, name, change):
    """Change one file inside a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    return zipped(files | {name: change(files[name])})


def workbook_parts(sheet, strings="", styles="", book="", namespace=MAIN):
    """Return the parts of a workbook with one sheet, from the inside of each."""
    relation = f'<Relationship Id="%s" Type="{DOCUMENT}/%s" Target="%s"/>'
    relations = '<Relationships xmlns="r">%s</Relationships>'
    return {
        name: text.encode()
        for name, text in {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations % relation % ("a", "officeDocument", "/xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{DOCUMENT}">{book}'
            '<sheets><sheet name="Sheet" sheetId="1" r:id="b"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations
            % (
                relation % ("b", "worksheet", "worksheets/sheet1.xml")
                + relation % ("c", "sharedStrings", "sharedStrings.xml")
                + relation % ("d", "styles", "styles.xml")
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{namespace}"><sheetData>{sheet}'
            "</sheetData></worksheet>",
            "xl/sharedStrings.xml": f'<sst xmlns="{namespace}">{strings}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{namespace}">{styles}</styleSheet>',
        }.items()
    }
