"""`/new`: a market's terms, tried on the past before it is deployed."""

from nicegui import ui

from perpools.errors import ConfigError, PoolsError
from perpools.market_file import MarketFile
from perpools.spec.errors import Rejected
from perpools.web.live import Live
from perpools.web.pages import drafts
from perpools.web.pages.drafts import Drafts
from perpools.web.pages.frame import page
from perpools.web.pages.parts import Text, box, button, card, change, title
from perpools.web.pages.toasts import tell_refused
from perpools.web.pages.wallet import current
from perpools.web.pages.wizard_deploy import deploy
from perpools.web.pages.wizard_form import TermsForm
from perpools.web.pages.wizard_trial import TrialCard

INTRODUCTION = (
    "Choose the terms, see what they would have made of the past, then deploy. Anyone may deploy a"
    " market; nobody can change it afterwards, not even who deployed it."
)
RIGHT = "These terms are within the protocol's bounds."
DEPLOYING = (
    "You pay the seed of both sides and get L- and S-tokens for it, 1:1. Each transaction is shown"
    " before it is sent."
)


def register(live: Live) -> None:
    """Add `/new`."""
    kept = Drafts()

    @page("/new", live, title="New market")
    async def new() -> None:
        Wizard(live, kept)


class Wizard:
    """Terms, trial, deployment."""

    def __init__(self, live: Live, kept: Drafts) -> None:
        self.live, self.wallet = live, current(live)
        self.draft = kept.of(self.wallet.browser)
        self.market: MarketFile | None = None
        title("New market")
        Text("p", INTRODUCTION, "muted")
        with box("div", "pp-grid"):
            with card("1. Terms", "terms", "c7"):
                self.form = TermsForm(self.draft, live, self._read)
            with card("Market file", "file", "c5"):
                self._file()
            with card("2. Try it on the past", "trial"):
                self.trial = TrialCard(lambda: self.market)
            with card("3. Deploy", "deploy"):
                Text("p", DEPLOYING, "muted")
                with box("div"):
                    button("Deploy…", "primary", self._deploy)
        self._read()

    def _file(self) -> None:
        self._state = Text("p", "", "small")
        change(self._state, {"role": "status"})
        self._text = Text("pre", "", "pp-toml")
        change(self._text, {"tabindex": "0", "aria-label": "market.toml"})
        with box("div", "pp-row"):
            button("Download market.toml", "", self._download)

    def _read(self) -> None:
        """What the draft comes to."""
        lint = drafts.lint(self.draft)
        self.market = lint.market
        self.form.show(lint)
        self._text.text = drafts.toml(self.draft)
        count = len(lint.wrong)
        todo = "One thing is" if count == 1 else f"{count} things are"
        about_all = lint.wrong.get("", "")
        self._state.text = RIGHT if lint.market else about_all or f"{todo} missing or wrong."
        self._state.classes(replace=f"small {'good' if lint.market else 'warn'}")

    def _download(self) -> None:
        ui.download.content(drafts.toml(self.draft), "market.toml", "application/toml")

    async def _deploy(self) -> None:
        lint = drafts.lint(self.draft)
        if lint.market is None:
            self.form.show(lint, all_fields=True)
            self.form.focus_first(lint)
            return
        try:
            await deploy(self.live, self.wallet, lint.market, self._made_feed)
        except ConfigError as wrong:
            key, message = drafts.at_key(str(wrong))
            if not self.form.tell(key, message):
                tell_refused(wrong)
        except (PoolsError, Rejected) as refused:
            tell_refused(refused)

    def _made_feed(self, address: str) -> None:
        """The feed is there now: whoever has to begin again uses it."""
        with self.wallet.client:
            self.form.write("price.feed", address)
