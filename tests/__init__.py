"""Tests mirror the tree: storage, handlers, reports and bot each have their folder.

`tests/house` holds the rules that the source itself must keep.
"""
