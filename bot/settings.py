"""Settings, from the environment and the settings file; each is documented in docs/settings.md.

The file is `zhucun.env` in the data folder (or the file that ZHUCUN_SETTINGS names); the environment wins.
"""

import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.budget import PER_SECOND
from bot.errors import fail
from storage import engines, revisions
from storage.db import Store
from storage.files import Files
from storage.sealing import Keyring
from storage.texts import LANGUAGES, _

PREFIX = "ZHUCUN_"
_DATABASES = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")
"""The sandbox's and the tests'."""
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{3,}")


class Settings(BaseSettings):
    """What one installation is told. Folders are created when they are first needed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    settings: Path | None = None
    """The settings file, instead of zhucun.env in the data folder; from the environment only."""
    token: SecretStr | None = None
    """The bot's token, from BotFather."""
    data: Path = Path("zhucun-data")
    """The data folder: database, files, key file."""
    api_url: str = "https://api.telegram.org"
    """The Bot API server; a server of one's own, or the sandbox."""
    send_rate: float = PER_SECOND
    """Messages a second that the Bot API server allows one bot; Telegram allows 30, a server of one's own may
    allow more. The limits of one chat grow alike."""
    webhook_url: str | None = None
    """https:// address at which Telegram posts updates; without one they are asked for by long polling."""
    console_url: str | None = None
    """https:// address of the console in browsers; without one there is none."""
    api: str | None = None
    """https:// address at which other programs read; without one there is none."""
    api_rate: int = 120
    """How often each token may ask in a minute."""
    hooks_private: bool = False
    """Whether hooks may lead to addresses of the own network, and to http://."""
    listen: str = "127.0.0.1:8443"
    """host:port where this program answers HTTP, behind whatever answers the https address."""
    watch: str | None = None
    """host:port where /healthz and /metrics are answered, for the operator's own tools; without it nowhere."""
    proxy: str | None = None
    """http://, https:// or socks5:// address through which Telegram is reached."""
    database_url: str | None = None
    """postgresql://… or sqlite:///…; without one, SQLite in the data folder."""
    files_url: str | None = None
    """s3:// address for original files; without one, a folder in the data folder."""
    key_file: Path | None = None
    """The keys of sealed fields; without one, zhucun.key in the data folder."""
    timezone: str = "Asia/Shanghai"
    """The county's zone, for numbers, days and times that people read."""
    language: str = "zh"
    """What the command line speaks, zh or en; from the environment only. People in chats choose their own."""
    clock_url: str | None = None
    """Where to ask the time instead of this machine: only for the sandbox and tests."""

    @field_validator("settings")
    @classmethod
    def _file(cls, file: Path | None) -> Path | None:
        if file is not None and not file.is_file():
            raise ValueError(_("没有这个文件"))
        return file

    @field_validator("language")
    @classmethod
    def _language(cls, code: str) -> str:
        if code not in LANGUAGES:
            raise ValueError(_("可选 zh 或 en"))
        return code

    @field_validator("token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError(_("机器人令牌的样子应为 123456:ABC…，请从 BotFather 复制完整"))
        return token

    @field_validator("api_url", "clock_url")
    @classmethod
    def _address(cls, address: str | None) -> str | None:
        if address is not None and not address.startswith(("http://", "https://")):
            raise ValueError(_("应以 http:// 或 https:// 开头"))
        return address.rstrip("/") if address else address

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str | None) -> str | None:
        return with_driver(url) if url else None

    @field_validator("send_rate", "api_rate")
    @classmethod
    def _rate(cls, rate: float) -> float:
        if not 1 <= rate <= 100_000:
            raise ValueError(_("应是 1 到 100000 之间的数"))
        return rate

    @field_validator("webhook_url")
    @classmethod
    def _webhook(cls, address: str | None) -> str | None:
        if address and not address.startswith(("https://", *_LOOPBACK)):
            raise ValueError(_("应以 https:// 开头：Telegram 只向 https 地址推送"))
        return address or None

    @field_validator("console_url", "api")
    @classmethod
    def _console(cls, address: str | None) -> str | None:
        if address and not address.startswith(("https://", *_LOOPBACK)):
            raise ValueError(_("应以 https:// 开头：这里有个人信息"))
        return address.rstrip("/") if address else None

    @field_validator("watch")
    @classmethod
    def _watch(cls, place: str | None) -> str | None:
        return _place(place) if place else None

    @field_validator("listen")
    @classmethod
    def _listen(cls, place: str) -> str:
        return _place(place)

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, proxy: str | None) -> str | None:
        if proxy and not proxy.startswith(("http://", "https://", "socks5://", "socks4://")):
            raise ValueError(_("应以 http://、https:// 或 socks5:// 开头"))
        return proxy or None

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(_("没有这个时区，例如 Asia/Shanghai")) from error
        return name

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'zhucun.db'}"

    @property
    def listening(self) -> tuple[str, int]:
        """Host and port."""
        return _split(self.listen)

    @property
    def pages(self) -> bool:
        """Whether anything but updates is answered over HTTP: the console, or the API."""
        return bool(self.console_url or self.api)

    @property
    def watching(self) -> tuple[str, int] | None:
        """Host and port of /healthz and /metrics."""
        return _split(self.watch) if self.watch else None

    @property
    def files(self) -> str | Path:
        return self.files_url or self.data / "files"

    @property
    def keys(self) -> Path:
        return self.key_file or self.data / "zhucun.key"

    @property
    def secret(self) -> str:
        """The token itself; the command fails with a sentence when there is none."""
        if self.token is None:
            fail(_("没有机器人令牌：请运行 zhucun init，或设置 ZHUCUN_TOKEN。"))
        return self.token.get_secret_value()


