"""Documented arms smuggling out of Libya, on one page: load, ask, show.

Run with ``make dashboard``, or ``python -m armsflow show``.
"""

from armsflow.page import (
    access,
    address,
    ahead,
    brief,
    comparison,
    evidence,
    filters,
    flow_map,
    frame,
    masthead,
    matrix,
    own,
    own_section,
    press,
    sections,
    table,
    timeline,
)

frame.set_up(address.is_address_changed())
access.require_sign_in()
edition = frame.open_edition()
brief.show_briefing_view(edition)
dataset, plate = own.own_dataset_and_plate(edition)

# Ask: address, widgets, question, focus and picture number are one selection from here on.
chosen, shown = address.settle(dataset)
drawn = ahead.drawn_part(shown, chosen, dataset, plate)

# Show: the map first, since it is what a press changes most visibly; then what is around it.
head, map_column, evidence_column = frame.lay_out()
with map_column:
    flow_map.show_map(drawn, plate, edition.show)
with frame.after_the_map():
    with head:
        masthead.show_headline(drawn)
        filters.show_above_the_map(chosen, dataset)
    filters.show_sidebar(dataset)
    access.show_sign_out()
    with evidence_column:
        evidence.show_evidence(drawn, plate)
    table.show_table(drawn)
    # Explain: in short, when, where and what, how it compares, what others say, how it is known.
    sections.show_short(dataset)
    timeline.show_time(drawn)
    matrix.show_matrix(chosen, dataset)
    comparison.show_comparison(chosen, dataset, plate)
    sections.show_sections(dataset)
    own_section.show_own(edition, drawn)
    masthead.show_marking()
    press.listen(drawn, plate)
    address.write_address(chosen, dataset)
ahead.resume(chosen, dataset, plate)
