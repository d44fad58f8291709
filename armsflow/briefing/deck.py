"""A presentation without slides: ours, or a house template; and how it is written as a file.

Only this module and :mod:`armsflow.briefing.slides` use python-pptx.
"""

import io
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.packuri import PackURI
from pptx.opc.serialized import PackageWriter
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

from armsflow.briefing.titles import TemplateError
from armsflow.language import LOCALES, _, decimal, spoken
from armsflow.package.archive import Archive

WIDTH: Final = Inches(13.333)
HEIGHT: Final = Inches(7.5)
MARGIN: Final = Inches(0.4)
TITLE: Final = (MARGIN, Inches(0.24), WIDTH - 2 * MARGIN, Inches(0.76))
"""Where the title of a slide of ours is."""
TITLE_ONLY: Final = 5
PROPERTY_LETTERS: Final = 255
"""Longest text of a document property (ISO/IEC 29500)."""
MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed date, so that one selection gives one file)

LOWEST_TITLE: Final = Inches(1.8)
HIGHEST_FOOTER: Final = Inches(6.6)
"""What a house template must leave between its title and its footers."""
FOOTERS: Final = {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE}
TITLES: Final = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}


@dataclass(frozen=True, eq=False)
class Deck:
    """A presentation that slides are added to.

    Parameters
    ----------
    presentation, layout
        Of python-pptx.
    bottom
        How far down a slide has room.
    is_house
        Whether layout and fonts are those of a house template.
    """

    presentation: Any
    layout: Any
    bottom: int
    is_house: bool

    def add_slide(self) -> Any:
        """Add a slide with an empty title and, of a house template, its footers."""
        page = self.presentation.slides.add_slide(self.layout)
        if self.is_house:
            for shape in self.layout.placeholders:
                if shape.placeholder_format.type in FOOTERS:
                    page.shapes.element.append(deepcopy(shape.element))
            return page
        title = page.shapes.title
        title.left, title.top, title.width, title.height = TITLE
        frame = title.text_frame
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return page

    def content(self) -> bytes:
        """Return the presentation as a file, the same bytes for the same slides."""
        if self.is_house:
            for run in self._runs():
                run.font.name = None  # the font of the template's theme
                for other in run.font._rPr.findall(qn("a:cs")):
                    run.font._rPr.remove(other)
        # save() of python-pptx dates the entries by the clock and fails with one before 1980.
        package = self.presentation.part.package
        writer = PackageWriter("", package._rels, tuple(package.iter_parts()))
        stream = io.BytesIO()
        with Archive(stream) as archive:
            entries: Any = _Entries(archive)
            writer._write_content_types_stream(entries)
            writer._write_pkg_rels(entries)
            writer._write_parts(entries)
        return stream.getvalue()

    def _runs(self) -> list[Any]:
        return [
            run
            for page in self.presentation.slides
            for shape in page.shapes
            if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs
            for run in paragraph.runs
        ]


class _Entries:
    """What python-pptx hands the parts of a deck to, one by one."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def write(self, pack_uri: PackURI, blob: bytes) -> None:
        """Put a part into the archive."""
        self.archive.writestr(pack_uri.membername, blob)


def open_deck(title: str, comments: str, template: bytes | None = None) -> Deck:
    """Open an empty presentation.

    Parameters
    ----------
    title, comments
        Properties of the file.
    template
        A house template as PPTX: its slides are taken out, and its layout with a title and the
        fewest other placeholders is used.

    Raises
    ------
    TemplateError
        If the template cannot be read, or leaves no room for our slides.
    """
    deck = _ours() if template is None else _house(template)
    properties = deck.presentation.core_properties
    properties.title = title[:PROPERTY_LETTERS]
    properties.author = properties.last_modified_by = "armsflow"
    properties.language, properties.comments = LOCALES[spoken()].replace("_", "-"), comments
    properties.created = properties.modified = MADE
    return deck


def _ours() -> Deck:
    """Bring what comes with python-pptx, made for 4:3, to the width of our slides."""
    presentation: Any = Presentation()
    share = WIDTH / presentation.slide_width
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    presentation.part.presentation.element.sldSz.attrib.pop("type", None)
    for page in (presentation.slide_master, *presentation.slide_layouts):
        for place in page.element.iter(qn("a:xfrm")):
            place.off.x, place.ext.cx = (Emu(int(share * n)) for n in (place.off.x, place.ext.cx))
    package = presentation.part.package
    [thumbnail] = [name for name, rel in package._rels.items() if rel.reltype == RT.THUMBNAIL]
    package.drop_rel(thumbnail)
    return Deck(presentation, presentation.slide_layouts[TITLE_ONLY], HEIGHT, is_house=False)


def _house(template: bytes) -> Deck:
    try:
        presentation: Any = Presentation(io.BytesIO(template))
        across, down = (Emu(size).inches for size in
                        (presentation.slide_width, presentation.slide_height))  # fmt: skip
        layouts = [(layout, _kinds(layout)) for layout in presentation.slide_layouts]
    except Exception as error:
        # python-pptx fails in many ways on a file that is none.
        raise TemplateError(
            _("The template cannot be read. Save it in PowerPoint as a presentation (.pptx).")
        ) from error
    if abs(across - WIDTH.inches) > 0.05 or abs(down - HEIGHT.inches) > 0.05:
        raise TemplateError(
            _(
                "The template's slides are {across} by {down} inches; ours are {width} by "
                "{height}. Set its slide size to widescreen (16:9).",
                across=decimal(across),
                down=decimal(down),
                width=decimal(WIDTH.inches),
                height=decimal(HEIGHT.inches),
            )
        )
    titled = [(len(kinds), layout) for layout, kinds in layouts if TITLES & set(kinds)]
    if not titled:
        raise TemplateError(_("The template has no layout with a title. Add one to its master."))
    layout = min(titled, key=lambda pair: pair[0])[1]
    title = next(one for one in layout.placeholders if one.placeholder_format.type in TITLES)
    footers = [one.top for one in layout.placeholders if one.placeholder_format.type in FOOTERS]
    bottom = min([*footers, HEIGHT])
    if title.top + title.height > LOWEST_TITLE or bottom < HIGHEST_FOOTER:
        raise TemplateError(
            _(
                "The layout {layout} of the template leaves no room for a map: its title must end "
                "above {title} inches, its footers begin below {footers}.",
                layout=repr(layout.name),
                title=decimal(LOWEST_TITLE.inches),
                footers=decimal(HIGHEST_FOOTER.inches),
            )
        )
    listed = presentation.part.presentation.element.sldIdLst
    for entry in list(listed if listed is not None else ()):
        presentation.part.drop_rel(entry.rId)
        entry.getparent().remove(entry)
    return Deck(presentation, layout, bottom, is_house=True)


def _kinds(layout: Any) -> list[Any]:
    kinds = [one.placeholder_format.type for one in layout.placeholders]
    return [kind for kind in kinds if kind not in FOOTERS]
