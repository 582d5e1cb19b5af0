"""What axe-core finds on every page, as every role, on a phone and on a desk. It is no part of the project:
`AXE_JS` names its axe.min.js (`npm pack axe-core@4.10.3`); without it nothing is looked at here.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from bot.web.routes import PAGES
from tests.bot.web import test_in_a_browser
from tests.bot.web.signed import Office
from tests.bot.web.test_in_a_browser import DESK, IDS, PHONE, ROLES, SCOPES, UPLOADS, sign_in, window

pytestmark = pytest.mark.browser
here, browser = test_in_a_browser.here, test_in_a_browser.browser

SHA256 = "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"
"""Of the file in version 4.10.3."""
ADDRESSES = IDS | {"photo": "1"}


@pytest.fixture
def axe() -> str:
    name = os.environ.get("AXE_JS")
    if name is None:
        pytest.skip("AXE_JS names no axe.min.js")
    found = Path(name).read_bytes()
    assert hashlib.sha256(found).hexdigest() == SHA256
    return found.decode()


async def violations(page: Page, axe: str) -> list[tuple[str, str, str]]:
    """What is wrong: rule, how bad, and the first place."""
    await page.evaluate(axe)
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_no_page_is_hard_to_use(
    here: Office, browser: Browser, axe: str, name: str, size: tuple[int, int]
) -> None:
    page = await window(browser, viewport={"width": size[0], "height": size[1]}, bypass_csp=True)
    wrong, looked = {}, 0
    await sign_in(here, page, name)
    for one in PAGES:
        path = one.path
        for what, number in (ADDRESSES | {"upload": UPLOADS[name], "scope": SCOPES[name]}).items():
            path = path.replace(f"{{{what}}}", number)
        if (
            one.act
            or ROLES[name] not in one.roles
            or "{" in path
            or path.startswith(("/photos", "/lists/template"))
            or path.endswith("/links")
        ):
            continue
        answer = await page.goto(here.url + path)
        assert answer is not None
        assert answer.status == 200, path
        looked += 1
        if found := await violations(page, axe):
            wrong[path] = found
    await page.context.close()
    assert looked >= 7
    assert wrong == {}


async def test_what_is_hard_to_use_is_found(browser: Browser, axe: str) -> None:
    page = await browser.new_page()
    await page.set_content("<html><title>x</title><body><img src=x><input></body></html>")
    assert {"image-alt", "label", "html-has-lang"} <= {
        rule for rule, _how, _where in await violations(page, axe)
    }
