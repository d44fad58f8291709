"""Every module starts with the shipped package; a test can show another one."""

import pytest
import streamlit as st

from tests.app.opening import open_page


@pytest.fixture(scope="module", autouse=True)
def _forget():
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("ARMSFLOW_DATA", raising=False)
        st.cache_resource.clear()
        yield
    st.cache_resource.clear()


@pytest.fixture
def show(monkeypatch):
    """Return how to show another package on the page."""

    def opened(directory):
        monkeypatch.setenv("ARMSFLOW_DATA", str(directory))
        st.cache_resource.clear()
        return open_page()

    yield opened
    st.cache_resource.clear()
