"""axe, IBM's engine and Alfa. Each returns sentences about what is wrong with a page as it is now.

Their scripts come in through the debugger (CDP), which the page's strict policy does not concern:
the page is tested under the policy that people get, with nothing bypassed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Page

from tests.browser.checkers.exceptions import held_to, unheard
from tests.browser.checkers.install import BUNDLES, PACKAGES

AXE = PACKAGES / "axe-core/axe.min.js"
IBM = PACKAGES / "accessibility-checker-engine/ace.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN_AXE = """async rules => {
    const { violations } = await axe.run({ runOnly: rules, resultTypes: ['violations'] })
    return violations.flatMap(({ id, help, nodes }) => nodes.map(
        node => `${id}: ${help}: ${node.html} ${node.any.map(check => check.message).join(' ')}`
    ))
}"""
# What is not FAIL but POTENTIAL or MANUAL is a question to a human being.
RUN_IBM = """async policies => {
    const { results } = await new ace.Checker().check(document, policies)
    return results.filter(({ value }) => value[1] === 'FAIL').map(
        ({ ruleId, message, snippet }) => `${ruleId}: ${message}: ${snippet}`
    )
}"""


async def axe(page: Page, rules: list[str] = RULES) -> list[str]:
    """Return what axe finds by the rules that have one of these tags or names."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    found: list[str] = await page.evaluate(RUN_AXE, rules)
    return held_to("axe", found)


async def ibm(page: Page) -> list[str]:
    """Return what IBM's engine finds, whether it calls it a violation or a recommendation."""
    if not await page.evaluate("'ace' in window"):
        await page.evaluate(f"{IBM.read_text()}\nwindow.ace = ace; 0")
    found: list[str] = await page.evaluate(RUN_IBM, ["IBM_Accessibility", "WCAG_2_2"])
    return held_to("ibm", found)


@dataclass(frozen=True, slots=True)
class Alfa:
    """Alfa takes a page's nodes and styles to an empty page of its own, and judges them there."""

    bench: Page

    async def __call__(self, page: Page) -> list[str]:
        """Return what Alfa finds, be it of WCAG or of good practice."""
        if not await page.evaluate("'alfaRead' in window"):
            await page.evaluate((BUNDLES / "alfa-read.js").read_text())
        taken: str = await page.evaluate("alfaRead()")
        found: list[str] = await self.bench.evaluate(
            "([taken, unheard]) => alfaAudit(taken, unheard)", [taken, unheard("alfa")]
        )
        return held_to("alfa", found)


@asynccontextmanager
async def alfa(browser: Browser) -> AsyncIterator[Alfa]:
    """Set up Alfa's bench, once for many pages."""
    context = await browser.new_context()
    bench = await context.new_page()
    await bench.evaluate((BUNDLES / "alfa-audit.js").read_text())
    yield Alfa(bench)
    await context.close()
