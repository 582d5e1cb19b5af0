"""Killed again and again at every step, under load: nothing lost, nothing twice."""
