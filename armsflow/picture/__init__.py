"""What is drawn, decided once: both renderers only translate what they find here.

Front door: :func:`armsflow.picture.picture.draw`, which gives a
:class:`armsflow.picture.picture.Picture`.
"""
