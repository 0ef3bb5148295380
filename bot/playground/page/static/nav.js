// Who acts, and the list of conversations with what is unread in them.

import { h, fill } from "./dom.js";
import { avatar } from "./message.js";
import { $, app, become, mark, title } from "./space.js";

// drawPeople draws who can be acted as: one choice, arrow keys move it.
export function drawPeople() {
  const people = app.state.people.filter((p) => !p.bot);
  fill($("people"), [people, app.me], () => [h("span", { class: "wide-only" }, "Act as"), people.map((p, n) => h("button", {
    type: "button", role: "radio", class: "who", "aria-checked": String(p.id === app.me), tabindex: p.id === app.me ? "0" : "-1", data: { k: "as" + p.id },
    title: p.real + (p.guest ? " (guest)" : ""), onclick: () => become(p.id),
    onkeydown: (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = people[(n + by + people.length) % people.length];
      document.querySelector(`[data-k="as${next.id}"]`).focus();
      become(next.id);
    },
  }, avatar(p), h("span", { class: "wide-only" }, p.real, p.guest && h("small", {}, " guest"))))]);
}

// lastRead is the stamp of the last message that the person has seen.
export const lastRead = (id) => app.read[app.me]?.[id] ?? "";
const unread = (c) => c.messages.filter((m) => m.ts > lastRead(c.id) && m.user !== app.me && !m.note && !m.own).length;

// setRead notes that all of a conversation was seen.
export function setRead(c) {
  if (!c.messages.length) return;
  (app.read[app.me] ??= {})[c.id] = c.messages.at(-1).ts;
  sessionStorage.setItem("read", JSON.stringify(app.read));
}

// drawNav draws the conversations, the present one marked.
export function drawNav(room) {
  const groups = [
    ["Channels", (c) => c.kind !== "im" && c.kind !== "mpim" && c.member && !c.archived],
    ["Direct messages", (c) => c.kind === "im" || c.kind === "mpim"],
    ["Others", (c) => c.kind !== "im" && c.kind !== "mpim" && (!c.member || c.archived)],
  ];
  const item = (id, label, sign, count, quiet) => h("li", {}, h("a", {
    href: "#/" + id, data: { k: "nav" + id }, class: (count > 0 ? "unread" : "") + (quiet ? " quiet" : ""), "aria-current": id === room ? "page" : null,
    onclick: () => narrow(false),
  }, h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", { class: "label" }, label), count > 0 && h("span", { class: "count", "aria-label": count + " unread" }, String(count))));
  const signature = app.state.channels.map((c) => [c.id, c.name, c.member, c.archived, unread(c)]);
  fill($("nav"), [signature, app.me, room], () => groups.map(([name, holds]) => {
    const list = app.state.channels.filter(holds);
    const home = name === "Direct messages" ? [item("home", "Rollcall · Home", "⌂", 0)] : [];
    if (!list.length && !home.length) return null;
    return [h("h2", {}, name), h("ul", {}, home, list.map((c) => item(c.id, title(c), mark(c), c.member && c.id !== room ? unread(c) : 0, !c.member || c.archived)))];
  }));
}

// narrow opens or closes the list on narrow screens.
export function narrow(open) {
  document.body.classList.toggle("nav-open", open);
  $("show-nav").setAttribute("aria-expanded", String(open));
}
