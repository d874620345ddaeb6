"""Requests that were thought up to do harm, each under a name that says how."""

from tests.hostile.shapes import (
    bodies,
    documents,
    fragments,
    http,
    lexing,
    rows,
    searching,
    segments,
    tables,
    values,
    variables,
    wire,
)

SHAPES = [
    *documents.SHAPES, *fragments.SHAPES, *lexing.SHAPES, *variables.SHAPES, *values.SHAPES,
    *searching.SHAPES, *segments.SHAPES, *http.SHAPES, *wire.SHAPES, *bodies.SHAPES, *rows.SHAPES,
    *tables.SHAPES,
]  # fmt: skip
