// One message: as it looks, and the tools for it.

import { h } from "./dom.js";
import { blocks } from "./blocks.js";
import { decode, mrkdwn, symbol } from "./mrkdwn.js";
import { common, emoji } from "./emoji.js";
import { app, act, channel, clock, go, openDocument, person, who } from "./space.js";

export function avatar(p) {
  if (!p) return h("span", { class: "avatar hue0", "aria-hidden": "true" }, "?");
  if (p.id === app.about.bot) return h("span", { class: "avatar bot", "aria-hidden": "true" }, "R");
  const hue = app.state.people.findIndex((q) => q.id === p.id) % 8;
  return h("span", { class: "avatar hue" + hue, "aria-hidden": "true" }, p.real[0]);
}

// rows are messages with what their looks depend on besides.
export function rows(c, list, since) {
  let last = null;
  let marked = since === "";
  return list.map((m) => {
    const close = last && last.user === m.user && !last.note && !m.note && last.own === m.own && Number(m.ts) - Number(last.ts) < 300;
    const begins = !marked && m.ts > since && m.user !== app.me;
    if (begins) marked = true;
    last = m;
    const replies = c.messages.filter((r) => r.thread === m.ts);
    return { key: c.id + m.ts + (m.own ? "own" : ""), item: {
      m, me: app.me, follows: Boolean(close) && !begins, begins, pinned: c.pins.includes(m.ts), day: who().now.toDateString(),
      replies: replies.length, latest: replies.at(-1)?.ts ?? "", people: app.state.people.length,
    } };
  });
}

// message draws a row.
export function message(c, row, inThread = false) {
  const { m } = row;
  const author = person(m.user);
  if (m.note) return h("p", { class: "note", data: { ts: m.ts } }, mrkdwn(m.text, who()), h("time", {}, clock(m.ts)));
  const use = (e, value) => { if (!e.url) act("click", { channel: c.id, ts: m.ts, action: e.action_id, value }); };
  return h("article", { class: ["message", row.follows && "follows", m.own && "own", row.begins && "begins"].filter(Boolean).join(" "), tabindex: "0", data: { ts: m.ts, k: (inThread ? "t" : "m") + m.ts } },
    row.pinned && h("p", { class: "pinned" }, "📌 Pinned"),
    m.own && h("p", { class: "pinned" }, "👁 Only visible to you"),
    avatar(author),
    h("div", { class: "content" },
      h("header", {}, h("strong", {}, author?.real ?? "Somebody"), author?.bot && h("span", { class: "badge" }, "APP"), h("time", {}, clock(m.ts))),
      m.blocks ? blocks(m.blocks, who(), use) : h("div", { class: "text" }, mrkdwn(m.text, who())),
      m.edited && h("small", { class: "edited" }, "(edited)"),
      m.files.map(file),
      m.emoji.length > 0 && h("div", { class: "reactions" }, m.emoji.map((r) => reaction(c, m, r))),
      !inThread && row.replies > 0 && h("button", { class: "plain replies", type: "button", data: { k: "replies" + m.ts }, onclick: () => go(c.id, m.ts) }, `${row.replies} ${row.replies === 1 ? "reply" : "replies"} · last at ${clock(row.latest)}`)),
    !m.own && c.member && !c.archived && tools(c, m, inThread));
}

function reaction(c, m, r) {
  const mine = r.users.includes(app.me);
  return h("button", {
    class: "reaction", type: "button", "aria-pressed": String(mine), data: { k: "r" + m.ts + r.name }, title: r.users.map((u) => person(u)?.real).join(", ") + ` :${r.name}:`,
    onclick: () => act(mine ? "unreact" : "react", { channel: c.id, ts: m.ts, value: r.name }),
  }, symbol(r.name), " " + r.users.length);
}

function tools(c, m, inThread) {
  const press = (name) => h("button", { class: "plain", type: "button", "aria-label": "React with " + name.replaceAll("_", " "), title: `:${name}:`, data: { k: "e" + m.ts + name }, onclick: () => {
    const mine = m.emoji.some((r) => r.name === name && r.users.includes(app.me));
    act(mine ? "unreact" : "react", { channel: c.id, ts: m.ts, value: name });
  } }, emoji(name));
  const bar = h("div", { class: "tools", role: "toolbar", "aria-label": "Message", onkeydown: along },
    common.map(press),
    !inThread && h("button", { class: "plain", type: "button", data: { k: "th" + m.ts }, title: "Reply in thread", "aria-label": "Reply in thread", onclick: () => { go(c.id, m.thread || m.ts); } }, "💬"),
    m.user === app.me && tool("ed" + m.ts, "Edit", () => edit(c, m)),
    m.user === app.me && tool("de" + m.ts, "Delete", () => act("delete", { channel: c.id, ts: m.ts })),
    app.about.shortcuts.filter((s) => s.message).map((s) => tool("s" + m.ts + s.callback, s.name, () => act("shortcut", { channel: c.id, ts: m.ts, action: s.callback }))));
  for (const other of [...bar.children].slice(1)) other.tabIndex = -1;
  return bar;
}

// along goes along a toolbar by the arrow keys: it is one stop of Tab.
function along(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const all = [...event.currentTarget.children];
  const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
  for (const one of all) one.tabIndex = one === next ? 0 : -1;
  next.focus();
}

const tool = (key, name, onclick) => h("button", { class: "plain words", type: "button", data: { k: key }, onclick }, name);

// typed is a text as its author typed it: mentions by name, links bare.
const typed = (text) => decode(text
  .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id) => "@" + (person(id)?.name ?? id))
  .replace(/<#(\w+)(?:\|[^>]*)?>/g, (whole, id) => "#" + (channel(id)?.name ?? id))
  .replace(/<([^<>|]+)(?:\|[^>]*)?>/g, "$1"));

// edit words a message anew, as its author.
function edit(c, m) {
  const field = h("textarea", { rows: 4, "aria-label": "Message" });
  field.value = typed(m.text);
  const dialog = h("dialog", { class: "confirm", "aria-label": "Edit the message", onclose: () => {
    dialog.remove();
    if (dialog.returnValue === "yes" && field.value.trim()) act("edit", { channel: c.id, ts: m.ts, text: field.value });
  } }, h("form", { method: "dialog" }, h("h2", {}, "Edit the message"), h("p", {}, field),
    h("footer", {}, h("button", { class: "button", value: "no" }, "Cancel"), h("button", { class: "button primary", value: "yes" }, "Save"))));
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

function file(f) {
  const key = /^INC-\d+/.exec(f.name)?.[0];
  return h("div", { class: "file" },
    h("p", {}, "📄 ", h("strong", {}, f.title || f.name), h("small", {}, ` ${Math.max(1, Math.round(f.size / 1024))} kB`)),
    f.head && h("pre", {}, f.head),
    h("p", { class: "row" },
      key && app.about.documents && h("button", { class: "button", type: "button", data: { k: "f" + f.id }, onclick: () => openDocument(key) }, "Read it"),
      h("a", { class: "button", href: `/files/${f.id}?as=${encodeURIComponent(app.me)}`, target: "_blank", rel: "noopener" }, "Open the file")));
}
