# SPDX-License-Identifier: MIT
"""Corpora: the arrays of very many files, in shards of Parquet. isopixel.corpus and isopixel.arrow are its face."""

try:
    import pyarrow  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "isopixel.corpus and isopixel.arrow need pyarrow: pip install 'isopixel[corpus]'", name="pyarrow"
    ) from error
