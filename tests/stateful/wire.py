"""Calls and answers of static words: lockstep runs ask too many questions for a general codec."""

from functools import cache
from typing import Any

import boa
from boa.util.abi import Address
from eth_utils import function_signature_to_4byte_selector

ERROR_SELECTOR = bytes.fromhex("08c379a0")
WORD = 32

selector = cache(function_signature_to_4byte_selector)


def words(data: bytes) -> list[int]:
    """The words of an answer or a log."""
    return [int.from_bytes(data[at : at + WORD], "big") for at in range(0, len(data), WORD)]


def address_of(word: int) -> Address:
    return Address(word.to_bytes(20, "big"))


def number(value: Any) -> int:
    """A value as a word: numbers, truth values and addresses."""
    return int(value, 16) if isinstance(value, str) else int(value)


def reason(output: bytes) -> str:
    """Why a call was refused; empty where it does not say."""
    if output[:4] != ERROR_SELECTOR:
        return ""
    length = int.from_bytes(output[4 + WORD : 4 + 2 * WORD], "big")
    return output[4 + 2 * WORD :][:length].decode()


def execute(target: Any, data: bytes, **call: Any) -> Any:
    """Execute a call as a transaction; `call` may say sender, gas, gas price, value."""
    options = {
        "sender": boa.env.eoa,
        "gas": boa.env.evm.get_gas_limit(),
        "gas_price": 0,
        "value": 0,
        "is_static": False,
    }
    return boa.env.evm.execute_code(
        to=target.address,
        bytecode=boa.env.get_code(target.address),
        data=data,
        fake_codesize=None,
        start_pc=0,
        ir_executor=None,
        contract=target,
        **options | call,
    )


def ask(target: Any, signature: str, *args: Any) -> tuple[int, ...]:
    """What a view answers, word by word."""
    data = selector(signature) + b"".join(number(arg).to_bytes(WORD, "big") for arg in args)
    answered = execute(target, data, is_static=True)
    assert not answered.is_error, f"{signature}: {reason(answered.output)!r}"
    return tuple(words(answered.output))
