"""
The numbers of every screen, for the API and the pages alike: each function takes a `Live` and
answers with a frozen dataclass whose amounts, prices and moments are those of `perpools.values`.
"""

from perpools.web.terms import Term
from perpools.web.views.chart import Point, Series, series
from perpools.web.views.decay import DecayTable, Horizon, decay
from perpools.web.views.lists import EpochView, MarketList, QueueView
from perpools.web.views.market import market, queue
from perpools.web.views.overview import MarketRow, SideRow, State, overview, row
from perpools.web.views.owned import (
    EarningView,
    HoldingView,
    OperatorView,
    PortfolioView,
    PositionView,
    TotalView,
    WaitingView,
)
from perpools.web.views.payoff import Payoff, PayoffPoint, payoff
from perpools.web.views.portfolio import portfolio
from perpools.web.views.quote import pair_quote, quote
from perpools.web.views.quoted import PairView, QuoteView
from perpools.web.views.shown import (
    AlertView,
    BatchView,
    ClockView,
    EventView,
    FeedView,
    FeeView,
    ForecastView,
    KeeperView,
    MarketView,
    QueueEpoch,
    SideView,
)
from perpools.web.views.told import (
    ActivityPage,
    ActivityRow,
    EventPage,
    EventRow,
    activity,
    event,
    events,
)

__all__ = [
    "ActivityPage",
    "ActivityRow",
    "AlertView",
    "BatchView",
    "ClockView",
    "DecayTable",
    "EarningView",
    "EpochView",
    "EventPage",
    "EventRow",
    "EventView",
    "FeeView",
    "FeedView",
    "ForecastView",
    "HoldingView",
    "Horizon",
    "KeeperView",
    "MarketList",
    "MarketRow",
    "MarketView",
    "OperatorView",
    "PairView",
    "Payoff",
    "PayoffPoint",
    "Point",
    "PortfolioView",
    "PositionView",
    "QueueEpoch",
    "QueueView",
    "QuoteView",
    "Series",
    "SideRow",
    "SideView",
    "State",
    "Term",
    "TotalView",
    "WaitingView",
    "activity",
    "decay",
    "event",
    "events",
    "market",
    "overview",
    "pair_quote",
    "payoff",
    "portfolio",
    "queue",
    "quote",
    "row",
    "series",
]
