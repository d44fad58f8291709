"""The legend of the web map."""

from html import escape
from itertools import groupby

from armsflow.picture import style
from armsflow.picture.legend import LegendEntry


def legend_html(entries: tuple[LegendEntry, ...], notes: tuple[str, ...] = ()) -> str:
    """Write the legend as the strip that stands below the map, inside its frame."""
    parts = []
    for section, rows in groupby(entries, key=lambda entry: entry.section):
        items = "".join(
            f'<li class="{row.symbol}">{_symbol(row)}<span>{escape(row.label)}</span></li>'
            for row in rows
        )
        parts.append(f"<section><h2>{escape(section)}</h2><ul>{items}</ul></section>")
    paragraph = f"<p>{escape(' '.join(notes))}</p>" if notes else ""
    body = f'<div class="parts">{"".join(parts)}</div>{paragraph}'
    strip = f'<div class="legend" role="group" aria-label="Legend">{body}</div>'
    # folium takes this for a Jinja template once more: no brace may reach it.
    return strip.replace("{", "&#123;").replace("}", "&#125;")


def _symbol(entry: LegendEntry) -> str:
    colour, value = entry.colour, entry.value
    match entry.symbol:
        case "colour":
            ink = style.text_on(colour)
            shape = (
                f'<rect width="21" height="15" rx="3" fill="{colour}"/><text x="10.5" y="11.5" '
                f'text-anchor="middle" font-size="11" font-weight="700" fill="{ink}">'
                f"{escape(str(value))}</text>"
            )
            return _drawing(shape, 21, 15)
        case "width":
            return _stroke(colour, style.LINE_WIDTHS[int(value)])
        case "form":
            return _stroke(colour, 3, style.DASHES[str(value)])
        case "link":
            width = style.LINK_WIDTHS[int(value)]
            core = _stroke_path(style.CASING, width * style.LINK_CORE)
            return _drawing(_stroke_path(colour, width) + core, 34, 12)
        case "boundary":
            return _stroke(colour, 1)
        case "disputed":
            return _stroke(colour, 1.4, (4, 3.5))
        case "store":
            side = 1.8 * style.PLACE_RADII[int(value)]
            square = f'<rect x="2" y="1" width="{side:g}" height="{side:g}" fill="{colour}"/>'
            return _drawing(square, 14, 12)
        case "area":
            gradient = (
                '<radialGradient id="legend-area">'
                f'<stop offset="0" stop-color="{colour}" stop-opacity=".75"/>'
                f'<stop offset=".45" stop-color="{colour}" stop-opacity=".6"/>'
                f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
            )
            disc = '<circle cx="11" cy="7" r="11" fill="url(#legend-area)"/>'
            return _drawing(gradient + disc, 22, 14)
        case "claim_place":
            ring = (
                f'<circle cx="7" cy="7" r="5.4" fill="{style.CASING}" stroke="{colour}" '
                'stroke-width="1.4" stroke-dasharray="1.5 2.6"/>'
            )
            return _drawing(ring, 14, 14)
        case "members":
            number = (
                f'<text x="9" y="12" text-anchor="middle" font-size="11" font-weight="700" '
                f'fill="{colour}">{escape(str(value))}</text>'
            )
            return _drawing(number, 18, 16)
        case "unpublished":
            dash = " ".join(map(str, style.UNPUBLISHED_DASH))
            square = (
                f'<rect x="1" y="1" width="14" height="14" fill="none" stroke="{colour}" '
                f'stroke-width="{style.UNPUBLISHED_WIDTH}" stroke-dasharray="{dash}"/>'
            )
            return _drawing(square, 16, 16)
        case _:
            radius = style.PLACE_RADII[int(value)]
            return _drawing(f'<circle cx="8" cy="8" r="{radius}" fill="{colour}"/>', 16, 16)


def _stroke(colour: str, width: float, dash: tuple[float, float] | None = None) -> str:
    return _drawing(_stroke_path(colour, width, dash), 34, 10)


def _stroke_path(colour: str, width: float, dash: tuple[float, float] | None = None) -> str:
    pattern = f' stroke-dasharray="{dash[0]:g} {dash[1]:g}"' if dash else ""
    cap = ' stroke-linecap="round"' if dash and dash[0] < 2 else ""
    return f'<path d="M1 5H33" stroke="{colour}" stroke-width="{width:g}"{pattern}{cap}/>'


def _drawing(shape: str, width: int, height: int) -> str:
    return f'<svg width="{width}" height="{height}" aria-hidden="true">{shape}</svg>'
