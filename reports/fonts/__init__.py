"""The font that every picture and document is drawn with, so that no machine's own fonts are needed.

Noto Sans SC Regular (version 2.004, SIL Open Font License 1.1, see OFL.txt), cut down to all characters of
GBK, the rare ones of names outside it that the font has (all of CJK extension A, and those above U+20000),
Latin, Greek, Cyrillic, punctuation, arrows and symbols.
"""

from pathlib import Path

REGULAR = Path(__file__).with_name("NotoSansSC-Regular.otf")
"""Path of the font file; for `PIL.ImageFont.truetype` and matplotlib's `font_manager.fontManager.addfont`."""
