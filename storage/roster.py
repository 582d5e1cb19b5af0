"""The roster: people, found, added and listed."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage import console, journal, names, postings
from storage.db import new_uid
from storage.people import Person, Role
from storage.personal import clean_name, clean_phone
from storage.refusals import Refusal
from storage.sealing import keyring, seal_text
from storage.texts import LANGUAGES, N_, _

ROLES = {
    Role.MEMBER: N_("队员"),
    Role.LEADER: N_("队长"),
    Role.SUPERVISOR: N_("管理组"),
    Role.OFFICER: N_("部门人员"),
    Role.ADMIN: N_("管理员"),
}
"""What a role is called (message ids)."""


def by_telegram(session: Session, telegram_id: int) -> Person | None:
    return session.exec(select(Person).where(Person.telegram_id == telegram_id)).first()


def by_phone(session: Session, phone: str) -> Person | None:
    """The person with that (cleaned) number, found by its blind index."""
    indexes = keyring(session).indexes("person.phone", phone)
    return session.exec(select(Person).where(col(Person.phone_index).in_(indexes))).first()


def add_person(
    session: Session,
    name: str,
    *,
    telegram_id: int | None = None,
    phone: str | None = None,
    by: int | None,
    now: datetime,
) -> Person:
    """A new person, name and phone sealed. Raises Refusal for an impossible name or phone, and when account
    or phone are somebody's already."""
    if telegram_id is not None and by_telegram(session, telegram_id) is not None:
        raise Refusal(_("这个 Telegram 账号已经登记给别人了。请先核对，或用“换手机”重新绑定。"))
    person = Person(uid=new_uid(), name=b"", telegram_id=telegram_id, created_at=now)
    person.name = seal_text(session, "person.name", person.uid, proper_name(name))
    if phone:
        _give_phone(session, person, phone)
    session.add(person)
    session.flush()
    journal.write(session, by, "person.add", f"person:{person.id}", now)
    return person


def find_or_add(
    session: Session,
    name: str,
    *,
    telegram_id: int | None = None,
    phone: str | None = None,
    by: int | None,
    now: datetime,
) -> Person:
    """The person of that account, when the name is theirs; else a new one. Raises Refusal."""
    person = by_telegram(session, telegram_id) if telegram_id is not None else None
    if person is None or names.full(session, person.id or 0) != proper_name(name):
        return add_person(session, name, telegram_id=telegram_id, phone=phone, by=by, now=now)
    return person


def existing(session: Session, person_id: int) -> Person:
    """The person of that number. Raises Refusal when there is none."""
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal(
            _("没有编号为 {number} 的人员，请用 zhucun person list 查看。").format(number=person_id)
        )
    return person


def rename(session: Session, person_id: int, name: str, *, by: int | None, now: datetime) -> None:
    """Correct a person's name. Raises Refusal."""
    person = existing(session, person_id)
    person.name = seal_text(session, "person.name", person.uid, proper_name(name))
    session.flush()
    journal.write(session, by, "person.rename", f"person:{person_id}", now)


def proper_name(text: str) -> str:
    """The cleaned name. Raises Refusal when it cannot be one."""
    name = clean_name(text)
    if name is None:
        raise Refusal(_("请写真实姓名，1 到 40 个字，例如：李爱民。"))
    return name


def _give_phone(session: Session, person: Person, text: str) -> None:
    phone = clean_phone(text)
    if phone is None:
        raise Refusal(_("电话号码不对。请写 11 位手机号，或带区号的座机号。"))
    if by_phone(session, phone) is not None:
        raise Refusal(_("这个电话号码已经登记给别人了，请核对。"))
    person.phone = seal_text(session, "person.phone", person.uid, phone)
    person.phone_index = keyring(session).index("person.phone", phone)


def bind_account(
    session: Session, person_id: int, telegram_id: int, *, by: int | None, now: datetime
) -> int | None:
    """Give a person another Telegram account. The old one (None: they had none). Raises Refusal when the
    account is somebody else's."""
    owner = by_telegram(session, telegram_id)
    if owner is not None and owner.id != person_id:
        raise Refusal(_("您现在的 Telegram 账号已经登记给别人了，请联系队长或管理员。"))
    person = session.get_one(Person, person_id)
    old, person.telegram_id = person.telegram_id, telegram_id
    session.flush()
    if old != telegram_id:
        journal.write(session, by, "person.account", f"person:{person_id}", now)
        console.end(session, person_id, now)
        postings.refresh_menu(session, person_id, now)
    return old


def speak(session: Session, person_id: int, code: str, now: datetime) -> None:
    """Choose the language of a person; the menu follows."""
    if code not in LANGUAGES:
        raise Refusal(_("没有这种语言，请点按钮选择。"))
    session.get_one(Person, person_id).language = code
    session.flush()
    journal.write(session, person_id, "person.language", f"person:{person_id}", now, language=code)
    postings.refresh_menu(session, person_id, now)


def prefer(session: Session, person_id: int, village: str, now: datetime) -> None:
    """Choose the default village; the caller has checked that it is one of theirs."""
    session.get_one(Person, person_id).default_village = village
    session.flush()
    journal.write(session, person_id, "person.village", f"person:{person_id}", now, village=village)


def end_person(session: Session, person_id: int, *, by: int | None, now: datetime) -> int:
    """End all active postings of a person. How many."""
    existing(session, person_id)
    ending = postings.active(session, person_id, now)
    for posting in ending:
        postings.end_posting(session, posting.id or 0, by=by, now=now)
    return len(ending)


def language_of(session: Session, person_id: int) -> str:
    return session.get_one(Person, person_id).language
