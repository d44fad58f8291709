"""A picture as an interactive map: folium writes its document once, a script draws each selection.

Front door: :func:`armsflow.webmap.document.Show` and :func:`armsflow.webmap.flows.flows`.
"""
