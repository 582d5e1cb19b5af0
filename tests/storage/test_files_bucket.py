"""Original bytes in a bucket: the same promises as in a folder, kept by a real S3 server."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.exceptions import AlreadyExistsError, BaseError
from sqlmodel import select

from storage.files import Files, path_of
from storage.photo import Photo
from tests.bucket import Bucket, bucket
from tests.drawn import drawn
from tests.world import world as make_world


@pytest.fixture(scope="module")
def there() -> Iterator[Bucket]:
    with bucket() as made:
        yield made


@pytest.fixture
def files(there: Bucket, monkeypatch: pytest.MonkeyPatch) -> Files:
    for name, value in there.environment.items():
        monkeypatch.setenv(name, value)
    return Files(there.url)


def test_what_is_kept_is_read_as_it_was(files: Files) -> None:
    data = os.urandom(3_000_000)
    sha = files.keep(data)
    assert sha == hashlib.sha256(data).hexdigest()
    assert files.read(sha) == b"".join(files.pieces(sha)) == data
    assert files.whole(sha)
    assert files.listing()[sha] == len(data)


def test_the_same_bytes_are_there_once_and_never_written_over(files: Files) -> None:
    sha = files.keep(b"once")
    before = files.store.head(path_of(sha))
    assert files.keep(b"once") == sha
    files.put_back(sha, b"other bytes under this name")
    assert files.store.head(path_of(sha)) == before
    with pytest.raises(AlreadyExistsError):
        files.store.put(path_of(sha), b"other", mode="create")
    assert files.read(sha) == b"once"


def test_what_is_not_there_is_said_as_of_a_folder(files: Files) -> None:
    sha = files.keep(b"for a while")
    files.delete(sha)
    files.delete(sha)
    with pytest.raises(FileNotFoundError):
        files.read(sha)
    with pytest.raises(FileNotFoundError):
        files.whole("0" * 64)


@pytest.mark.fault("bucket out of reach")
def test_a_wrong_key_is_an_error_and_keeps_nothing(
    files: Files, there: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(BaseError):
        Files(there.url).keep(b"whose?")
    assert hashlib.sha256(b"whose?").hexdigest() not in files.listing()


@pytest.mark.fault("bucket out of reach")
def test_a_photo_waits_for_the_bucket_and_is_kept_there(there: Bucket, tmp_path: Path, files: Files) -> None:
    """The program starts with a key that opens nothing, and goes on with the right one."""
    with make_world(tmp_path / "data", started=False) as world:
        world.extra |= there.environment | {"ZHUCUN_FILES_URL": there.url, "AWS_SECRET_ACCESS_KEY": "wrong"}
        world.start()
        picture = drawn(size=(640, 480))
        world.member.sends_photos([picture], album=False, caption="村口垃圾已清理")
        while "fetch_photo" not in world.log:
            world.sandbox.calls(after=10**9, wait=0.1)
        world.stop()
        world.extra |= there.environment
        world.start()
        world.settled(120)
        store = world.store()
        with store.reading() as session:
            (photo,) = session.exec(select(Photo))
        store.close()
        assert photo.sha256 is not None
        assert files.whole(photo.sha256)
        assert not (world.folder / "files").exists()
