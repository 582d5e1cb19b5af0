"""Errands, one module a kind: `async def run(context: ErrandContext, body: dict[str, Any]) -> None`.

What lives here is slow or asks Telegram something. An errand notes itself done (storage.errands.done) in the same
pen job as its effect; it may run twice, so its effect must bear that.
"""