def _place(text: str) -> str:
    """host:port. Raises ValueError for anything else."""
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(_("应是 地址:端口，例如 127.0.0.1:8443"))
    return text


def _split(place: str) -> tuple[str, int]:
    host, _colon, port = place.rpartition(":")
    return host.strip("[]"), int(port)


def with_driver(url: str) -> str:
    """A database's address with the name of the driver, which nobody need know. Raises ValueError."""
    kind, _colon, rest = url.partition("://")
    if kind not in _DATABASES or not rest:
        raise ValueError(_("应以 postgresql:// 或 sqlite:/// 开头"))
    return f"{_DATABASES[kind]}://{rest}"


def load(data: Path | None = None) -> Settings:
    """The settings (with that data folder, if one is given); anything wrong is said in one sentence with the
    setting's name, exit code 2."""
    folder = data or Path(os.environ.get(PREFIX + "DATA", Settings.model_fields["data"].default))
    file = Path(os.environ.get(PREFIX + "SETTINGS", folder / "zhucun.env"))
    try:
        chosen = Settings(_env_file=file if file.exists() else None)
        return chosen.model_copy(update={"data": data}) if data else chosen
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        fail(_("设置 {name} 不对：{why}。").format(name=name, why=first["msg"].removeprefix("Value error, ")))


def open_store(settings: Settings | None = None, *, whole: bool = True) -> Store:
    """The database with its keys. A new data folder is made ready; an older database is refused with what to do.
    Not `whole`: for delivery alone, which works with a few tables, shows no times, and is to be small."""
    settings = settings or load()
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        store = Store(settings.database, _keyring(settings))
    except OSError as error:
        fail(_("数据目录 {folder} 用不了：{why}。请检查 ZHUCUN_DATA 和权限。").format(
            folder=settings.data, why=error.strerror or type(error).__name__))  # fmt: skip
    state = revisions.state(store.write)
    if state == "new":
        from storage import migrate  # Alembic, which no later start needs

        migrate.upgrade(store.write)
    elif state == "behind":
        fail(_("数据库是旧版本的：请先备份（zhucun backup），再运行 zhucun upgrade。"))
    elif state == "ahead":
        fail(_("数据库比程序新：请安装新版本的程序。"))
    if whole:
        import storage.tables  # noqa: F401 - rows of one table refer to rows of others, which must be known

        _take_zone(store, settings.timezone)
    return store


def _take_zone(store: Store, name: str) -> None:
    """Times are shown in the zone that is set now, by every process."""
    from storage import county

    with store.reading() as session:
        if county.zone(session).key == name:
            return
    with store.writing() as session:
        county.set_zone(session, name)


def open_files(settings: Settings) -> Files:
    return Files(settings.files)


def _keyring(settings: Settings) -> Keyring:
    if settings.keys.exists():
        try:
            return Keyring.load(settings.keys)
        except (ValueError, KeyError, TypeError):
            fail(
                _("密钥文件 {file} 已损坏，读不出密钥。请把备份的密钥放回原处，或按恢复单重写。").format(
                    file=settings.keys
                )
            )
    if _has_data(settings):
        fail(
            _("找不到密钥文件 {file}：没有它就打不开已封存的内容。请把备份的密钥放回原处。").format(
                file=settings.keys
            )
        )
    made = Keyring.new()
    made.save(settings.keys)
    return made


def _has_data(settings: Settings) -> bool:
    if settings.database_url is None:
        return (settings.data / "zhucun.db").exists()
    engine = engines.read_engine(settings.database)
    try:
        return revisions.state(engine) != "new"
    finally:
        engine.dispose()
