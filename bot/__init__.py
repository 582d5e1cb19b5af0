"""What runs.

Settings, command line, intake, desk, the pen, delivery, workers, clock and jobs, the sandbox.
May import everything; nothing imports it.
"""
