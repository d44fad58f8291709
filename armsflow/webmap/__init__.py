"""A picture as an interactive map: folium writes its document once, a script draws each selection.

Front door: :func:`armsflow.webmap.document.publish` and :func:`armsflow.webmap.flows.flows`.
"""
