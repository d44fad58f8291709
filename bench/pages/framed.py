"""The other usual way: folium's HTML in a plain frame, replaced for every selection."""

import streamlit as st

from bench import usual

picture = usual.ask()
st.iframe(usual.build_map(picture, usual.IN_PAGE).get_root().render(), height=usual.HEIGHT)
