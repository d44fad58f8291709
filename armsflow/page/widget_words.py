"""The words of Streamlit's own that no argument changes, in the language of the page.

Its widgets write them in the browser, in English; the component of :mod:`armsflow.page.press`
puts these in their place. Where Streamlit one day says something else, that stays English.
"""

from armsflow.language import ENGLISH, _p, spoken


def widget_words() -> dict[str, str]:
    """Return what Streamlit says and what the page says for it; nothing in English.

    A word in braces stands for any text, such as a file's size.
    """
    if spoken() == ENGLISH:
        return {}
    return {
        "Upload": _p("widget", "Upload"),
        "{size}MB per file": _p("widget", "{size}MB per file"),
        "{size} per file": _p("widget", "{size} per file"),
        "Drag and drop a file here": _p("widget", "Drag and drop a file here"),
        "File must be {size}MB or smaller.": _p("widget", "File must be {size}MB or smaller."),
        "File must be {size} or smaller.": _p("widget", "File must be {size} or smaller."),
        "Press Enter to apply": _p("widget", "Press Enter to apply"),
        "Choose an option": _p("widget", "Choose an option"),
        "No results": _p("widget", "No results"),
        "No options to select": _p("widget", "No options to select"),
        "Select all": _p("widget", "Select all"),
        "Selected values": _p("widget", "Selected values"),
        "Clear all": _p("widget", "Clear all"),
        "Clear value": _p("widget", "Clear value"),
        "Remove {name}": _p("widget", "Remove {name}"),
        "Open": _p("widget", "Open"),
        "Close": _p("widget", "Close"),
        "Help for {name}": _p("widget", "Help for {name}"),
        "Copy to clipboard": _p("widget", "Copy to clipboard"),
        "Copied": _p("widget", "Copied"),
        "Sidebar": _p("widget", "Sidebar"),
        "Expand sidebar": _p("widget", "Expand sidebar"),
        "Collapse sidebar": _p("widget", "Collapse sidebar"),
        "Skip to main content": _p("widget", "Skip to main content"),
        "{name} — start": _p("widget", "{name} — start"),
        "{name} — end": _p("widget", "{name} — end"),
        "file upload": _p("widget", "file upload"),
        "Show data": _p("widget", "Show data"),
        "Show data: {name}": _p("widget", "Show data: {name}"),
        "Show chart": _p("widget", "Show chart"),
        "Show chart: {name}": _p("widget", "Show chart: {name}"),
        "Download as PNG": _p("widget", "Download as PNG"),
        "Download as PNG: {name}": _p("widget", "Download as PNG: {name}"),
        "Copy Vega-Lite spec": _p("widget", "Copy Vega-Lite spec"),
        "Copy Vega-Lite spec: {name}": _p("widget", "Copy Vega-Lite spec: {name}"),
        "Fullscreen: {name}": _p("widget", "Fullscreen: {name}"),
        "Fullscreen": _p("widget", "Fullscreen"),
        "Close fullscreen": _p("widget", "Close fullscreen"),
        "Add row": _p("widget", "Add row"),
        "Delete row(s)": _p("widget", "Delete row(s)"),
        "Clear selection": _p("widget", "Clear selection"),
        "Search": _p("widget", "Search"),
        "Show/hide columns": _p("widget", "Show/hide columns"),
        "Connection error": _p("widget", "Connection error"),
        "Connecting": _p("widget", "Connecting"),
        "Connection timed out.": _p("widget", "Connection timed out."),
        "Streamlit server is not responding. Are you connected to the internet?": _p(
            "widget", "The server does not answer. Are you connected to it?"
        ),
        "Unable to connect to Streamlit server": _p("widget", "The server cannot be reached."),
    }
