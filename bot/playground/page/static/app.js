// The workspace: who acts, what they see, and what they do.

import { h, fill, keyed } from "./dom.js";
import { get, post, watch } from "./net.js";
import { blocks } from "./blocks.js";
import { mrkdwn, symbol, link } from "./mrkdwn.js";
import { common, emoji } from "./emoji.js";
import { compose } from "./compose.js";
import { showModal } from "./modal.js";
import { showSide, tick } from "./side.js";

const $ = (id) => document.getElementById(id);
const app = { about: null, state: null, me: "", got: 0, read: {}, drawn: "", threadDrawn: "" };

// --- who, where -----------------------------------------------------------------------------------------------------

const place = () => {
  const [room, thread] = location.hash.replace(/^#\//, "").split("/");
  return { room: room || "", thread: thread || "" };
};
const go = (room, thread = "") => { location.hash = "#/" + room + (thread ? "/" + thread : ""); };
const person = (id) => app.state.people.find((p) => p.id === id);
const channel = (id) => app.state.channels.find((c) => c.id === id);

// who is what texts need to know of the reader.
const who = () => ({
  me: app.me, person, channel, people: app.state.people, channels: app.state.channels, zone: person(app.me)?.zone ?? "UTC",
  now: new Date(new Date(app.state.now).getTime() + (performance.now() - app.got)),
});

const title = (c) => {
  if (c.kind === "im") return person(c.with.find((id) => id !== app.me))?.real ?? "Direct message";
  return c.name;
};
const mark = (c) => (c.kind === "public_channel" ? "#" : c.kind === "private_channel" ? "🔒" : "✉");
const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: who().zone });

function toast(words) {
  const shown = h("p", {}, words);
  $("toasts").append(shown);
  setTimeout(() => shown.remove(), 8000);
}

// --- doing ----------------------------------------------------------------------------------------------------------

async function act(what, body) {
  try {
    const done = await post("/api/act/" + what, { as: app.me, ...body });
    if (done.error && what !== "submit" && what !== "slash") toast(`Slack shows: ${done.error}`);
    return done;
  } catch (problem) {
    toast(problem.message);
    return null;
  }
}

async function set(what, body) {
  try {
    await post("/api/set/" + what, body);
  } catch (problem) {
    toast(problem.message);
  }
  refresh();
}

async function send(room, thread, text) {
  if (thread && text.startsWith("/")) {
    toast("Slack takes no slash commands in threads. Begin with @rollcall instead.");
    return false;
  }
  const done = await act(text.startsWith("/") ? "slash" : "message", { channel: room, thread, text });
  return done !== null;
}

function openDocument(key) {
  const dialog = $("document");
  dialog.replaceChildren(
    h("header", {}, h("h2", {}, "RFO of " + key), h("form", { method: "dialog" }, h("button", { class: "plain", "aria-label": "Close" }, "✕"))),
    h("iframe", { title: "RFO of " + key, sandbox: "allow-popups", src: `/rfo/${key}?as=${encodeURIComponent(app.me)}` }));
  dialog.showModal();
}

// --- the state ------------------------------------------------------------------------------------------------------

let asking = false;
let again = false;

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  do {
    again = false;
    try {
      const as = app.me;
      const state = await get("/api/state?as=" + encodeURIComponent(as));
      if (as !== app.me) { again = true; continue; }
      app.state = state;
      app.got = performance.now();
      draw();
    } catch (problem) {
      toast(problem.message);
    }
  } while (again);
  asking = false;
}

function become(id) {
  app.me = id;
  sessionStorage.setItem("as", id);
  refresh();
}

// --- drawing --------------------------------------------------------------------------------------------------------

function draw() {
  const rooms = app.state.channels;
  let { room, thread } = place();
  if (room !== "home" && !channel(room)) {
    room = (rooms.find((c) => c.member && c.name === "incidents") ?? rooms.find((c) => c.member) ?? rooms[0])?.id ?? "home";
    thread = "";
    history.replaceState(null, "", "#/" + room);
  }
  drawPeople();
  drawMain(room);
  drawThread(room, thread);
  drawNav(room);
  showSide(app.state, who(), set, openDocument);
  showModal(app.state.modal, who(), act);
}

