"""What is asked: weapons, destinations, years, links, events and focus as one plain value.

Front door: :class:`armsflow.selection.selection.Selection` and
:func:`armsflow.selection.selection.apply`.
"""
