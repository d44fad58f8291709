"""What the garbage collector need not look at."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def settle_memory(after: str) -> None:  # noqa: ARG001 (cache key)
    """Take what was loaded out of the garbage collector's rounds.

    Streamlit collects garbage after every run. With libraries and tables in its rounds that took
    longer than the run itself; what stays for good need not be looked at again.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
