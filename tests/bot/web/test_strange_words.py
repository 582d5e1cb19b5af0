"""What nobody would search for, asked of the console and of the API: found or refused in a sentence, never everything,
never an error."""

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.bot.api.programs import programs
from tests.bot.web.signed import BASE, office
from tests.storage.asking import NOW, PLACES, add_report

NUMBER = "ZF-20261120-0042"
SIGNS = ("🏠🔥", "\"'", "'\"()*^-:%", "';--", "\u202e\u202e", "（）“”！", "% _")
ORDERS = ("NOT AND OR", "' OR 1=1; DROP TABLE report; --", "words:井 NEAR(井 盖)", "井*", '"井', "\0井")
LONG = ("井" * 4096, "井盖松动" * 1024, "a" * 4096, "🏠井" * 2048, "井盖 " * 1365)


@pytest.mark.fault("question of signs only")
@pytest.mark.fault("question of operators and SQL")
@pytest.mark.fault("question of 4,096 characters")
async def test_the_console_finds_nothing_or_says_why(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        with here.store.writing() as session:
            add_report(session, here.county.people["王爱民"], PLACES[0], text="屋顶漏雨", number=NUMBER)
        browser = here.signed_in("孙丽")
        for words in (*SIGNS, *ORDERS, *LONG):
            status, to = await browser.post("/ask", mark=here.mark(browser), ledger="all", words=words)
            if status == 303:
                status, to = await browser.get(to.removeprefix(BASE))
                assert status == 200, words[:20]
            else:
                assert (status, "查" in to) == (400, True), words[:20]
            assert NUMBER not in to, words[:20]
        assert NUMBER in (await browser.get("/ledgers/all"))[1], "nothing was dropped"


@pytest.mark.fault("question of signs only")
@pytest.mark.fault("question of operators and SQL")
@pytest.mark.fault("question of 4,096 characters")
async def test_the_api_finds_nothing_or_says_why(tmp_path: Path) -> None:
    async with programs(tmp_path) as here:
        with here.store.writing() as session:
            add_report(
                session, here.county.people["王爱民"], PLACES[0], text="屋顶漏雨", number=NUMBER, at=NOW
            )
        program = here.program()
        for words in (*SIGNS, *ORDERS, *LONG):
            said = await program.get(f"/v1/reports?words={quote(words)}")
            assert said.status == (422 if len(words) > 100 else 200), words[:20]
            assert NUMBER not in said.text, words[:20]
        assert NUMBER in (await program.get("/v1/reports")).text, "nothing was dropped"
