"""Documented arms flows out of Libya: from a data package to a picture.

Imports run one way:
``page → background → brief → {briefing, charts, questions, webmap} → {slides, tables} → sheet →
plate → lettering → {numbering, picture} → {style, summary} → citation → selection → dataset →
checks → {package, basemap} → dates``. Streamlit is used in ``page``, ``background``, ``brief`` and
dashboard.py (``webmap`` only asks it to serve files), folium in ``webmap``, matplotlib in
``sheet`` and python-pptx in ``slides`` only.
"""
