"""`make break`: each rule that never bends is broken once, and its test must see it."""
