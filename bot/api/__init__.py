"""The read API: what other programs ask with a token. Every answer is masked, and every read of people journaled."""
