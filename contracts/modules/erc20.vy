# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title ERC-20
@notice Owns balances, allowances and permit nonces of one fungible token (R15). Who mints and
        burns keeps the total supply.
"""

from ethereum.ercs import IERC20

# EIP-712: what a holder signs to allow a spender without a transaction (EIP-2612).
PERMIT_TYPEHASH: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
DOMAIN_TYPEHASH: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
VERSION: constant(String[1]) = "1"

# ERC-5267: name, version, chain id and verifying contract are the fields of the domain.
DOMAIN_FIELDS: constant(bytes1) = 0x0f

# EIP-2: the upper half of the curve's order is malleable.
MAX_S: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

decimals: public(immutable(uint8))
NAME: immutable(String[60])
SYMBOL: immutable(String[44])

balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])


@deploy
def __init__(name: String[60], symbol: String[44], token_decimals: uint8):
    NAME = name
    SYMBOL = symbol
    decimals = token_decimals


@external
@view
def name() -> String[60]:
    """
    @notice A name for people.
    """
    return NAME


@external
@view
def symbol() -> String[44]:
    """
    @notice Leverage, side and market, such as `3L-ETH/USD`.
    """
    return SYMBOL


@external
def transfer(receiver: address, tokens: uint256) -> bool:
    """
    @notice Send tokens of the caller.
    """
    self._move(msg.sender, receiver, tokens)
    return True


@external
def transferFrom(owner: address, receiver: address, tokens: uint256) -> bool:
    """
    @notice Send tokens of an owner who allowed it; an allowance of 2**256 - 1 never shrinks.
    """
    allowed: uint256 = self.allowance[owner][msg.sender]
    if allowed != max_value(uint256):
        assert tokens <= allowed, "token: allowance too low"
        self._approve(owner, msg.sender, allowed - tokens)
    self._move(owner, receiver, tokens)
    return True


@external
def approve(spender: address, tokens: uint256) -> bool:
    """
    @notice Allow a spender so many of the caller's tokens.
    """
    self._approve(msg.sender, spender, tokens)
    return True


@external
def permit(
    owner: address, spender: address, tokens: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32
):
    """
    @notice Allow a spender so many of the owner's tokens, by the owner's signature (EIP-2612).
    """
    assert block.timestamp <= deadline, "permit: expired"
    nonce: uint256 = self.nonces[owner]
    content: bytes32 = keccak256(abi_encode(PERMIT_TYPEHASH, owner, spender, tokens, nonce, deadline))
    digest: bytes32 = keccak256(concat(b"\x19\x01", self._domain_separator(), content))
    signer: address = ecrecover(digest, v, r, s)
    assert (
        signer == owner and owner != empty(address) and convert(s, uint256) <= MAX_S
    ), "permit: wrong signature"

    self.nonces[owner] = nonce + 1
    self._approve(owner, spender, tokens)


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice EIP-712 domain of this token on this chain.
    """
    return self._domain_separator()


@external
@view
def eip712Domain() -> (bytes1, String[60], String[1], uint256, address, bytes32, DynArray[uint256, 1]):
    """
    @notice The fields of the EIP-712 domain (ERC-5267).
    """
    return DOMAIN_FIELDS, NAME, VERSION, chain.id, self, empty(bytes32), []


@internal
@view
def _domain_separator() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPEHASH, keccak256(NAME), keccak256(VERSION), chain.id, self))


@internal
def _approve(owner: address, spender: address, tokens: uint256):
    assert spender != empty(address), "token: zero spender"
    self.allowance[owner][spender] = tokens

    log IERC20.Approval(owner=owner, spender=spender, value=tokens)


@internal
def _move(owner: address, receiver: address, tokens: uint256):
    assert receiver != empty(address), "token: zero receiver"
    held: uint256 = self.balanceOf[owner]
    assert tokens <= held, "token: balance too low"
    self.balanceOf[owner] = held - tokens
    self.balanceOf[receiver] += tokens

    log IERC20.Transfer(sender=owner, receiver=receiver, value=tokens)


@internal
def _mint(receiver: address, tokens: uint256):
    self.balanceOf[receiver] += tokens

    log IERC20.Transfer(sender=empty(address), receiver=receiver, value=tokens)


@internal
def _burn(holder: address, tokens: uint256):
    held: uint256 = self.balanceOf[holder]
    assert tokens <= held, "token: balance too low"
    self.balanceOf[holder] = held - tokens

    log IERC20.Transfer(sender=holder, receiver=empty(address), value=tokens)


@internal
def _settle(holder: address, minted: uint256, burned: uint256):
    """
    @notice Mint to and burn from one holder, who has what is burned: its balance is written once.
    """
    self.balanceOf[holder] = self.balanceOf[holder] + minted - burned
    if minted != 0:
        log IERC20.Transfer(sender=empty(address), receiver=holder, value=minted)
    if burned != 0:
        log IERC20.Transfer(sender=holder, receiver=empty(address), value=burned)
