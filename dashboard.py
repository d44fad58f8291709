"""Documented arms smuggling out of Libya, on one page: load, ask, show.

Run with ``make dashboard``, or ``streamlit run dashboard.py``.
"""

import streamlit as st

from armsflow.page import access, own
from armsflow.page.address import asked, follow_url, is_briefing_view, page_address, write_url
from armsflow.page.brief import show_briefing_view
from armsflow.page.comparison import show_comparison
from armsflow.page.evidence import show_evidence
from armsflow.page.filters import filters, ready_made_questions, weapon_pills
from armsflow.page.flow_map import show_map
from armsflow.page.frame import after_the_map, frame, open_edition, set_up
from armsflow.page.masthead import headline, marking, show_marking
from armsflow.page.matrix import show_matrix
from armsflow.page.memory import settle_memory
from armsflow.page.sections import show_sections, show_short
from armsflow.page.table import show_table
from armsflow.page.timeline import show_time
from armsflow.picture import picture
from armsflow.selection import selection

set_up()
access.require_sign_in()
edition = open_edition()
plate = edition.plate
if is_briefing_view():
    show_briefing_view(edition.dataset, plate)
    st.stop()
dataset = own.own_dataset(edition)

# Ask: the URL, the sidebar and the weapon pills together are one selection.
follow_url(dataset)
chosen = asked(dataset)
shown = selection.apply(dataset, chosen)
drawn = picture.draw(chosen, shown, dataset, plate.layout)

# Show: the map first, since it is what a press changes most visibly; then what stands around it.
head, map_column, evidence_column = frame()
with map_column:
    show_map(drawn, edition.show)
with after_the_map():
    with head:
        headline(drawn.sentence, dataset)
        ready_made_questions(dataset, chosen)
        weapon_pills(dataset, chosen)
    filters(dataset)
    access.show_sign_out()
    with evidence_column:
        show_evidence(chosen, drawn, shown, dataset, plate)
    show_table(chosen, shown)

    # Explain: in short, when, where and what, how it compares, what others say, how it is known.
    show_short(dataset)
    show_time(chosen, shown, dataset)
    show_matrix(chosen, dataset)
    show_comparison(chosen, dataset, plate, page_address(), marking())
    show_sections(dataset)
    own.show_own(edition)
    show_marking()
    write_url(chosen, dataset)
settle_memory(edition.dataset.digest)
