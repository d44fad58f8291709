"""Documented arms smuggling out of Libya, on one page: load, ask, show.

Run with ``make dashboard``, or ``streamlit run dashboard.py``.
"""

import streamlit as st

from armsflow import background, page, picture, selection

page.set_up()
directory = page.data_directory()
dataset = page.open_dataset(directory)
plate = page.load_plate(dataset, directory)
if page.is_briefing_view():
    page.show_briefing_view(dataset, plate)
    st.stop()

# Ask: the URL, the sidebar and the weapon pills together are one selection.
page.follow_url(dataset)
chosen = page.filters(dataset)
shown = selection.apply(dataset, chosen)
drawn = picture.draw(chosen, shown, dataset, plate.layout)

# Show: the finding in words, the map with its evidence, the same incidents as a table.
page.headline(drawn.sentence, dataset)
page.ready_made_questions(dataset, chosen)
page.weapon_pills(dataset, chosen)
map_column, evidence_column = st.columns([2, 1], gap="medium")
with map_column:
    page.show_map(drawn, dataset, plate, directory)
with evidence_column:
    page.show_evidence(chosen, drawn, shown, dataset, plate)
page.show_table(chosen, shown, page.load_table(dataset, dataset.digest))
background.show_time(chosen, shown, dataset)
background.show_matrix(chosen, dataset)
background.show_comparison(chosen, dataset, plate, page.page_address(), page.marking())
background.show_sections(dataset)
page.show_marking()
page.write_url(chosen, dataset)
