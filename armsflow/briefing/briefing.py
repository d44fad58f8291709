"""A briefing: one selection with its picture and words, as files that can be handed on.

The page and the command line both make their files here, so they are the same files.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from armsflow.briefing import tables
from armsflow.briefing.titles import NO_TITLE, Caption, Title
from armsflow.dataset import citation, knowledge, summary
from armsflow.dataset.dataset import Dataset
from armsflow.package.archive import Archive
from armsflow.selection import numbering, selection
from armsflow.selection.cases import headline
from armsflow.selection.query import DATA_KEY, to_query
from armsflow.selection.selection import Selection
from armsflow.selection.sentence import Sentence, describe
from armsflow.words import plural, started

# What draws, and what writes maps, takes a second to import each: tables need neither.
if TYPE_CHECKING:
    from armsflow.briefing import layers, slides
    from armsflow.briefing.ground import Ground
    from armsflow.picture.picture import Picture
    from armsflow.picture.plate import Plate

WEIGHT = {"un_report": 0, "official_statement": 1, "research": 2, "ngo_report": 3}
"""Which kinds of source the short list names first; the press follows, most cited first."""


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
    """Prepare the briefing of a selection.

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
    shown = selection.apply(whole, chosen)
    caption = Caption(
        facts=tuple(knowledge.facts(shown)),
        sources=tuple(short_sources(shown)),
        data=f"Data {whole.version}, {whole.created}",
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


def short_sources(shown: Dataset) -> list[str]:
    """Name the sources of what is shown shortly: offices and research first, then the press."""
    cited = summary.events_by_source(shown, others=not shown.totals.events)
    sources = shown.sources.loc[cited.index]
    own = shown.unpublished_sources
    order = sorted(
        zip(sources.index, sources["kind"], sources["publisher"], strict=True),
        key=lambda row: (
            row[0] in own, WEIGHT.get(row[1], 9), -cited[row[0]], row[2].casefold(), row[0],
        ),
    )  # fmt: skip
    rows = sources.to_dict("index")
    return [
        citation.short_source(rows[identifier]) + (citation.ADDED if identifier in own else "")
        for identifier, _, _ in order
    ]


# ---------------------------------------------------------------- words to paste


def caption_words(briefing: Briefing) -> str:
    """Write a caption to paste under the picture."""
    caption = briefing.caption
    return " ".join(
        [
            _said(briefing),
            *caption.facts,
            *knowledge.notes(briefing.shown)[:2],
            f"{caption.data}, picture {caption.number}.",
        ]
    )


def citation_words(briefing: Briefing) -> str:
    """Write how to cite the picture."""
    whole = briefing.whole
    return (
        f"armsflow contributors ({whole.created[:4]}): Arms flows out of Libya, data version "
        f"{whole.version}, picture {briefing.caption.number}. {briefing.caption.address}".strip()
    )


def alt_text(briefing: Briefing) -> str:
    """Describe the picture in words for those who do not see it."""
    lines = [line for line in briefing.picture.lines if line.events]
    lines.sort(key=lambda line: (-line.events, line.name))
    named = "; ".join(f"{line.name} ({plural(line.events, 'incident')})" for line in lines[:8])
    more = len(lines) - 8
    routes = f" Lines with incidents: {named}" + (f"; and {more} more." if more > 0 else ".")
    cases = " ".join(
        f"{case.number}: {headline(case)}. {case.found}." for case in briefing.picture.cases
    )
    return (
        f"Map: {briefing.picture.frame.label}. {_said(briefing)}{routes if lines else ''}"
        f"{f' Numbered incidents: {cases}' if cases else ''}"
    )


def _said(briefing: Briefing) -> str:
    """Say finding, counts and filters: without its filters a count is taken for more than it is."""
    sentence = briefing.sentence
    counts = started("; ".join(filter(None, [sentence.counts, sentence.aside])))
    return " ".join(
        [f"{sentence.headline}.", *([f"{counts}."] if counts else []), sentence.filters]
    )


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
            return png(one.picture, one.caption, ground, width)
        return (pdf if kind == "pdf" else svg)(one.picture, one.caption, ground)

    def deck(one: Briefing) -> bytes:
        from armsflow.briefing.slides import deck_of

        return deck_of([as_slide(one)], ground, template)

    makers: dict[str, Callable[[Briefing], bytes]] = {
        "png": partial(drawn, kind="png"),
        "pdf": partial(drawn, kind="pdf"),
        "pptx": deck,
        "svg": partial(drawn, kind="svg"),
        "html": map_file,
        "csv": lambda one: tables.csv_file(one.shown, one.caption.marking),
        "xlsx": lambda one: tables.xlsx_file(one.shown, briefing_words(one), one.caption.marking),
        "zip": bundle,
    }
    return makers | {
        kind: partial(_data_file, kind=kind)
        for kind in ("gpkg", "geojson", "kmz", "datapackage.zip", "parquet")
    }


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
            return datapackage.package_zip(one.shown, one.plate.basemap, one.about)


def map_file(briefing: Briefing) -> bytes:
    """Write the interactive map with its incidents as one file."""
    # What draws the web map takes a second to import; no other kind of file needs it.
    from armsflow.briefing.sheet import subject
    from armsflow.webmap.single import single_file

    caption = briefing.caption
    words = {
        "marking": caption.marking,
        "subject": subject(briefing.picture, caption),
        "stamp": f"{caption.data} · picture {caption.number}",
        "title": caption.title.words,
        "note": caption.title.note,
        "about": [
            *briefing_words(briefing),
            ("In words", alt_text(briefing)),
            ("To cite", citation_words(briefing)),
        ],
    }
    return single_file(briefing.picture, briefing.plate, words)


def briefing_words(briefing: Briefing) -> list[tuple[str, str]]:
    """Return what a table must say about itself: title, filters, counts, version, notes."""
    sentence = briefing.sentence
    marking = briefing.caption.marking
    licences = briefing.whole.descriptor.get("licenses", ())
    return [
        *([("Marking", marking)] if marking else []),
        ("Finding", sentence.headline),
        ("Counts", sentence.counts or "none"),
        ("Listed, not counted", sentence.aside or "nothing"),
        ("Filters", sentence.filters),
        ("Data", briefing.caption.data),
        ("Picture number", briefing.caption.number),
        ("View", briefing.caption.address or "the page as it opens"),
        ("Licence", "; ".join(" ".join(map(str, one.values())) for one in licences)),
        ("Citation", citation_words(briefing)),
        ("Note", " ".join(knowledge.notes(briefing.shown))),
    ]


def as_slide(briefing: Briefing) -> "slides.Slide":
    """Gather what a slide says."""
    from armsflow.briefing import slides

    return slides.Slide(
        picture=briefing.picture,
        caption=briefing.caption,
        alt=alt_text(briefing),
        sources=full_sources(briefing.shown),
    )


def full_sources(shown: Dataset) -> tuple[str, ...]:
    """Write the full citation of every source of what is shown, with its address.

    The sources of the documented incidents come first, as many as the counts say, below their
    heading; those that only rows cite that are not counted follow below one of their own.
    """
    counted = set(summary.events_by_source(shown).index)
    others = set(summary.events_by_source(shown, others=True).index) - counted
    lines: list[str] = []
    for cited, events in ((counted, True), (others, False)):
        if not cited:
            continue
        lines += ["", knowledge.sources_heading(len(cited), counted=events)]
        lines += (
            citation.source_line(source)
            + (citation.ADDED if identifier in shown.unpublished_sources else "")
            for identifier, source in shown.sources.loc[sorted(cited)].iterrows()
        )
    return tuple(lines[1:])