function drawPeople() {
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

function avatar(p) {
  if (!p) return h("span", { class: "avatar hue0", "aria-hidden": "true" }, "?");
  if (p.id === app.about.bot) return h("span", { class: "avatar bot", "aria-hidden": "true" }, "R");
  const hue = app.state.people.findIndex((q) => q.id === p.id) % 8;
  return h("span", { class: "avatar hue" + hue, "aria-hidden": "true" }, p.real[0]);
}

const lastRead = (id) => app.read[app.me]?.[id] ?? "";
const unread = (c) => c.messages.filter((m) => m.ts > lastRead(c.id) && m.user !== app.me && !m.note && !m.own).length;

function setRead(c) {
  if (!c.messages.length) return;
  (app.read[app.me] ??= {})[c.id] = c.messages.at(-1).ts;
  sessionStorage.setItem("read", JSON.stringify(app.read));
}

function drawNav(room) {
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

function drawMain(room) {
  const fresh = app.drawn !== app.me + room;
  app.drawn = app.me + room;
  if (room === "home") { drawHome(fresh); return; }
  const c = channel(room);
  document.title = `${mark(c)}${title(c)} · ${app.about.team}`;
  fill($("head"), [app.me, c.id, c.name, c.with, c.topic, c.bookmarks, c.pins], () => [
    h("h1", {}, mark(c) + (mark(c) === "#" ? "" : " ") + title(c)),
    c.kind !== "im" && h("span", { class: "members", title: c.with.map((id) => person(id)?.real).join(", ") }, "👥 " + c.with.length),
    c.topic && h("div", { class: "topic" }, mrkdwn(c.topic, who())),
    (c.bookmarks.length > 0 || c.pins.length > 0) && h("div", { class: "bookmarks" },
      c.pins.length > 0 && h("button", { class: "plain", type: "button", data: { k: "pins" }, onclick: () => reveal(c.pins[0]) }, `📌 ${c.pins.length} pinned`),
      c.bookmarks.map((b) => link(b.link, (b.emoji ? emoji(b.emoji.replaceAll(":", "")) : "🔗") + " " + b.title))),
  ]);
  const log = $("log");
  const atEnd = fresh || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const since = fresh ? lastRead(c.id) : log.dataset.since;
  log.dataset.since = since;
  keyed(log, rows(c, c.messages.filter((m) => !m.thread || m.own && !channelHas(c, m.thread)), since), (row) => message(c, row));
  if (atEnd) log.scrollTop = log.scrollHeight;
  setRead(c);
  if (fresh && matchMedia("(hover: hover)").matches) queueMicrotask(() => { if (document.activeElement === document.body) $("box")?.focus(); });
  if (fresh || !$("foot").children.length || $("foot").dataset.member !== String(c.member)) drawFoot(c);
}

const channelHas = (c, ts) => c.messages.some((m) => m.ts === ts);

// rows are messages with what their looks depend on besides.
function rows(c, list, since) {
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

function message(c, row, inThread = false) {
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
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message" },
    common.map(press),
    !inThread && h("button", { class: "plain", type: "button", data: { k: "th" + m.ts }, title: "Reply in thread", "aria-label": "Reply in thread", onclick: () => { go(c.id, m.thread || m.ts); } }, "💬"),
    app.about.shortcuts.filter((s) => s.message).map((s) => h("button", { class: "plain words", type: "button", data: { k: "s" + m.ts + s.callback }, onclick: () => act("shortcut", { channel: c.id, ts: m.ts, action: s.callback }) }, s.name)));
}

function file(f) {
  const key = /^INC-\d+/.exec(f.name)?.[0];
  return h("div", { class: "file" },
    h("p", {}, "📄 ", h("strong", {}, f.title || f.name), h("small", {}, ` ${Math.max(1, Math.round(f.size / 1024))} kB`)),
    h("pre", {}, f.head),
    h("p", { class: "row" },
      key && app.about.documents && h("button", { class: "button", type: "button", data: { k: "f" + f.id }, onclick: () => openDocument(key) }, "Read it"),
      h("a", { class: "button", href: `/files/${f.id}?as=${encodeURIComponent(app.me)}`, target: "_blank", rel: "noopener" }, "Open the file")));
}

function drawFoot(c) {
  const foot = $("foot");
  foot.dataset.member = String(c.member);
  if (c.archived) { foot.replaceChildren(h("p", { class: "joinbar" }, "This channel is archived.")); return; }
  if (!c.member) {
    foot.replaceChildren(h("p", { class: "joinbar" }, `You look at #${c.name}. `, h("button", { class: "button primary", type: "button", onclick: () => act("join", { channel: c.id }) }, "Join")));
    return;
  }
  const globals = app.about.shortcuts.filter((s) => !s.message);
  foot.replaceChildren(...[
    compose({
      id: "box", label: `Message ${mark(c)}${title(c)}, or /incident …`, send: (text) => send(c.id, "", text),
      about: () => ({ commands: app.about.commands, people: app.state.people }),
    }),
    globals.length > 0 && h("div", { class: "row shortcuts" }, globals.map((s) => h("button", { class: "button", type: "button", onclick: () => act("shortcut", { action: s.callback }) }, "⚡ " + s.name))),
  ].filter(Boolean));
}

function drawHome(fresh) {
  document.title = "Home · " + app.about.team;
  if (fresh) act("home", {});
  fill($("head"), "home", () => h("h1", {}, "⌂ Rollcall · Home"));
  const view = app.state.home;
  const use = (e, value) => { if (!e.url) act("click-view", { action: e.action_id, value }); };
  const body = view ? [{ key: "home" + app.me, item: { view, day: who().now.toDateString() } }] : [{ key: "none", item: {} }];
  keyed($("log"), body, ({ view: v }) => (v ? h("div", { class: "home" }, blocks(v.blocks, who(), use)) : h("p", { class: "note" }, "Rollcall has put nothing here yet.")));
  $("foot").replaceChildren();
}

function drawThread(room, ts) {
  const pane = $("thread");
  const c = channel(room);
  const root = c?.messages.find((m) => m.ts === ts);
  document.body.classList.toggle("with-thread", Boolean(root));
  pane.hidden = !root;
  if (!root) { app.threadDrawn = ""; pane.replaceChildren(); return; }
  const fresh = app.threadDrawn !== app.me + room + ts;
  app.threadDrawn = app.me + room + ts;
  if (fresh) {
    pane.replaceChildren(
      h("header", {}, h("h2", {}, "Thread"), h("button", { class: "plain", type: "button", "aria-label": "Close the thread", onclick: () => go(room) }, "✕")),
      h("div", { class: "list", role: "log", tabindex: "0" }),
      c.member ? compose({ id: "reply", label: "Reply…", send: (text) => send(room, ts, text), about: () => ({ commands: [], people: app.state.people }) }) : h("p"));
    pane.querySelector("textarea")?.focus();
  }
  const list = c.messages.filter((m) => m.ts === ts || m.thread === ts);
  keyed(pane.children[1], rows(c, list, ""), (row) => message(c, row, true));
}

function reveal(ts) {
  const found = $("log").querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  if (!found) return;
  found.scrollIntoView({ block: "center" });
  found.focus();
}

// --- narrow screens -------------------------------------------------------------------------------------------------

function narrow(open) {
  document.body.classList.toggle("nav-open", open);
  $("show-nav").setAttribute("aria-expanded", String(open));
}

function panel(open) {
  document.body.classList.toggle("side-open", open);
  $("show-side").setAttribute("aria-expanded", String(open));
}

// --- start ----------------------------------------------------------------------------------------------------------

async function start() {
  app.about = await get("/api/about");
  app.read = JSON.parse(sessionStorage.getItem("read") ?? "{}");
  const people = app.about.people;
  const asked = new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem("as");
  app.me = (people.find((p) => p.id === asked || p.name === asked) ?? people[0]).id;
  panel(matchMedia("(min-width: 75rem)").matches);
  $("show-nav").addEventListener("click", () => narrow(!document.body.classList.contains("nav-open")));
  $("show-side").addEventListener("click", () => panel(!document.body.classList.contains("side-open")));
  window.addEventListener("hashchange", () => app.state && draw());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { narrow(false); if (place().thread && !document.querySelector("dialog[open]")) go(place().room); }
  });
  setInterval(() => app.state && tick(who()), 1000);
  await refresh();
  watch(refresh, (reachable) => document.body.classList.toggle("gone", !reachable));
}

start();
