"""The sources of what is shown, shortly and in full."""

from armsflow.dataset import citation, knowledge, summary
from armsflow.dataset.dataset import Dataset
from armsflow.language import _

WEIGHT = {"un_report": 0, "official_statement": 1, "research": 2, "ngo_report": 3}
"""Which kinds of source the short list names first; the press follows, most cited first."""


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
        citation.short_source(rows[identifier]) + (_(citation.ADDED) if identifier in own else "")
        for identifier, _kind, _publisher in order
    ]


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
            + (_(citation.ADDED) if identifier in shown.unpublished_sources else "")
            for identifier, source in shown.sources.loc[sorted(cited)].iterrows()
        )
    return tuple(lines[1:])
