// What a person's eyes do for a test: find what is to be seen, and wait until it is there. It acts on nothing.
globalThis.eyes = (() => {
  const pause = () => new Promise((done) => setTimeout(done, 25));
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const name = (e) => plain(e.getAttribute("aria-label") ?? (e.labels?.length ? e.labels[0].textContent : e.textContent));
  const parts = (where) => [...document.querySelectorAll(where)].filter(shown);
  const pressable = "button, a[href], input, select, textarea, summary, [role=option], label";

  // named is the last that is to be seen with exactly that name; failing that, the last whose name holds it.
  function named(where, words) {
    const all = parts(where).flatMap((part) => [part, ...part.querySelectorAll(pressable)]).filter((e) => e.matches(pressable) && shown(e) && !e.disabled);
    return all.findLast((e) => name(e) === words) ?? all.findLast((e) => name(e).includes(words));
  }

  // button is the one of a message with that name.
  const button = (part, words) => [...part.querySelectorAll(pressable)].filter((e) => shown(e) && !e.disabled).findLast((e) => name(e) === words);

  async function until(holds, ms) {
    const end = performance.now() + ms;
    for (;;) {
      try { if (await holds()) return true; } catch { /* not there yet */ }
      if (performance.now() > end) return false;
      await pause();
    }
  }

  // reach is the middle of what is found, once it lies still where a pointer meets it.
  async function reach(find, ms) {
    let before = "";
    let still = 0;
    let at = null;
    await until(() => {
      const e = find();
      if (!e) { before = ""; return false; }
      const r = e.getBoundingClientRect();
      const [x, y] = [r.left + r.width / 2, r.top + r.height / 2];
      const met = document.elementFromPoint(x, y);
      const now = [x, y].join();
      still = now === before ? still + 1 : 0;
      before = now;
      if (!met || !(e === met || e.contains(met) || met.contains(e) && met.tagName === "LABEL")) {
        e.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
        return false;
      }
      if (still < 3) return false;
      at = [x, y];
      aim = find;
      hit = false;
      return true;
    }, ms);
    return at ?? [];
  }

  // met says whether the last press met what was reached for. It is looked for again when the press comes: it may have been drawn anew.
  let aim = () => null;
  let hit = false;
  document.addEventListener("click", (event) => {
    const e = aim();
    hit ||= Boolean(e) && (e.contains(event.target) || event.target.contains(e) && event.target.tagName === "LABEL");
  }, true);
  const met = () => hit;

  const says = (where, words) => parts(where).some((part) => plain(part.innerText).toLowerCase().includes(words.toLowerCase()));

  // message is the last message that says something; posted is one that everybody sees.
  const message = (words, where = "#log > article") => parts(where).findLast((m) => plain(m.innerText).includes(words));
  const posted = (words) => message(words, "#log > article:not(.own)");

  // framed says whether a frame is to be seen and what it was given says something. Its document is locked away from the page.
  async function framed(where, words) {
    const frame = parts(where)[0];
    if (!frame || frame.getBoundingClientRect().height < 200) return false;
    return plain(await (await fetch(frame.src)).text()).includes(words);
  }

  // wide are the parts that scroll sideways, the page itself first.
  const wide = () => [document.documentElement, ...document.querySelectorAll("body, main, #head, #log, #foot, #nav, #side, #thread, dialog[open], dialog[open] .blocks")]
    .filter((e) => shown(e) && e.scrollWidth > e.clientWidth + 1).map((e) => `${e.id || e.tagName} is ${e.scrollWidth} px wide on ${e.clientWidth}`);

  // faint are words whose colour is too near to that of what lies behind them.
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function rgba(colour) {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }
  const over = (top, below) => top.slice(0, 3).map((c, n) => c * top[3] + below[n] * (1 - top[3]));
  function behind(e) {
    const layers = [];
    for (let at = e; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  }
  const light = (c) => c.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  function faint() {
    const found = new Set();
    for (const e of document.querySelectorAll("body *")) {
      const words = plain([...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join(" "));
      if (!/[\p{L}\p{N}]/u.test(words) || !shown(e) || e.closest("[aria-hidden=true], .skip, option, :disabled")) continue;
      let opacity = 1;
      for (let at = e; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
      const back = behind(e);
      const ink = rgba(getComputedStyle(e).color);
      const [a, b] = [light(over([ink[0], ink[1], ink[2], ink[3] * opacity], back)), light(back)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) found.add(`"${words.slice(0, 30)}" (${e.tagName.toLowerCase()}.${e.className}) ${ratio.toFixed(1)}`);
    }
    return [...found];
  }

  // usable names all that can be used now; of a group with one stop, that one.
  const called = (e) => `${e.tagName.toLowerCase()} ${e.id || e.dataset.k || name(e)}`;
  const usable = () => [...document.querySelectorAll("button, a[href], input, select, textarea")].filter((e) => shown(e) && e.tabIndex >= 0 && !e.disabled && !e.matches(".skip")).map(called);

  // focused names what has the focus; an unseen one has neither an outline nor a field that shows it.
  function focused() {
    const e = document.activeElement;
    const seen = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
    const field = e.closest(".field");
    const visible = e === document.body || seen(getComputedStyle(e)) || field && getComputedStyle(field).boxShadow !== "none";
    return (visible ? "" : "unseen ") + called(e);
  }

  // drawn waits for two frames and the fonts.
  const drawn = () => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

  return { named, button, until, reach, met, says, message, posted, framed, usable, focused, wide, faint, drawn, name, shown, plain };
})();
