// Countdowns tick here, from the chain's time as the page was told it last.
(() => {
  let offset = 0;
  const unit = (n, name) => `${n}${name}`;
  const words = (seconds) => {
    const s = Math.abs(seconds);
    const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
    const two = (n) => String(n).padStart(2, "0");
    if (d) return `${unit(d, "d")} ${two(h)}h ${two(m)}m`;
    if (h) return `${unit(h, "h")} ${two(m)}m ${two(s % 60)}s`;
    if (m) return `${unit(m, "m")} ${two(s % 60)}s`;
    return unit(s, "s");
  };
  const said = (element, left) => {
    if (left > 0) return (element.dataset.before ?? "in ") + words(left);
    return element.dataset.after ?? `${words(left)} ago`;
  };
  // what is folded on a narrow screen is open on a wide one, until somebody decides
  const wide = matchMedia("(min-width: 52rem)");
  const met = new WeakSet();
  const unfold = () => {
    for (const details of document.querySelectorAll("details[data-wide]")) {
      if (!met.has(details)) details.open = wide.matches;
      met.add(details);
    }
  };
  wide.addEventListener("change", () => {
    for (const details of document.querySelectorAll("details[data-wide]")) details.open = wide.matches;
  });
  const tick = () => {
    unfold();
    const clock = document.querySelector("#perpools-clock");
    if (clock && clock.dataset.told !== clock.dataset.seen) {
      clock.dataset.seen = clock.dataset.told;
      offset = Number(clock.dataset.now) - Date.now() / 1000;
    }
    const now = Math.floor(Date.now() / 1000 + offset);
    for (const element of document.querySelectorAll("[data-at]")) {
      const text = said(element, Number(element.dataset.at) - now);
      if (element.textContent !== text) element.textContent = text;
    }
    for (const bar of document.querySelectorAll("[data-from][data-to]")) {
      const [from, to] = [Number(bar.dataset.from), Number(bar.dataset.to)];
      const part = Math.min(1, Math.max(0, (now - from) / Math.max(1, to - from)));
      bar.style.width = `${(100 * part).toFixed(2)}%`;
    }
  };
  setInterval(tick, 1000);
  addEventListener("load", () => setTimeout(tick, 100));

  const say = (button, text) => {
    const before = button.dataset.text ?? (button.dataset.text = button.textContent);
    button.textContent = text;
    setTimeout(() => (button.textContent = before), 1500);
  };
  // Old ways of copying are for pages that are not served from a secure origin.
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* the next way */ }
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  const addToken = async (token) => {
    if (!window.ethereum) return "No wallet here";
    try {
      await window.ethereum.request({ method: "wallet_watchAsset", params: { type: "ERC20", options: token } });
      return "Asked the wallet";
    } catch { return "The wallet declined"; }
  };
  // the API's page asks what it tells of, and shows the beginning of the answer
  const SHOWN = 4000;
  const ask = async (url, method, body) => {
    const headers = body ? { "content-type": "application/json" } : {};
    try {
      const answer = await fetch(url, { method, headers, body });
      let text = await answer.text();
      try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it is */ }
      return { status: answer.status, text: text.slice(0, SHOWN), cut: text.length > SHOWN };
    } catch (error) {
      return { status: "unknown", text: String(error), cut: false };
    }
  };
  window.perpools = Object.assign(window.perpools ?? {}, { ask });
  addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy],[data-token]");
    if (!button) return;
    if (button.dataset.copy) say(button, (await copy(button.dataset.copy)) ? "Copied" : "Not copied");
    else say(button, await addToken(JSON.parse(button.dataset.token)));
  });
})();
