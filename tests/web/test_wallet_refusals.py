"""Refusals are told in words, and every reason that a form can meet has some."""

import re

from perpools.errors import ChainError, ConfigError, Refused
from perpools.spec import errors
from perpools.spec.errors import Rejected
from perpools.web.pages.refusals import WORDS, in_words

REASONS = {refusal.reason for refusal in Rejected.__subclasses__()}


def test_only_reasons_that_there_are_have_words() -> None:
    assert WORDS.keys() <= REASONS


def test_words_are_sentences() -> None:
    assert all(re.fullmatch(r"[A-Z].*\.", text) for text in WORDS.values())


def test_what_a_form_can_meet_has_words() -> None:
    met = (
        errors.OrderIsLocked,
        errors.EpochIsLater,
        errors.EscrowIsTooLow,
        errors.NothingToClaim,
        errors.EventIsNotDue,
        errors.BatchIsFull,
        errors.PairIsTooSmall,
        errors.MarketIsWoundDown,
    )

    assert all(in_words(refusal()) == WORDS[refusal.reason] for refusal in met)


def test_a_reason_without_words_is_still_told() -> None:
    assert in_words(errors.PermitIsExpired()) == "The market refuses: permit: expired."


def test_what_could_not_be_asked_can_be_tried_again() -> None:
    assert in_words(ChainError("no node answers")).endswith("it can be tried again.")
    assert in_words(Refused("this needs more")) == "This needs more."
    assert in_words(ConfigError("the file is wrong")) == "The file is wrong."
