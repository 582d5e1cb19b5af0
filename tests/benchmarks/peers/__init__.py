"""The same conversation written with other means, each bot as its library's documentation shows it."""
