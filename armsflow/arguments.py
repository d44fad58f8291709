"""The commands and their options, as the command line takes them."""

import argparse
import os
from pathlib import Path
from typing import Final

from armsflow.dataset.loader import SHIPPED
from armsflow.package.versions import PARTS

ENDINGS: Final = (
    "csv", "datapackage.zip", "geojson", "gpkg", "html", "kmz", "parquet", "pdf", "png", "pptx",
    "svg", "xlsx", "zip",
)  # fmt: skip
"""Endings of the files that ``brief`` makes; one that ends like another comes before it."""
TOGETHER: Final = ("pptx", "pdf", "zip")
"""Endings of the files that several pictures make together."""
DESCRIPTION: Final = "Show the page, make a briefing, check or change a data package."


class UsageError(Exception):
    """Something asked for on the command line that cannot be done; says what can."""


def reason(error: OSError) -> str:
    """Say why the system refused something."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def parser() -> argparse.ArgumentParser:
    """Return what reads the words of the command line."""
    reader = argparse.ArgumentParser(prog="python -m armsflow", description=DESCRIPTION)
    data = Path(os.environ.get("ARMSFLOW_DATA") or SHIPPED)
    commands = reader.add_subparsers(dest="command", required=True, metavar="COMMAND")
    showing = commands.add_parser("show", help="show the page and open a browser on it")
    showing.add_argument("--port", type=int, default=8501, help="any free one if 0")
    showing.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for other machines too"
    )
    showing.add_argument("--base-path", default="", help="path below which a proxy passes it on")
    showing.add_argument("--data", type=Path, metavar="DIR", help="another data package")
    showing.add_argument("--no-browser", action="store_true", help="open no browser")
    checking = commands.add_parser("check", help="hold a data package against every rule")
    checking.add_argument("directory", nargs="?", type=Path, default=data, metavar="DIR")
    preparing = commands.add_parser(
        "prepare", help="write a package with its large tables as Parquet, for DuckDB and Spark"
    )
    preparing.add_argument("directory", type=Path, metavar="DIR")
    preparing.add_argument("target", type=Path, metavar="TARGET", help="folder to make")
    brief = commands.add_parser("brief", help="make a briefing file, its kind by its ending")
    brief.add_argument("file", nargs="?", type=Path, help=f"file to write: {', '.join(ENDINGS)}")
    brief.add_argument(
        "--pictures", nargs="+", default=[], metavar="NUMBER",
        help="make these pictures, or those of a list, as one PPTX, PDF or ZIP",
    )  # fmt: skip
    for name, words in (
        ("weapon", "weapon group or type"),
        ("destination", "destination, or all"),
        ("basis", "how the link to Libya is known"),
        ("event", "kind of event"),
    ):
        brief.add_argument(
            f"--{name}", action="append", default=[], metavar="CODE",
            help=f"{words}; may be repeated, or hold several codes between commas",
        )  # fmt: skip
    brief.add_argument("--years", default="", metavar="YEARS", help="2013, or 2011-2014")
    brief.add_argument("--width", type=int, default=1920, help="width of a PNG in pixels")
    brief.add_argument("--pack", action="store_true", help="PPTX with one slide a destination")
    brief.add_argument("--title", default="", help="title of your own, above the finding")
    brief.add_argument("--note", default="", help="one line under that title")
    house = os.environ.get("ARMSFLOW_TEMPLATE")
    brief.add_argument(
        "--template", type=Path, default=Path(house) if house else None, metavar="PPTX",
        help="house template of presentations; else ARMSFLOW_TEMPLATE",
    )  # fmt: skip
    verify = commands.add_parser("verify", help="say whether a picture, or a deck, is still true")
    verify.add_argument("number", help="picture number, as printed, or a file with pictures")
    verify.add_argument("--renew", type=Path, metavar="FILE", help="PPTX, PDF or ZIP to make anew")
    form = commands.add_parser("template", help="write the form in which rows are added")
    form.add_argument("file", type=Path, help="file to write: .xlsx, or .zip for CSV")
    form.add_argument(
        "--rows", nargs="+", default=[], metavar="ID",
        help="published incidents (with their items) or other rows to correct in it",
    )  # fmt: skip
    form.add_argument(
        "--all", action="store_true", help="with sheets for destinations and weapon types too"
    )
    adding = commands.add_parser("add", help="add the rows of a filled template, all or none")
    adding.add_argument("directory", type=Path, metavar="DIR", help="data package to change")
    adding.add_argument(
        "file", nargs="?", type=Path, help="filled template: .xlsx, or .zip of CSV files"
    )
    adding.add_argument(
        "--replace",
        action="store_true",
        help="rows with a published id take its place, with --why",
    )
    adding.add_argument(
        "--withdraw", nargs="+", default=[], metavar="ID",
        help="take out a published incident with its items, or another row, with --why",
    )  # fmt: skip
    adding.add_argument("--why", default="", help="why published rows change, for corrections.csv")
    formatting = commands.add_parser("format", help="sort the tables and quote them alike")
    formatting.add_argument("directory", type=Path, metavar="DIR", help="data package to change")
    bending = commands.add_parser("bend", help="bend lines aside from one another; takes minutes")
    bending.add_argument("directory", type=Path, metavar="DIR", help="data package to change")
    releasing = commands.add_parser("release", help="give changed tables a new version")
    releasing.add_argument("directory", type=Path, metavar="DIR", help="data package to change")
    releasing.add_argument(
        "changes", nargs="?", help="what changed; without it, only say whether anything did"
    )
    releasing.add_argument(
        "--part", choices=PARTS, default="",
        help="part of the version to raise, if more than the changes ask for "
        "(major: rows withdrawn; minor: rows added; patch: rows corrected)",
    )  # fmt: skip
    differing = commands.add_parser("diff", help="say what two versions of a package differ in")
    for name in ("old", "new"):
        differing.add_argument(
            name, metavar=name.upper(), help="folder of a package, or a version that is kept"
        )
    differing.add_argument(
        "file", nargs="?", type=Path, help="file to write: .csv or .xlsx; without it, text"
    )
    translating = commands.add_parser(
        "translate", help="take in translations of rows, or list what is missing"
    )
    translating.add_argument("directory", type=Path, metavar="DIR", help="data package to change")
    translating.add_argument("file", type=Path, metavar="CSV", help="list with the texts filled in")
    translating.add_argument(
        "--missing", action="store_true", help="write the list of what is not translated instead"
    )
    for command in (brief, verify):
        command.add_argument(
            "--address",
            default=os.environ.get("ARMSFLOW_URL", ""),
            help="address of the page, to print in the file; else ARMSFLOW_URL",
        )
        command.add_argument(
            "--marking",
            default=os.environ.get("ARMSFLOW_MARKING", ""),
            help="line above and below, e.g. OFFICIAL; else ARMSFLOW_MARKING",
        )
    for command in (brief, verify, form, differing):
        command.add_argument(
            "--data", type=Path, default=data, metavar="DIR", help="else ARMSFLOW_DATA"
        )
    return reader
