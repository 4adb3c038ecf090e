"""What axe says of a page in a real browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Preloading copies the style sheets for a rule that is off by default, and the policy of
# the desk forbids it. Only what is wrong travels: all of a page as JSON is much.
VIOLATIONS = """
axe.run({preload: false, resultTypes: ["violations"]}).then(
    found => found.violations.flatMap(
        rule => rule.nodes.map(
            node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`
        )
    )
)
"""


class Inspector:
    """Axe in one page: put there once, it may look as often as the page changes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(Axe().axe_script)

    def violations(self) -> list[str]:
        found: list[str] = self.page.evaluate(VIOLATIONS)
        return found
