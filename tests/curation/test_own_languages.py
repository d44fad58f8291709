"""Rows of readers who write French or Arabic: the form, what is recognised, and what is said."""

import csv
import io
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from armsflow import language
from armsflow.curation.dialects import codes_of
from armsflow.curation.headings import headings_of
from armsflow.curation.submission import read_upload
from armsflow.curation.template import export_xlsx, template_csv, template_xlsx
from armsflow.curation.upload import SHEETS
from armsflow.curation.wording import worded
from armsflow.dataset.loader import SHIPPED
from armsflow.language import speaking
from armsflow.package.package import read_package
from armsflow.package.translations import LANGUAGES, TABLE, made_from
from tests.forms import INCIDENT, ITEM, ROWS, csv_files, with_rows, workbook, zipped
from tests.marked import Marked

TRANSLATIONS = [
    ("", "incidents", "event_type", "Hidden store found", "Cache d’armes", "مخبأ"),
    ("", "incidents", "title", "What happened", "Intitulé", "العنوان"),
    ("", "incidents", "date", "Date", "Date des faits", "التاريخ"),
    ("assault_rifle", "weapon_types", "label", "Assault rifles", "Fusils d’assaut", "بنادق"),
    # A reader's "Pistols" are pistols in every language.
    ("manpads", "weapon_types", "label", "Shoulder-fired missiles", "Pistols", "صواريخ"),
    ("gao", "places", "name", "Gao", "Gaô", "غاو"),
    ("mali", "destinations", "label", "Mali", "Le Mali", "مالي"),
]


@pytest.fixture(scope="module")
def translated(published):
    """The tiny package with a few translations."""
    rows = [
        (record, table, column, code, text, made_from(english))
        for record, table, column, english, *texts in TRANSLATIONS
        for code, text in zip(("fr", "ar"), texts, strict=True)
    ]
    columns = ["record", "table", "column", "language", "text", "made_from"]
    told = pd.DataFrame(rows, columns=columns, dtype="str")
    return replace(published, tables=published.tables | {TABLE: told})


def of(code, english):
    """Return a text of the translated package in a language."""
    found = next(texts for *_where, text, french, arabic in TRANSLATIONS if text == english
                 for texts in [{"fr": french, "ar": arabic}])  # fmt: skip
    return found[code]


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_a_form_in_another_language_is_read_back_without_loss(code, translated):
    rows = with_rows(places={"name": "كيدال"}, incidents={"title": "Fusils près de Kidal"})
    english = read_upload("a.xlsx", workbook(translated, rows), translated)
    with speaking(code):
        filled = workbook(translated, rows)
        submitted = read_upload("a.xlsx", filled, translated)
        exported = export_xlsx(submitted.package, submitted.incident_ids)
        again = read_upload("b.xlsx", exported, translated)
        tables = zipped(csv_files(translated, rows))
        assert read_upload("c.zip", tables, translated).package.texts == english.package.texts
    assert english.problems == submitted.problems == again.problems == []
    assert submitted.package.texts == again.package.texts == english.package.texts


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_the_form_says_columns_and_codes_in_the_language(code, translated):
    with speaking(code):
        book = openpyxl.load_workbook(io.BytesIO(template_xlsx(translated)))
        told = zipped_codes(template_csv(translated))
    assert book["About"].sheet_view.rightToLeft == (code == "ar")
    assert book.sheetnames == ["About", *SHEETS, "codes"]
    heads = {cell.value: cell for cell in book["incidents"][1]}
    assert list(heads) == list(translated.tables["incidents"].columns)
    assert heads["title"].comment.text.startswith(f"{of(code, 'What happened')}. ")
    assert told["incidents.event_type", "cache_found"] == of(code, "Hidden store found")
    assert told["items.weapon_type", "assault_rifle"] == of(code, "Assault rifles")
    assert told["incidents.place_id", "gao"] == of(code, "Gao")


def zipped_codes(content):
    """Return the labels of a form as CSV files, by column and code."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("codes.csv").decode("utf-8-sig")
    return {(row[0], row[1]): row[2] for row in csv.reader(io.StringIO(text))}


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_headings_and_labels_are_known_in_every_language(code, translated):
    typed = {
        "event_type": of(code, "Hidden store found").replace("’", "'"),
        "place_id": of(code, "Gao"),
        "destination": of(code, "Mali"),
    }
    rows = {
        "incidents": [INCIDENT | typed],
        "items": [ITEM | {"weapon_type": of(code, "Assault rifles").upper()}],
        "sources": ROWS["sources"],
    }

    def rename(book):
        heads = {cell.value: cell for cell in book["incidents"][1]}
        heads["title"].value = of(code, "What happened")
        heads["date"].value = of(code, "Date")

    submitted = read_upload("a.xlsx", workbook(translated, rows, rename), translated)
    assert [str(problem) for problem in submitted.problems] == []
    plain = {"incidents": [INCIDENT | {"place_id": "gao"}], "items": [ITEM]}
    english = read_upload(
        "a.xlsx", workbook(translated, plain | {"sources": rows["sources"]}), translated
    )
    assert submitted.package.texts == english.package.texts


def test_what_a_word_means_in_english_it_means_in_every_language(translated):
    assert codes_of(translated, "items")["weapon_type"]["pistols"] == "pistol"


def test_the_words_of_the_shipped_package_are_known_in_every_language():
    package, _problems = read_package(SHIPPED)
    for code in LANGUAGES:
        with speaking(code):
            said = worded(package)
        for table in SHEETS:
            known, english = headings_of(package, table), package.fields(table)
            titles = [field["title"].casefold() for field in said.fields(table)]
            assert titles != [field["title"].casefold() for field in english]
            found = [known.get("_".join(title.replace("’", "'").split())) for title in titles]
            names = [field["name"] for field in english]
            assert all(one in {None, name} for one, name in zip(found, names, strict=True))
            assert found.count(None) <= 1


def test_every_sentence_about_a_file_can_be_said_in_another_language(published, monkeypatch):
    monkeypatch.setattr(language, "catalogue", lambda _language: Marked())
    bad = with_rows(
        {"incidents": [INCIDENT, INCIDENT | {"incident_id": "2014-07-x", "date": "2034-01"}]},
        incidents={"title": "=1+1", "date": "soon", "event_type": "Hidden store found"},
        items={"weapon_type": "gun", "quantity": "1,000"},
        sources={"url": "https://example.org/gao"},
    )

    def odd(book):
        book.create_sheet("more")
        sheet = book["incidents"]
        sheet.cell(1, 30).value, sheet.cell(5, 1).value = "Extra", "Total"
        sheet.cell(6, 40).value, sheet.cell(7, 1).value = "x", 1.5

    files = [
        workbook(published, bad, odd),
        workbook(published, with_rows(incidents={"place_id": "kdial", "destination": "nowhere"})),
        b"",
        b"hello",
        b"date,place_id,title\n1,2,3",
        b"PK\x03\x04",
        zipped({"x.txt": b""}),
        zipped({"incidents.csv": b"incident_id;date\n1;2;3"}),
        zipped({"mimetype": b"", "content.xml": b"<a"}),
        zipped({"datapackage.json": b"{}"}),
    ]
    said = []
    for content in files:
        with speaking("fr"):
            submitted = read_upload("rows", content, published)
        said += [*submitted.problems, *submitted.left_out, *submitted.notes]
    assert len(said) > 20
    for problem in said:
        for words in filter(None, (problem.what, problem.fix)):
            assert words.startswith("«"), words
            assert words.endswith("»"), words
