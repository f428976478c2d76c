// The browser's wallets (EIP-1193, found by EIP-6963 or as window.ethereum) for the dashboard.
// The server is told who acts by the event "wallet"; it calls the functions of perpools.wallet.
// Keys stay in the wallet. Two things are remembered here: which wallet was chosen, and which
// transactions are under way, so that a reload loses neither.
(() => {
  "use strict";
  const CHOSEN = "perpools.wallet";
  const PENDING = "perpools.pending";
  const INJECTED = "injected";
  const BUILT_IN = "built-in";
  const MOST_PENDING = 20;
  const offers = new Map();
  const heard = new WeakSet();
  let provider = null;
  let state = { kind: "none", account: null, chain_id: null };
  let telling = false;

  const read = (key, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  const write = (key, value) => {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // a browser that keeps nothing still trades; it only forgets at a reload
    }
  };
  const pending = () => read(PENDING, []).filter((one) => one && typeof one.hash === "string");

  const tell = () => {
    if (!telling) return;
    const wallets = [...offers].map(([id, offer]) => ({ id, name: offer.name }));
    emitEvent("wallet", { ...state, wallets, pending: pending() });
  };

  const explained = (error) => ({
    error: {
      code: Number(error?.code ?? error?.data?.originalError?.code ?? 0),
      message: String(error?.data?.message || error?.message || error).slice(0, 300),
    },
  });

  const offer = (id, name, found) => {
    if (offers.has(id)) return;
    // a wallet that announces itself is usually window.ethereum too: it is offered once
    if (id !== INJECTED) {
      const same = offers.get(INJECTED);
      if (same && same.provider === found) offers.delete(INJECTED);
    } else if ([...offers.values()].some((other) => other.provider === found)) {
      return;
    }
    offers.set(id, { name, provider: found });
    tell();
    if (read(CHOSEN, null) === id && state.kind === "none") connect(id, true);
  };

  const listen = (found) => {
    if (heard.has(found) || typeof found.on !== "function") return;
    heard.add(found);
    found.on("accountsChanged", (accounts) => {
      if (provider === found) accounts.length ? refresh() : disconnect();
    });
    found.on("chainChanged", () => provider === found && refresh());
    found.on("disconnect", () => provider === found && refresh());
  };

  const refresh = async () => {
    const found = provider;
    try {
      const [account] = await found.request({ method: "eth_accounts" });
      const chain = await found.request({ method: "eth_chainId" });
      if (provider !== found) return;
      if (!account) return disconnect();
      state = { kind: "browser", account, chain_id: Number(chain) };
    } catch {
      state = { kind: "none", account: null, chain_id: null };
    }
    tell();
  };

  const connect = async (id, silently = false) => {
    const found = offers.get(id)?.provider;
    if (!found) return { error: { code: 4900, message: "this wallet is not there" } };
    try {
      const method = silently ? "eth_accounts" : "eth_requestAccounts";
      const accounts = await found.request({ method });
      if (!accounts.length) return { error: { code: 4100, message: "no account was chosen" } };
    } catch (error) {
      return explained(error);
    }
    provider = found;
    write(CHOSEN, id);
    listen(found);
    await refresh();
    return {};
  };

  const disconnect = () => {
    provider = null;
    write(CHOSEN, null);
    state = { kind: "none", account: null, chain_id: null };
    tell();
    return {};
  };

  const builtIn = () => {
    provider = null;
    write(CHOSEN, BUILT_IN);
    state = { kind: BUILT_IN, account: null, chain_id: null };
    tell();
    return {};
  };

  const switchChain = async (chainId) => {
    try {
      const params = [{ chainId: "0x" + chainId.toString(16) }];
      await provider.request({ method: "wallet_switchEthereumChain", params });
      await refresh();
      return {};
    } catch (error) {
      return explained(error);
    }
  };

  const remember = (hash, text, chainId) => {
    const others = pending().filter((one) => one.hash !== hash);
    const one = { hash, text, chain_id: chainId, at: Math.floor(Date.now() / 1000) };
    write(PENDING, [...others, one].slice(-MOST_PENDING));
  };

  const forget = (hash) => write(PENDING, pending().filter((one) => one.hash !== hash));

  const send = async (transaction, text, chainId) => {
    try {
      if (!provider) return { error: { code: 4900, message: "no wallet is connected" } };
      const there = Number(await provider.request({ method: "eth_chainId" }));
      if (there !== chainId) return { error: { code: 4901, message: "the wallet is on another chain" } };
      const params = [transaction];
      const hash = await provider.request({ method: "eth_sendTransaction", params });
      remember(hash, text, chainId);
      return { hash };
    } catch (error) {
      return explained(error);
    }
  };

  // the server's page is there and listens: from now on it is told
  const start = () => {
    telling = true;
    if (read(CHOSEN, null) === BUILT_IN && state.kind === "none") {
      state = { kind: BUILT_IN, account: null, chain_id: null };
    }
    tell();
  };

  window.addEventListener("eip6963:announceProvider", (event) => {
    const { info, provider: found } = event.detail ?? {};
    if (info && found) offer(String(info.rdns || info.uuid), String(info.name).slice(0, 40), found);
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  const injected = () => window.ethereum && offer(INJECTED, "Browser wallet", window.ethereum);
  window.addEventListener("ethereum#initialized", injected, { once: true });
  injected();

  window.perpools = Object.assign(window.perpools ?? {}, {
    wallet: { start, connect, disconnect, builtIn, switchChain, send, remember, forget },
  });
})();
