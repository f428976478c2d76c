// What `seeing.py` asks of a page. Contrast is reckoned as WCAG 2.2 does (1.4.3).
window.seeing = {
  structure: () => {
    const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
    const headings = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter(shown);
    return {
      title: document.title,
      language: document.documentElement.lang,
      levels: headings.map((h) => Number(h.tagName[1])),
      unlabelled: [...document.querySelectorAll("input,select,textarea")]
        .filter((e) => shown(e) && !e.labels?.length && !e.getAttribute("aria-label")
          && !e.getAttribute("aria-labelledby"))
        .map((e) => e.outerHTML.slice(0, 120)),
      twice: Object.entries([...document.querySelectorAll("[id]")]
        .reduce((seen, e) => ({ ...seen, [e.id]: (seen[e.id] ?? 0) + 1 }), {}))
        .filter(([, count]) => count > 1).map(([id]) => id),
      ahead: [...document.querySelectorAll("[tabindex]")].filter((e) => e.tabIndex > 0).length,
      headless: [...document.querySelectorAll("table")]
        .filter((t) => shown(t) && !t.querySelector("th")).length,
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    };
  },
  contrast: () => {
    const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = ([r, g, b]) => [r, g, b]
      .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const over = (top, under) => [0, 1, 2].map((i) => top[i] * (top[3] ?? 1) + under[i] * (1 - (top[3] ?? 1)));
    const behind = (e) => {
      const layers = [];
      for (let at = e; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.backgroundImage !== "none") return null;
        layers.push(rgb(style.backgroundColor));
        if ((layers.at(-1)[3] ?? 1) === 1) break;
      }
      return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
    };
    const faint = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode.textContent.trim(), e = texts.currentNode.parentElement;
      if (!text || !e || !e.getClientRects().length || e.closest("svg,[aria-hidden=true],script,style")) continue;
      const style = getComputedStyle(e), under = behind(e);
      if (!under || style.visibility === "hidden" || e.closest("[disabled],.disabled,[aria-disabled=true]")) continue;
      let opacity = 1;
      for (let at = e; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
      if (opacity < 1) continue;
      const [a, b] = [luminance(over(rgb(style.color), under)), luminance(under)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
      const least = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
      if (ratio < least) faint.add(`${ratio.toFixed(2)}: ${text.slice(0, 40)} (${style.color})`);
    }
    return [...faint];
  },
  focused: () => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const box = e.getBoundingClientRect();
    const around = [e];
    for (let at = e.parentElement; at && around.length < 7; at = at.parentElement) around.push(at);
    const drawn = (style) => [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
    const look = () => around
      .flatMap((at) => [getComputedStyle(at), getComputedStyle(at, "::after")]).map(drawn).join();
    const place = [...document.querySelectorAll("*")].indexOf(e);
    const focused = look();
    e.blur();
    const plain = look();
    e.focus({ focusVisible: true });
    return {
      place,
      what: e.outerHTML.slice(0, 100),
      seen: box.width > 0 && box.height > 0,
      marked: focused !== plain,
    };
  },
};
true;
