"""The house tests: they read the project's own source and hold its rules.

Each rule is a function of a folder, so that beside every test of the real tree stands one that shows the rule
failing on a small bad sample.
"""
