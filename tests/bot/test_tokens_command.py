"""`zhucun tokens` beside the running program: what it makes reads at once, what it revokes reads no more."""

import json
import socket
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from tests.parts import parts_of
from tests.world import world as make_world


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as some:
        return int(some.getsockname()[1])


def get(address: str, token: str) -> tuple[int, str]:
    asked = urllib.request.Request(address, headers={"authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_token_reads_from_the_moment_it_is_made_until_it_is_revoked(tmp_path: Path) -> None:
    place = f"127.0.0.1:{free_port()}"
    api = f"http://{place}/api"
    with make_world(tmp_path / "data", started=False) as world, parts_of(world) as parts:
        world.extra |= {"ZHUCUN_API": api, "ZHUCUN_LISTEN": place}
        parts.start("web", "web")
        made = world.zhucun("tokens", "make", "大数据局", "--role", "admin", "--days", "7")
        token, secret = made.stdout.strip(), made.stdout.strip().partition("_")[2]
        assert api in made.stderr
        assert len(secret) == 43
        parts.says("web", "listening at")
        status, told = get(f"{api}/v1/regions?limit=100", token)
        assert (status, len(json.loads(told)["items"]) > 3) == (200, True)
        listed = world.zhucun("tokens", "list").stdout
        assert "大数据局" in listed
        assert secret not in listed
        assert world.zhucun("tokens", "revoke", "1").returncode == 0
        assert get(f"{api}/v1/regions", token)[0] == 401
        assert "已作废" in world.zhucun("tokens", "list").stdout
        again = world.zhucun("tokens", "revoke", "1", check=False)
        assert (again.returncode, "zhucun tokens list" in again.stderr) == (2, True)
        wrong = world.zhucun("tokens", "make", "局", "--role", "member", check=False)
        assert (wrong.returncode, "leader" in wrong.stderr) == (2, True)
        assert parts.stop("web") == 0
        assert secret not in parts.heard("web")
