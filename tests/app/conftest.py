"""Every module starts with the shipped package; a test can show another one."""

import pytest
import streamlit as st

from armsflow.page import frame
from tests.app.opening import open_page


def forget():
    st.cache_resource.clear()
    frame.load_display.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def _forget():
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("ARMSFLOW_DATA", raising=False)
        forget()
        yield
    forget()


@pytest.fixture
def show(monkeypatch):
    """Return how to show another package on the page."""

    def opened(directory):
        monkeypatch.setenv("ARMSFLOW_DATA", str(directory))
        forget()
        return open_page()

    yield opened
    forget()
