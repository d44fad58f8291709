"""What is counted: the tables of a checked package, typed, with tallies that add up quickly.

Front door: :func:`armsflow.dataset.loader.load`, which gives a
:class:`armsflow.dataset.dataset.Dataset`.
"""
