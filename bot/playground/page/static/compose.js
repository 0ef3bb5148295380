// The message box: messages, /incident with completion from the command table, and @names.

import { h } from "./dom.js";

// compose makes a box. send(text) gets what was typed and says whether it was taken; about() returns the commands (none in a
// thread) and the people.
export function compose({ id, label, send, attach, about }) {
  const list = h("ul", { id: id + "-list", role: "listbox", class: "completions", hidden: true });
  const usage = h("p", { class: "usage", "aria-live": "polite" });
  const box = h("textarea", {
    id, rows: 1, placeholder: label, "aria-label": label, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": list.id, autocomplete: "off", spellcheck: "false", data: { k: id },
  });
  const state = { offers: [], at: -1 };
  const past = [];
  let back = 0;

  const show = () => {
    const { offers, hint } = offersFor(box, about());
    state.offers = offers;
    state.at = offers.length && offers[0].eager ? 0 : -1;
    usage.textContent = hint;
    draw();
  };
  const draw = () => {
    const open = state.offers.length > 0;
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (state.at < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `${id}-o${state.at}`);
    list.replaceChildren(...state.offers.map((o, n) => h("li", {
      id: `${id}-o${n}`, role: "option", "aria-selected": String(n === state.at),
      onmousedown: (event) => { event.preventDefault(); take(o); },
    }, h("code", {}, o.shown), o.help && h("span", {}, o.help))));
    list.children[state.at]?.scrollIntoView({ block: "nearest" });
  };
  const close = () => { state.offers = []; state.at = -1; draw(); };
  const take = (offer) => {
    box.setRangeText(offer.text, offer.from, box.selectionStart, "end");
    grow();
    show();
  };
  const grow = () => {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight, 180) + "px";
  };
  const submit = async () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow();
    show();
    past.push(text);
    back = past.length;
    if (!(await send(text)) && box.value === "") { box.value = text; grow(); }
  };
  box.addEventListener("input", () => { grow(); show(); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    const open = state.offers.length > 0;
    const move = (by) => { event.preventDefault(); state.at = (state.at + by + state.offers.length) % state.offers.length; draw(); };
    if (event.isComposing) return;
    switch (event.key) {
      case "ArrowDown":
        if (open) move(1);
        break;
      case "ArrowUp":
        if (open) { if (state.at < 0) state.at = 0; move(-1); } else if (past.length && back > 0 && (box.value === "" || box.value === past[back])) {
          event.preventDefault();
          box.value = past[--back];
          grow();
        }
        break;
      case "Escape":
        if (open) { event.preventDefault(); close(); }
        break;
      case "Tab":
        if (open && !event.shiftKey) { event.preventDefault(); take(state.offers[Math.max(0, state.at)]); }
        break;
      case "Enter":
        if (event.shiftKey) break;
        event.preventDefault();
        if (open && state.at >= 0) take(state.offers[state.at]);
        else submit();
    }
  });
  const button = h("button", { class: "button primary", type: "button", "aria-label": "Send", onclick: submit }, "➤");
  return h("div", { class: "compose" }, list, h("div", { class: "field" }, attach && attaching(id, attach, box), box, button), usage);
}

// the most that a file may have, in bytes; as a request it grows by a third.
const largest = 700_000;

// attaching is the button that shares a file, with what stands in the box as its message.
function attaching(id, attach, box) {
  const input = h("input", { type: "file", hidden: true, "aria-hidden": "true", tabindex: "-1", data: { k: id + "-file" }, onchange: async () => {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    if (file.size > largest) { await attach(null, `${file.name} is too large for the playground: at most 700 kB.`); return; }
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (const b of bytes) binary += String.fromCharCode(b);
    const text = box.value.trim().startsWith("/") ? "" : box.value.trim();
    if ((await attach({ name: file.name, content: btoa(binary), text })) && text) { box.value = ""; box.dispatchEvent(new Event("input")); }
  } });
  return [input, h("button", { class: "button attach", type: "button", "aria-label": "Attach a file", title: "Attach a file", data: { k: id + "-attach" }, onclick: () => input.click() }, "📎")];
}

const most = 8;

// offersFor is what completes the text before the caret, and the usage of the verb that stands there.
function offersFor(box, { commands, people }) {
  const before = box.value.slice(0, box.selectionStart);
  const name = /(^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before);
  const hint = usageOf(before, commands);
  if (name) {
    const typed = name[2].toLowerCase();
    const found = people.filter((p) => p.name.startsWith(typed) || p.real.toLowerCase().startsWith(typed));
    const from = before.length - name[2].length - 1;
    if (found.some((p) => p.name === typed)) return { offers: [], hint };
    return { hint, offers: found.slice(0, most).map((p) => ({ text: "@" + p.name + " ", from, shown: "@" + p.name, help: p.real, eager: true })) };
  }
  if (!commands.length || !before.startsWith("/")) return { offers: [], hint };
  const verb = /^\/incident\s+(?:inc-\d+\s+)?([a-z-]*(?: [a-z]*)?)$/i.exec(before);
  if (!verb) {
    const whole = "/incident ";
    return { hint, offers: whole.startsWith(before) && before !== whole ? [{ text: whole, from: 0, shown: "/incident", help: "open an incident, or say what happens in it", eager: true }] : [] };
  }
  const typed = verb[1].toLowerCase();
  const from = before.length - verb[1].length;
  const seen = new Set();
  const whole = commands.some((c) => c.words === typed.trim()); // Enter then sends it
  const offers = commands.filter((c) => c.words.startsWith(typed) && c.words !== typed.trim() && !seen.has(c.usage) && seen.add(c.usage))
    .map((c) => ({ text: c.words + " ", from, shown: c.usage, help: c.help, eager: typed !== "" && !whole }));
  return { hint, offers: typed === "" ? offers : offers.slice(0, most) };
}

// usageOf is the form of the verb that was typed, as a reminder below the box.
function usageOf(before, commands) {
  const line = /^\/incident\s+(?:inc-\d+\s+)?(.+)$/i.exec(before);
  if (!line) return "";
  const typed = line[1].toLowerCase() + " ";
  const fits = commands.filter((c) => typed.startsWith(c.words + " ")).sort((a, b) => b.words.length - a.words.length);
  const forms = fits.filter((c) => c.words === fits[0].words).map((c) => c.usage);
  return forms.length ? "/incident " + forms.join("  ·  ") : "";
}
