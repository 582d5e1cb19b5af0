"""What comes in.

Conversations: short translators from chat to storage, and the rendering of forms as cards.
A handler never waits and never sends: what it says is written down as cards and letters.
May import storage and reports. No SQL, no rules.
"""
