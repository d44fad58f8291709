"""How rows get in: a form is filled, read, checked with the published rows, stored, released.

Front door: :func:`armsflow.curation.submission.read_upload` for a reader's file,
:mod:`armsflow.curation.release` for a package on disk.
"""
