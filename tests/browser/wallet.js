// A wallet as browsers have it (EIP-1193, announced as EIP-6963 wants it). What it is asked goes to
// the test through `askWallet`, so that the page itself never speaks to a node.
(() => {
  const listeners = {};
  const provider = {
    on: (name, heard) => (listeners[name] ??= []).push(heard),
    removeListener: () => {},
    request: async ({ method, params }) => {
      const told = await window.askWallet(method, params ?? []);
      if (told.error) throw Object.assign(new Error(told.error.message), told.error);
      return told.result;
    },
  };
  window.walletSays = (name, value) => (listeners[name] ?? []).forEach((heard) => heard(value));
  const info = { uuid: "5e1d7a0c-1f5e-4f0e-9b0e-000000000001", name: "Test wallet", rdns: "test.wallet", icon: "data:," };
  const announce = () =>
    window.dispatchEvent(
      new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }),
    );
  window.addEventListener("eip6963:requestProvider", announce);
  window.ethereum = provider;
  announce();
})();
