"""Streamlit's own map: a deck.gl chart on the graphics card, told anew for every selection."""

import streamlit as st

from bench import usual

picture = usual.ask()
st.pydeck_chart(usual.build_deck(picture), height=usual.HEIGHT)
