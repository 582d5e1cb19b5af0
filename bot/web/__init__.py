"""What is asked of this program over HTTP: Telegram's webhook, and how it is."""
