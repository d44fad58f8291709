"""Documented arms smuggling out of Libya, on one page: load, ask, show.

Run with ``make dashboard``, or ``streamlit run dashboard.py``.
"""

import streamlit as st

from armsflow import access, background, own, page, picture, selection

page.set_up()
access.require_sign_in()
edition = page.open_edition()
plate = edition.plate
if page.is_briefing_view():
    page.show_briefing_view(edition.dataset, plate)
    st.stop()
dataset = own.own_dataset(edition)

# Ask: the URL, the sidebar and the weapon pills together are one selection.
page.follow_url(dataset)
chosen = page.asked(dataset)
shown = selection.apply(dataset, chosen)
drawn = picture.draw(chosen, shown, dataset, plate.layout)

# Show: the map first, since it is what a press changes most visibly; then what stands around it.
head, map_column, evidence_column = page.frame()
with map_column:
    page.show_map(drawn, edition.show)
with page.after_the_map():
    with head:
        page.headline(drawn.sentence, dataset)
        page.ready_made_questions(dataset, chosen)
        page.weapon_pills(dataset, chosen)
    page.filters(dataset)
    access.show_sign_out()
    with evidence_column:
        page.show_evidence(chosen, drawn, shown, dataset, plate)
    page.show_table(chosen, shown)

    # Explain: in short, when, where and what, how it compares, what others say, how it is known.
    background.show_short(dataset)
    background.show_time(chosen, shown, dataset)
    background.show_matrix(chosen, dataset)
    background.show_comparison(chosen, dataset, plate, page.page_address(), page.marking())
    background.show_sections(dataset)
    own.show_own(edition)
    page.show_marking()
    page.write_url(chosen, dataset)
page.settle_memory(edition.dataset.digest)
