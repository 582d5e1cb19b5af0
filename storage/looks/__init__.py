"""How pictures look: what of a picture stays when it is copied, and whether one is a copy of another.

`look` makes of a picture its spots, each with a word to find it by, and a sketch; `overlay` lays two sketches
over one another. Both load numpy and belong in a process of their own; `packed` holds what the database keeps.
"""
