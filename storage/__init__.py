"""What is true.

One file (or small package) per noun: its table, its rules, its queries; the form engine, the
workflows, the journal, arrivals, cards, letters, errands, files, sealing, migrations.
Nothing of ours is imported here, and nothing here knows Telegram. SQL lives only here.
"""
