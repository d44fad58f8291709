"""Rows in other languages: what belongs where, and what is out of date."""

import pytest

from armsflow.package.checks import check
from armsflow.package.package import read_package
from armsflow.package.translations import LANGUAGES, in_use, made_from, texts, untranslated
from tests import tiny


def write(package, *rows):
    """Write translations as the columns of the package have them."""
    lines = ["record,table,column,language,text,made_from"]
    lines += [",".join(row) for row in rows]
    (package / "translations.csv").write_text("\n".join(lines) + "\n", "utf-8")


GAO = ("2013-05-gao-missiles", "incidents", "title", "fr", "Missiles trouvés")
SA7 = ("", "items", "designation", "ar", "SA-7 المحمول")


def told(row, english):
    return (*row, made_from(english))


def test_a_package_without_translations_lacks_all_of_them(package):
    found, problems = check(package)
    assert problems == []
    wanted = texts(found)
    assert not wanted.duplicated(["record", "table", "column", "english"]).any()
    for language in LANGUAGES:
        assert len(untranslated(found, language)) == len(wanted) > 20


def test_what_is_translated_is_not_missing_any_more(package):
    before = len(untranslated(read_package(package)[0], "fr"))
    write(package, told(SA7, "SA-7"), told(GAO, "Missiles found"))
    found, problems = check(package)
    assert problems == []
    assert len(untranslated(found, "fr")) == before - 1
    assert len(untranslated(found, "ar")) == before - 1
    assert len(in_use(found)) == 2


def test_a_changed_text_is_untranslated_again(package):
    write(package, told(GAO, "Missiles found"))
    before = len(untranslated(read_package(package)[0], "fr"))
    tiny.change(package / "incidents.csv", "Missiles found", "Two missiles found")
    found, problems = check(package)
    assert problems == []
    assert len(untranslated(found, "fr")) == before + 1
    assert in_use(found).empty


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("gao", "places", "country", "fr", "Mali"), "places.country is translated for all rows."),
        (("", "stores", "name", "fr", "Mali"), "'stores.name' is no column."),
        (("gone", "places", "name", "fr", "Gao"), "'gone' is not in places.csv."),
        (
            ("x", "items", "designation", "ar", "SA-7"),
            "translated for all rows.",
        ),
        (("gao", "places", "name", "de", "Gao"), "'de'"),
    ],
)
def test_what_belongs_nowhere_is_named(package, row, said):
    write(package, told(row, "Gao"))
    _, problems = check(package)
    assert [said in str(problem) for problem in problems] == [True], problems
    assert str(problems[0]).startswith("translations.csv, row 2")
