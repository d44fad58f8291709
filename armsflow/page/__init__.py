"""The page: what a reader asks, sees and takes away. Streamlit is known here only.

Front door: ``dashboard.py``, which puts the parts together from top to bottom.
"""
