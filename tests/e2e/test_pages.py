"""Every page of the desk is sound: no script errors, no other host, nothing for axe to find."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from goodword.ops.sample import load

from .conftest import House, log_in

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("pages")]

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PAGES = [
    "/",
    "/inbox/open/",
    "/inbox/unassigned/",
    "/inbox/waiting/",
    "/inbox/snoozed/",
    "/inbox/closed/",
    "/inbox/promises/",
    "/search/?q=kettle",
    "/search/?q=nothing-has-this-word",
    "/promises/",
    "/promises/?whose=all",
    "/promises/kept/",
    "/promises/broken/",
    "/reports/promises/",
    "/reports/promises/rows/",
    "/inbox/due/",
    "/service-report/",
    "/complaints/",
    "/complaints/?show=closed",
    "/complaints/register/",
    "/complaints/causes/",
    "/customers/",
    "/customers/duplicates/",
    "/customers/files/",
    "/for-you/",
    "/sent/",
    "/needs-a-person/",
    "/mail-health/",
    "/saved-replies/",
    "/saved-replies/new/",
    "/settings/",
    "/settings/profile/",
    "/settings/people/",
    "/settings/people/new/",
    "/settings/teams/new/",
    "/settings/holidays/",
    "/settings/no-more-mail/",
    "/settings/no-more-mail/?q=nobody-has-this",
    "/settings/coach/everybody/",
    "/settings/coach/everybody/rules/internal-jargon/",
    "/settings/coach/everybody/rules/internal-jargon/remarks/",
    "/settings/coach/everybody/own-rules/new/",
    "/settings/coach/everybody/words/",
    "/settings/coach/everybody/topics/",
    "/settings/coach/everybody/topics/new/",
    "/settings/coach/everybody/policies/",
    "/settings/coach/everybody/policies/new/",
    "/goodwill/",
    "/goodwill/?month=2020-01",
    "/goodwill/approvals/",
    "/goodwill/vouchers/",
    "/goodwill/vouchers/?code=nobody-has-this",
    "/goodwill/budgets/",
    "/settings/authority/",
    "/settings/authority/new/",
    "/settings/complaints/",
    "/settings/complaints/kinds/new/",
    "/settings/complaints/causes/",
    "/settings/complaints/causes/new/",
    "/settings/service-levels/",
    "/settings/service-levels/new/",
    "/settings/routing/",
    "/settings/routing/rules/new/",
    "/settings/routing/levels/new/",
    "/settings/automation/",
    "/settings/automation/new/",
    "/settings/automation/log/",
    "/settings/check-ins/",
    "/settings/check-ins/new/",
    "/settings/hours/",
    "/settings/hours/house/",
    "/settings/experience/",
    "/settings/fields/",
    "/settings/shops/",
    "/settings/keeping/",
    "/settings/keeping/new/",
    "/settings/looks/",
    "/settings/erased/",
    "/settings/mailboxes/",
    "/settings/mailboxes/new/",
    "/settings/mailboxes/accounts/",
    "/settings/mailboxes/accounts/new/",
    "/settings/mailboxes/accounts/new/?kind=microsoft",
    "/yours/complaint/",
    "/yours/choice/not-a-link-of-ours",
    "/unsubscribe/not-a-link-of-ours/",
    "/nowhere/",
]
# The first link of a list leads to a page of one thing.
FIRST_OF = {
    "/inbox/open/": "li.row a",
    "/promises/": "main td a[href^='/promises/'], main th a[href^='/promises/']",
    "/complaints/": "main th a[href^='/complaints/']",
    "/complaints/causes/": "main a[href^='/complaints/changes/']",
    "/customers/": "main td a[href^='/customers/'], main th a[href^='/customers/']",
    "/goodwill/": "main a[href^='/goodwill/gestures/']",
    "/settings/complaints/": "main a[href^='/settings/complaints/procedures/']",
    "/settings/service-levels/": "h2 a[href^='/settings/service-levels/']",
    "/settings/automation/": "main table a[href^='/settings/automation/']",
    "/settings/check-ins/": "main table a[href^='/settings/check-ins/']",
    "/settings/keeping/": "main a[href^='/settings/keeping/'][href$='/try/']",
    "/settings/hours/": "main a[href^='/settings/hours/teams/']",
    "/sent/": "main table a[href^='/sent/']",
    "/mail-health/": "main table a[href^='/mail-health/']",
    "/saved-replies/": "main table a[href^='/saved-replies/']",
}
# A page of one thing leads on to others.
BEHIND = {
    "/inbox/open/": ["remove/", "complaint/", "gesture/", "handover/", "escalation/", "call/", "hold/"],
    "/customers/": [
        "edit/",
        "timeline/",
        "join/",
        "experience/",
        "call/",
        "purchases/new/",
        "subscriptions/new/",
        "export/",
        "erase/",
        "hold/",
    ],
}


@pytest.fixture(params=[(size, theme) for size in SIZES for theme in ("light", "dark")], ids=" ".join)
def context(request: pytest.FixtureRequest, browser: Browser, sample_house: House) -> BrowserContext:
    """A browser window with an administrator logged in."""
    size, theme = request.param
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, has_touch=size == "phone")
    page = context.new_page()
    page.goto(f"{sample_house.url}/accounts/login/")
    assert violations(page) == []
    log_in(page, load.LOG_INS[0][0], load.PASSWORD)
    page.close()
    return context


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def test_no_page_has_anything_for_axe_to_find(context: BrowserContext, sample_house: House) -> None:
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script error on {page.url}: {error}"))
    page.on(
        "request",
        lambda request: (
            troubles.append(f"{page.url} asks another host: {request.url}")
            if urlsplit(request.url).scheme.startswith("http")
            and urlsplit(request.url).port != sample_house.port
            else None
        ),
    )
    page.on(
        "response",
        lambda answer: troubles.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
    )
    for path in PAGES:
        page.goto(f"{sample_house.url}{path}")
        troubles += [f"{path}: {line}" for line in violations(page)]
        if path in FIRST_OF:
            address = page.locator(FIRST_OF[path]).first.get_attribute("href")
            page.goto(f"{sample_house.url}{address}")
            page.wait_for_load_state("load")
            troubles += [f"{address}: {line}" for line in violations(page)]
        for further in BEHIND.get(path, ()):
            page.goto(f"{sample_house.url}{urlsplit(address).path}{further}")
            troubles += [f"{page.url}: {line}" for line in violations(page)]
    context.close()
    assert troubles == []
