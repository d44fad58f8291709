"""Whether pictures that were handed on are still true: their numbers, read out of an old file."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pypdf
from PIL import Image

from armsflow.dataset.dataset import Dataset
from armsflow.language import N_, _, _n, enumerated, isolated
from armsflow.selection.history import Since, since
from armsflow.selection.numbering import MAY_BE_MISTYPED, Numbered, read_number, words_before
from armsflow.selection.selection import Selection

NUMBER: Final = r"([0-9A-Z]{1,40}-[0-9A-Z]{5,7})(?![0-9A-Z])"
BETWEEN: Final = r"[\s,:\"\u2068]*"
"""A picture number, and what may stand between it and the words before it."""
PAGES: Final = 200
LARGEST: Final = 40_000_000
"""Pages of a file that are looked at, and bytes that its texts may have when unpacked."""
LISTED: Final = 12


@dataclass(frozen=True)
class Verified:
    """What became of one picture.

    Parameters
    ----------
    number
        As found in the file.
    words
        What is to be said of it.
    is_true
        Whether it shows what the data at hand show.
    selection
        What it showed, to make it anew; nothing if the number says nothing.
    """

    number: str
    words: str
    is_true: bool
    selection: Selection | None


def numbers_in(content: bytes) -> list[str]:
    """Read the picture numbers out of a file: PPTX, PDF, SVG, PNG, or any text.

    Parameters
    ----------
    content
        A stranger's file.

    Returns
    -------
    numbers
        Each once, in the order of the file.

    Raises
    ------
    ValueError
        If the file cannot be read.
    """
    try:
        text = text_of(content)
    except Exception as error:
        # zipfile, pypdf and Pillow fail in many ways on a damaged file.
        raise ValueError("The file is damaged, or no file of a kind that bears numbers") from error
    before = "|".join(map(re.escape, words_before()))
    found = re.findall(f"(?:{before}){BETWEEN}{NUMBER}", text, re.IGNORECASE)
    return list(dict.fromkeys(found))


def text_of(content: bytes) -> str:
    """Return all text of a file, line by line, without its form."""
    if content.startswith(b"PK"):
        return _office_text(content)
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        told = str(reader.metadata.subject or "") if reader.metadata else ""
        return "\n".join([told, *(page.extract_text() for page in reader.pages[:PAGES])])
    if content.startswith(b"\x89PNG"):
        with Image.open(io.BytesIO(content)) as image:
            return "\n".join(str(words) for words in image.info.values())
    return _without_tags(content)


def _office_text(content: bytes) -> str:
    texts, left = [], LARGEST
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".csv", ".txt"))]
        for name in sorted(names, key=lambda name: (len(name), name))[: 10 * PAGES]:
            with archive.open(name) as member:
                part = member.read(left)
            left -= len(part)
            texts.append(_without_tags(part))
    return "\n".join(texts)


def _without_tags(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    # An editor may break a number into several runs of one paragraph.
    return re.sub(r"<[^<>]*>", "", re.sub(r"</(?:a:p|text|p|div|t)>", "\n", text))


def verify(numbers: Sequence[str], dataset: Dataset, earlier: Iterable[Dataset]) -> list[Verified]:
    """Say of each picture number whether its picture still shows what the data at hand show.

    Parameters
    ----------
    numbers
        As :func:`numbers_in` returns them.
    dataset, earlier
        The data at hand, and the kept earlier versions, the newest first; no more of them are
        taken than the numbers need, and each once.
    """
    kept: list[Dataset] = []
    left = iter(earlier)

    def one_by_one() -> Iterator[Dataset]:
        yield from kept
        for version in left:
            kept.append(version)
            yield version

    verified = []
    for number in numbers:
        try:
            found = read_number(number, dataset, one_by_one())
        except ValueError as error:
            verified.append(Verified(number, f"{error}.", is_true=False, selection=None))
        else:
            verified.append(judge(number, found, dataset))
    return verified


def judge(number: str, found: Numbered, dataset: Dataset) -> Verified:
    """Say whether the picture of a number that was read still shows what the data show."""
    if found.same_data:
        words = _("Unchanged: made from these data, {version}.", version=dataset.version)
        return Verified(number, words, is_true=True, selection=found.selection)
    if found.made_from is None:
        words = _("Made from data that are not kept here: it cannot be compared.")
        words += f" {_(MAY_BE_MISTYPED)}" if found.doubtful else ""
        return Verified(number, words, is_true=False, selection=found.selection)
    changed = since(found.selection, dataset, found.made_from)
    is_true = not (changed.added or changed.withdrawn or changed.corrected)
    return Verified(number, _words(changed), is_true, found.selection)


def _words(changed: Since) -> str:
    named = [
        _(said, incidents=_few(found))
        for said, found in (
            (N_("New: {incidents}."), changed.added),
            (N_("No longer shown: {incidents}."), changed.withdrawn),
            (N_("Corrected: {incidents}."), changed.corrected),
        )
        if found
    ]
    return " ".join([changed.words, *named])


def _few(identifiers: Sequence[str]) -> str:
    more = len(identifiers) - LISTED
    rest = [_n("{count} more", "{count} more", more)] if more > 0 else []
    return enumerated([*map(isolated, identifiers[:LISTED]), *rest])
