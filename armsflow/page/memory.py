"""Keep the garbage collector away from what stays loaded."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def settle_memory(after: str) -> None:  # noqa: ARG001 (cache key)
    """Tell the garbage collector to leave alone what is loaded now.

    Streamlit collects garbage after every run. Looking at every library and table took longer than
    the run itself, and they stay loaded anyway.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
