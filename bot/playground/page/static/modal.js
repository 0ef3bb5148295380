// The modal that somebody has open.

import { h } from "./dom.js";
import { blocks, valueOf, setValue } from "./blocks.js";

const dialog = document.getElementById("modal");
let shown = ""; // id, hash and person of what is drawn

// showModal draws the topmost modal, or closes the dialog. What was typed is kept when the bot changes a view in place.
export function showModal(view, who, act) {
  const now = view ? [who.me, view.id, view.hash].join(" ") : "";
  if (now === shown) return;
  const typed = view && shown.startsWith(who.me + " " + view.id + " ") ? collect() : new Map();
  shown = now;
  if (!view) {
    if (dialog.open) dialog.close();
    return;
  }
  draw(view, who, act);
  for (const field of dialog.querySelectorAll("[data-input]")) {
    if (typed.has(field.dataset.input)) setValue(field, typed.get(field.dataset.input));
  }
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[data-input]")?.focus();
}

function collect() {
  const typed = new Map();
  for (const field of dialog.querySelectorAll("[data-input]")) typed.set(field.dataset.input, valueOf(field));
  return typed;
}

function draw(view, who, act) {
  const use = (e, value) => act("click-view", { action: e.action_id, value, values: Object.fromEntries(collect()) });
  let leaving = false;
  const close = () => {
    if (leaving || !dialog.open) return;
    leaving = true;
    act("close", {});
  };
  const send = h("button", { class: "button primary", type: "submit" }, view.submit || "Submit");
  const form = h("form", {
    novalidate: true,
    onsubmit: async (event) => {
      event.preventDefault();
      if (!complete()) return;
      send.disabled = true;
      const done = await act("submit", { values: Object.fromEntries(collect()) });
      send.disabled = false;
      if (done?.fields) for (const [block, words] of Object.entries(done.fields)) complain(block, words);
      else if (done?.error) trouble.textContent = "We had some trouble connecting. Try again?";
      dialog.querySelector("[aria-invalid=true]")?.focus();
    },
  });
  const trouble = h("p", { class: "error", role: "alert" });
  form.append(
    h("header", {}, h("h2", { id: "modal-title" }, view.title), h("button", { class: "plain", type: "button", "aria-label": "Close", onclick: close }, "✕")),
    h("div", { class: "blocks" }, blocks(view.blocks ?? [], who, use)),
    trouble,
    h("footer", {}, h("button", { class: "button", type: "button", onclick: close }, view.close || "Cancel"), view.submit && send));
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
}

// complete says whether all that is required is there, as Slack's client checks before it submits.
function complete() {
  let whole = true;
  for (const field of dialog.querySelectorAll("[data-input]")) {
    const value = valueOf(field);
    let words = "";
    if (field.dataset.required && value === "") words = "Please complete this required field.";
    else if (value !== "" && field.minLength > 0 && value.length < field.minLength) words = `At least ${field.minLength} characters.`;
    complain(field.dataset.input, words);
    whole = whole && words === "";
  }
  if (!whole) dialog.querySelector("[aria-invalid=true]")?.focus();
  return whole;
}

function complain(block, words) {
  const field = dialog.querySelector(`[data-input="${CSS.escape(block)}"]`);
  const place = document.getElementById(`in-${block}-error`);
  if (!field || !place) return;
  place.textContent = words;
  field.setAttribute("aria-invalid", words ? "true" : "false");
}
