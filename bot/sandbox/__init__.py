"""A Bot API server on loopback, with people and a clock that tests, the demo and the page can move.

It stands alone: nothing of the project imports it and it imports nothing of the project.
"""
