"""A page with one button that changes one text: what no page can be faster than."""

import streamlit as st

st.button("Next", key="next", on_click=lambda: st.session_state.update(n=number() + 1))


def number() -> int:
    """Return how often the button was pressed."""
    return int(st.session_state.get("n", 0))


st.markdown(f"Pressed {number()}")
