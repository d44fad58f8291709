"""Documented arms flows out of Libya: from a data package to a picture.

Imports run one way:
``{access, own, page} → background → brief → {briefing, charts, edition, questions, search} →
{slides, tables, webmap} → sheet → plate → lettering → {numbering, picture} → style → citation →
selection → summary → dataset → {curation, preparation, template} → storage → submission → upload →
workbook → checks → {package, basemap, engine} → {archive, dates}``.
Streamlit is used in ``access``, ``page``, ``own``, ``background``, ``brief`` and dashboard.py
(``webmap`` only asks it to serve files), folium in ``webmap``, matplotlib in ``sheet``,
python-pptx in ``slides``, DuckDB and Spark in ``engine`` only.
"""
