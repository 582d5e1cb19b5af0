"""Tokens that are told once: links to sign in, invitations, keys of programs. Of each only a hash is kept."""

import hashlib
import secrets

BYTES = 32


def new_token(size: int = BYTES) -> str:
    """A token of so many random bytes, as it stands in an address."""
    return secrets.token_urlsafe(size)


def hashed(token: str) -> bytes:
    """What is kept of it. Random bytes cannot be searched, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
