"""What goes out.

Figures are read from storage into frozen dataclasses and turned into text, pictures and
documents. No Telegram, no writes. May import storage only.
"""
