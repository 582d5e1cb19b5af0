"""Jobs: what is due by the clock, one module each: `def step(session, now) -> dict[str, int]`.

A step is idempotent and keyed by (rule, slot): it may be called every few seconds, after a restart, after the
clock jumped. It tells what it did; the scheduler runs it as a job of the pen and logs it.
"""
