"""A briefing: one selection with its picture and words, as files that can be handed on.

The page and the command line both make their files here, so they are the same files.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from armsflow.briefing import tables
from armsflow.briefing.sources import full_sources, short_sources
from armsflow.briefing.titles import (
    NO_TITLE,
    Caption,
    Title,
    made_words,
    picture_words,
    stamp_words,
)
from armsflow.dataset import knowledge
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.languages import in_english
from armsflow.language import ENGLISH, N_, _, _n, _p, isolated, speaking
from armsflow.package.archive import Archive
from armsflow.selection import numbering, selection
from armsflow.selection.cases import headline
from armsflow.selection.query import DATA_KEY, to_query
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import Sentence, describe
from armsflow.words import started

# What draws, and what writes maps, takes a second to import each: tables need neither.
if TYPE_CHECKING:
    from armsflow.briefing import layers, slides
    from armsflow.briefing.ground import Ground
    from armsflow.picture.picture import Picture
    from armsflow.picture.plate import Plate


@dataclass(frozen=True, eq=False)
class Briefing:
    """A selection ready to be written as any file.

    Parameters
    ----------
    chosen
        The selection.
    shown, whole
        The dataset after it and before it.
    caption
        The words around the picture.
    plate
        What every picture of the dataset shares; tables and Parquet ask nothing of it.
    """

    chosen: Selection
    shown: Dataset
    whole: Dataset
    caption: Caption
    plate: "Plate"

    @cached_property
    def picture(self) -> "Picture":
        """What is drawn."""
        from armsflow.picture.picture import draw

        return draw(self.chosen, self.shown, self.whole, self.plate.layouts)

    @cached_property
    def sentence(self) -> Sentence:
        """The selection in words."""
        return describe(self.chosen, self.shown, self.whole)

    @cached_property
    def layers(self) -> "layers.Layers":
        """The map for geographic information systems."""
        from armsflow.briefing import layers

        return layers.draw_layers(self.shown, self.whole, self.plate, self.caption.marking)

    @property
    def about(self) -> dict[str, str]:
        """What its files say about themselves, by heading."""
        return dict(briefing_words(self))


def prepare(
    chosen: Selection,
    whole: Dataset,
    plate: "Plate",
    address: str = "",
    marking: str = "",
    title: Title = NO_TITLE,
) -> Briefing:
    """Prepare the briefing of a selection, in the language of the dataset.

    Parameters
    ----------
    chosen
        The selection.
    whole
        The dataset.
    plate
        What every picture of the dataset shares.
    address
        Address of the page, without parameters; empty if it is not known.
    marking
        Protective marking; empty for none.
    title
        Title of the reader's own; it is part of no address and no number.
    """
    # The number of a picture says in which language it is.
    chosen = replace(chosen, language="" if whole.language == ENGLISH else whole.language)
    shown = selection.apply(whole, chosen)
    with speaking(whole.language):
        created = isolated(str(whole.created))
        caption = Caption(
            facts=tuple(knowledge.facts(shown)),
            sources=tuple(short_sources(shown)),
            data=_("Data {version}, {created}", version=whole.version, created=created),
            address=view_address(chosen, whole, address),
            number=numbering.picture_number(chosen, whole),
            marking=marking,
            title=title,
        )
    return Briefing(chosen, shown, whole, caption, plate)


def view_address(chosen: Selection, whole: Dataset, address: str) -> str:
    """Write the address that opens a selection, e.g. ``https://…/?weapon=manpads&data=1.1.0``.

    It says from which version of the data it was made, so that the page can say what changed.
    """
    query = to_query(chosen, whole)
    if address:
        query[DATA_KEY] = [whole.version]
    # One key with commas is shorter than the key repeated, and is read as well.
    joined = urlencode({key: ",".join(values) for key, values in query.items()}, safe=",")
    if not address:
        return f"?{joined}" if joined else ""
    return f"{address.rstrip('/')}/?{joined}"


# ---------------------------------------------------------------- words to paste


def caption_words(briefing: Briefing) -> str:
    """Write a caption to paste under the picture."""
    caption = briefing.caption
    return " ".join(
        [
            _said(briefing),
            *caption.facts,
            *knowledge.notes(briefing.shown)[:2],
            _("{sentence}.", sentence=made_words(caption)),
        ]
    )


def citation_words(briefing: Briefing) -> str:
    """Write how to cite the picture."""
    whole = briefing.whole
    cited = _(
        "armsflow contributors ({year}): Arms flows out of Libya, data version {version}, "
        "{picture}.",
        year=whole.created[:4],
        version=whole.version,
        picture=picture_words(briefing.caption.number),
    )
    return f"{cited} {briefing.caption.address}".strip()


def alt_text(briefing: Briefing) -> str:
    """Describe the picture in words for those who do not see it."""
    lines = [line for line in briefing.picture.lines if line.events]
    lines.sort(key=lambda line: (-line.events, line.name))
    between = _p("between names that hold commas", "; ")
    named = between.join(
        _n("{line} ({count} incident)", "{line} ({count} incidents)", line.events, line=line.name)
        for line in lines[:8]
    )
    if (more := len(lines) - 8) > 0:
        named = _n("{names}; and {count} more", "{names}; and {count} more", more, names=named)
    cases = " ".join(
        _("{number}: {case}. {found}.", number=case.number, case=headline(case), found=case.found)
        for case in briefing.picture.cases
    )
    parts = [_("Map: {ground}.", ground=briefing.picture.frame.label), _said(briefing)]
    parts += [_("Lines with incidents: {lines}.", lines=named)] if lines else []
    parts += [_("Numbered incidents: {cases}", cases=cases)] if cases else []
    return " ".join(parts)


def _said(briefing: Briefing) -> str:
    """Say finding, counts and filters: without its filters a count is taken for more than it is."""
    sentence = briefing.sentence
    between = _p("between names that hold commas", "; ")
    counts = started(between.join(filter(None, [sentence.counts, sentence.aside])))
    said = [_("{sentence}.", sentence=part) for part in (sentence.headline, counts) if part]
    return " ".join([*said, sentence.filters])


# ---------------------------------------------------------------- files


def file_name(briefing: Briefing, ending: str, kind: str = "") -> str:
    """Name a file after what is in it, with its marking first, then what kind of file it is.

    Examples
    --------
    ``libya-arms-flows_sinai_manpads_2011-2014_v1.0.0.png``
    """
    chosen, whole = briefing.chosen, briefing.whole
    default = selection.default_selection(whole)
    parts = [marked("libya-arms-flows", briefing.caption.marking), *filter(None, [kind])]
    if chosen.destinations != default.destinations:
        parts.append(_few(chosen.destinations, "all-destinations", "destinations"))
    if chosen.weapon:
        parts.append(_few(chosen.weapon, "", "weapons"))
    if chosen.years:
        first, last = chosen.years
        parts.append(str(first) if first == last else f"{first}-{last}")
    for codes, noun in ((chosen.basis, "links"), (chosen.event, "events")):
        if codes:
            parts.append(_few(codes, "", noun))
    return "_".join([*parts, f"v{whole.version}"]) + f".{ending}"


def marked(name: str, marking: str) -> str:
    """Put a marking, if there is one, in front of the name of a file."""
    return "_".join(filter(None, ["-".join(re.findall(r"\w+", marking)), name]))


def _few(codes: tuple[str, ...], none: str, noun: str) -> str:
    if not codes:
        return none
    joined = "-".join(code.replace("_", "-") for code in codes)
    return joined if len(joined) <= 40 else f"{len(codes)}-{noun}"


def writers(
    ground: "Ground", width: int = 1920, template: bytes | None = None
) -> dict[str, Callable[[Briefing], bytes]]:
    """Return the function that makes each kind of file, by its ending.

    Parameters
    ----------
    ground
        What pictures are drawn on.
    width
        Width of a PNG in pixels.
    template
        House template of presentations; without one, ours.
    """

    def bundle(briefing: Briefing) -> bytes:
        stream = io.BytesIO()
        with Archive(stream) as archive:
            for ending, write in makers.items():
                if ending != "zip":
                    archive.writestr(file_name(briefing, ending), write(briefing))
        return stream.getvalue()

    def drawn(one: Briefing, kind: str) -> bytes:
        from armsflow.briefing.files import pdf, png, svg

        if kind == "png":
            return png(one.picture, one.caption, drawn_on(one), width)
        return (pdf if kind == "pdf" else svg)(one.picture, one.caption, drawn_on(one))

    def deck(one: Briefing) -> bytes:
        from armsflow.briefing.slides import deck_of

        return deck_of([as_slide(one)], ground, template)

    def drawn_on(one: Briefing) -> "Ground":
        return ground.named(one.plate.names)

    makers: dict[str, Callable[[Briefing], bytes]] = {
        "png": partial(drawn, kind="png"),
        "pdf": partial(drawn, kind="pdf"),
        "pptx": deck,
        "svg": partial(drawn, kind="svg"),
        "html": map_file,
        "csv": lambda one: tables.csv_file(one.shown, one.caption.marking),
        "xlsx": lambda one: tables.xlsx_file(one.shown, said_words(one), one.caption.marking),
        "zip": bundle,
    }
    every = makers | {
        kind: partial(_data_file, kind=kind)
        for kind in ("gpkg", "geojson", "kmz", "datapackage.zip", "parquet")
    }
    return {kind: partial(_spoken, write) for kind, write in every.items()}


def _spoken(write: Callable[[Briefing], bytes], briefing: Briefing) -> bytes:
    """Make a file in the language of its dataset, whoever asks for it."""
    with speaking(briefing.whole.language):
        return write(briefing)


def _data_file(one: Briefing, kind: str) -> bytes:
    from armsflow.briefing import datapackage, layers

    match kind:
        case "gpkg":
            return layers.geopackage(one.layers, one.about, one.whole.created)
        case "geojson":
            return layers.geojson(one.layers, one.about)
        case "kmz":
            return layers.kmz(one.layers, one.about)
        case "parquet":
            return datapackage.parquet(one.shown, one.about)
        case _:
            # A package has its rows in English, and their translations in a table of their own.
            english = in_english(one.whole)
            shown = one.shown if english is one.whole else selection.apply(english, one.chosen)
            return datapackage.package_zip(shown, one.plate.basemap, one.about)


def map_file(briefing: Briefing) -> bytes:
    """Write the interactive map with its incidents as one file."""
    # What draws the web map takes a second to import; no other kind of file needs it.
    from armsflow.briefing.sheet import subject
    from armsflow.webmap.single import single_file

    caption = briefing.caption
    words = {
        "marking": caption.marking,
        "subject": subject(briefing.picture, caption),
        "stamp": stamp_words(caption),
        "title": caption.title.words,
        "note": caption.title.note,
        "about": [
            *said_words(briefing),
            (_("In words"), alt_text(briefing)),
            (_("To cite"), citation_words(briefing)),
        ],
    }
    return single_file(briefing.picture, briefing.plate, words)


def briefing_words(briefing: Briefing) -> list[tuple[str, str]]:
    """Return what a table must say about itself: title, filters, counts, version, notes.

    Its headings are for programs, the same in every language; see :func:`said_words`.
    """
    sentence = briefing.sentence
    marking = briefing.caption.marking
    licences = briefing.whole.descriptor.get("licenses", ())
    return [
        *([(N_("Marking"), marking)] if marking else []),
        (N_("Finding"), sentence.headline),
        (N_("Counts"), sentence.counts or _p("incidents", "none")),
        (N_("Listed, not counted"), sentence.aside or _("nothing")),
        (N_("Filters"), sentence.filters),
        (N_("Data"), briefing.caption.data),
        (N_("Picture number"), briefing.caption.number),
        (N_("View"), briefing.caption.address or _("the page as it opens")),
        (N_("Licence"), "; ".join(" ".join(map(str, one.values())) for one in licences)),
        (N_("Citation"), citation_words(briefing)),
        (N_("Note"), " ".join(knowledge.notes(briefing.shown))),
    ]


def said_words(briefing: Briefing) -> list[tuple[str, str]]:
    """Return the same with the headings as readers see them."""
    return [(_(heading), words) for heading, words in briefing_words(briefing)]


def as_slide(briefing: Briefing) -> "slides.Slide":
    """Gather what a slide says, in its language."""
    from armsflow.briefing import slides

    with speaking(briefing.whole.language):
        return slides.Slide(
            picture=briefing.picture,
            caption=briefing.caption,
            alt=alt_text(briefing),
            sources=full_sources(briefing.shown),
            names=briefing.plate.names,
        )
