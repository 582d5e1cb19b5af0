"""What is read out of a picture once, when it comes: facts, look and thumbnail, of one decoding. For a process of
its own."""

from dataclasses import dataclass

from PIL import Image

from reports import pictures
from storage import picture
from storage.looks.packed import Look
from storage.picture import Facts


@dataclass(frozen=True)
class Taken:
    """`thumbnail` is a small upright JPEG."""

    facts: Facts
    look: Look
    thumbnail: bytes


def take(data: bytes) -> Taken:
    """Raises only picture.Unreadable."""
    from storage.looks.look import look  # numpy, which only the spawned process needs

    with picture.opened(data) as image:
        facts = picture.facts(data, image, pictures.THUMBNAIL)
        small = pictures.upright(image, pictures.THUMBNAIL, Image.Resampling.HAMMING)
        return Taken(facts, look(small), pictures.plain_jpeg(small, pictures.SMALL_QUALITY))
