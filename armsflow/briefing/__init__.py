"""A picture as files: PNG, SVG, PDF, slides, tables, and the words to paste beside them.

Front door: :func:`armsflow.briefing.briefing.prepare` and
:func:`armsflow.briefing.briefing.writers`.
"""
