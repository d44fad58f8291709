"""A data package as it lies on disk: read and written as text, held against every rule.

Front door: :func:`armsflow.package.checks.check`.
"""
