"""The commands and their options, as the command line takes them."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from armsflow.dataset.loader import SHIPPED
from armsflow.language import ENGLISH, LOCALES, N_, _, enumerated
from armsflow.package.versions import PARTS

ENDINGS: Final = (
    "csv", "datapackage.zip", "geojson", "gpkg", "html", "kmz", "parquet", "pdf", "png", "pptx",
    "svg", "xlsx", "zip",
)  # fmt: skip
"""Endings of the files that ``brief`` makes; one that ends like another comes before it."""
TOGETHER: Final = ("pptx", "pdf", "zip")
"""Endings of the files that several pictures make together."""
PROGRAM: Final = "python -m armsflow"

OWN_WORDS: Final = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What :mod:`argparse` says by itself."""

# It would look its words up in the catalogues of the system, which know nothing of the option.
argparse._ = _  # type: ignore[attr-defined]


class UsageError(Exception):
    """Something asked for on the command line that cannot be done; says what can."""


def reason(error: OSError) -> str:
    """Say why the system refused something."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def parser() -> argparse.ArgumentParser:
    """Return what reads the words of the command line."""
    reader = argparse.ArgumentParser(
        prog=PROGRAM,
        description=_("Show the page, make a briefing, check or change a data package."),
    )
    data = Path(os.environ.get("ARMSFLOW_DATA") or SHIPPED)
    commands = reader.add_subparsers(dest="command", required=True, metavar="COMMAND")
    showing = commands.add_parser("show", help=_("show the page and open a browser on it"))
    showing.add_argument("--port", type=int, default=8501, help=_("any free one if 0"))
    showing.add_argument(
        "--host",
        default="127.0.0.1",
        help=_("address to listen on; 0.0.0.0 for other machines too"),
    )
    showing.add_argument("--base-path", default="", help=_("path below which a proxy passes it on"))
    showing.add_argument("--data", type=Path, metavar="DIR", help=_("another data package"))
    showing.add_argument("--no-browser", action="store_true", help=_("open no browser"))
    checking = commands.add_parser("check", help=_("hold a data package against every rule"))
    checking.add_argument("directory", nargs="?", type=Path, default=data, metavar="DIR")
    preparing = commands.add_parser(
        "prepare", help=_("write a package with its large tables as Parquet, for DuckDB and Spark")
    )
    preparing.add_argument("directory", type=Path, metavar="DIR")
    preparing.add_argument("target", type=Path, metavar="TARGET", help=_("folder to make"))
    brief = commands.add_parser("brief", help=_("make a briefing file, its kind by its ending"))
    brief.add_argument(
        "file", nargs="?", type=Path,
        help=_("file to write: {endings}", endings=", ".join(ENDINGS)),
    )  # fmt: skip
    brief.add_argument(
        "--pictures", nargs="+", default=[], metavar="NUMBER",
        help=_("make these pictures, or those of a list, as one PPTX, PDF or ZIP"),
    )  # fmt: skip
    for name, words in (
        ("weapon", _("weapon group or type")),
        ("destination", _("destination, or all")),
        ("basis", _("how the link to Libya is known")),
        ("event", _("kind of event")),
    ):
        brief.add_argument(
            f"--{name}", action="append", default=[], metavar="CODE",
            help=_("{filter}; may be repeated, or hold several codes between commas", filter=words),
        )  # fmt: skip
    brief.add_argument("--years", default="", metavar="YEARS", help=_("2013, or 2011-2014"))
    brief.add_argument("--width", type=int, default=1920, help=_("width of a PNG in pixels"))
    brief.add_argument("--pack", action="store_true", help=_("PPTX with one slide a destination"))
    brief.add_argument("--title", default="", help=_("title of your own, above the finding"))
    brief.add_argument("--note", default="", help=_("one line under that title"))
    house = os.environ.get("ARMSFLOW_TEMPLATE")
    brief.add_argument(
        "--template", type=Path, default=Path(house) if house else None, metavar="PPTX",
        help=_("house template of presentations; else ARMSFLOW_TEMPLATE"),
    )  # fmt: skip
    verify = commands.add_parser(
        "verify", help=_("say whether a picture, or a deck, is still true")
    )
    verify.add_argument("number", help=_("picture number, as printed, or a file with pictures"))
    verify.add_argument(
        "--renew", type=Path, metavar="FILE", help=_("PPTX, PDF or ZIP to make anew")
    )
    form = commands.add_parser("template", help=_("write the form in which rows are added"))
    form.add_argument("file", type=Path, help=_("file to write: .xlsx, or .zip for CSV"))
    form.add_argument(
        "--rows", nargs="+", default=[], metavar="ID",
        help=_("published incidents (with their items) or other rows to correct in it"),
    )  # fmt: skip
    form.add_argument(
        "--all", action="store_true", help=_("with sheets for destinations and weapon types too")
    )
    adding = commands.add_parser("add", help=_("add the rows of a filled template, all or none"))
    adding.add_argument("directory", type=Path, metavar="DIR", help=_("data package to change"))
    adding.add_argument(
        "file", nargs="?", type=Path, help=_("filled template: .xlsx, or .zip of CSV files")
    )
    adding.add_argument(
        "--replace",
        action="store_true",
        help=_("rows with a published id take its place, with --why"),
    )
    adding.add_argument(
        "--withdraw", nargs="+", default=[], metavar="ID",
        help=_("take out a published incident with its items, or another row, with --why"),
    )  # fmt: skip
    adding.add_argument(
        "--why", default="", help=_("why published rows change, for corrections.csv")
    )
    formatting = commands.add_parser("format", help=_("sort the tables and quote them alike"))
    formatting.add_argument("directory", type=Path, metavar="DIR", help=_("data package to change"))
    bending = commands.add_parser(
        "bend", help=_("bend lines aside from one another; takes minutes")
    )
    bending.add_argument("directory", type=Path, metavar="DIR", help=_("data package to change"))
    releasing = commands.add_parser("release", help=_("give changed tables a new version"))
    releasing.add_argument("directory", type=Path, metavar="DIR", help=_("data package to change"))
    releasing.add_argument(
        "changes", nargs="?", help=_("what changed; without it, only say whether anything did")
    )
    releasing.add_argument(
        "--part", choices=PARTS, default="",
        help=_(
            "part of the version to raise, if more than the changes ask for "
            "(major: rows withdrawn; minor: rows added; patch: rows corrected)"
        ),
    )  # fmt: skip
    differing = commands.add_parser("diff", help=_("say what two versions of a package differ in"))
    for name in ("old", "new"):
        differing.add_argument(
            name, metavar=name.upper(), help=_("folder of a package, or a version that is kept")
        )
    differing.add_argument(
        "file", nargs="?", type=Path, help=_("file to write: .csv or .xlsx; without it, text")
    )
    translating = commands.add_parser(
        "translate", help=_("take in translations of rows, or list what is missing")
    )
    translating.add_argument(
        "directory", type=Path, metavar="DIR", help=_("data package to change")
    )
    translating.add_argument(
        "file", type=Path, metavar="CSV", help=_("list with the texts filled in")
    )
    translating.add_argument(
        "--missing", action="store_true", help=_("write the list of what is not translated instead")
    )
    for command in (brief, verify):
        command.add_argument(
            "--address",
            default=os.environ.get("ARMSFLOW_URL", ""),
            help=_("address of the page, to print in the file; else ARMSFLOW_URL"),
        )
        command.add_argument(
            "--marking",
            default=os.environ.get("ARMSFLOW_MARKING", ""),
            help=_("line above and below, e.g. OFFICIAL; else ARMSFLOW_MARKING"),
        )
    for command in (brief, verify, form, differing):
        command.add_argument(
            "--data", type=Path, default=data, metavar="DIR", help=_("else ARMSFLOW_DATA")
        )
    for command in (reader, *commands.choices.values()):
        command.add_argument(
            "--language", metavar="CODE", default=argparse.SUPPRESS,
            help=_(
                "language of every word: {codes}; for brief also several between commas; else "
                "ARMSFLOW_LANGUAGE",
                codes=enumerated(list(LOCALES), "or"),
            ),
        )  # fmt: skip
    return reader


def asked_language(arguments: Sequence[str] | None) -> str:
    """Return what was asked for as the language, before there is a parser that speaks it."""
    default = os.environ.get("ARMSFLOW_LANGUAGE") or ENGLISH
    reader = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    reader.add_argument("--language", default=default)
    try:
        return str(reader.parse_known_args(arguments)[0].language)
    except argparse.ArgumentError:
        return default  # what is wrong is said by the parser of all options


def spoken_language(asked: str) -> str:
    """Return the language that the command speaks: the first that was asked for, if there is it."""
    first = _codes(asked)[0]
    return first if first in LOCALES else ENGLISH


def _codes(asked: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.strip() for code in asked.split(",")))


def known_languages(asked: str, command: str) -> tuple[str, ...]:
    """Return the languages that were asked for.

    Raises
    ------
    UsageError
        If there is no such language, or the command can speak one only.
    """
    codes = _codes(asked)
    for code in codes:
        if code not in LOCALES:
            raise UsageError(
                _(
                    "--language {code} is not known. Known: {codes}.",
                    code=repr(code),
                    codes=", ".join(LOCALES),
                )
            )
    if len(codes) > 1 and command != "brief":
        raise UsageError(_("Only brief takes several languages; give one with --language."))
    return codes
