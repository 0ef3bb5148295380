// A conversation: its head, its messages, the box to write in, a thread beside it, and App Home.

import { h, fill, keyed } from "./dom.js";
import { blocks } from "./blocks.js";
import { mrkdwn, link } from "./mrkdwn.js";
import { emoji } from "./emoji.js";
import { compose } from "./compose.js";
import { message, rows } from "./message.js";
import { lastRead, setRead } from "./nav.js";
import { $, act, app, attach, channel, go, mark, person, send, title, who } from "./space.js";

const drawn = { main: "", thread: "" }; // who looks at what

// drawMain draws a conversation, or App Home.
export function drawMain(room) {
  const fresh = drawn.main !== app.me + room;
  drawn.main = app.me + room;
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
  const shown = rows(c, c.messages.filter((m) => !m.thread || m.own && !channelHas(c, m.thread)), since);
  if (c.member && !app.state.rfos.length) shown.push({ key: "start" + c.id, item: { start: true } });
  keyed(log, shown, (row) => (row.start ? start() : message(c, row)));
  if (atEnd) log.scrollTop = log.scrollHeight;
  setRead(c);
  if (fresh && matchMedia("(hover: hover)").matches) queueMicrotask(() => { if (document.activeElement === document.body) $("box")?.focus(); });
  if (fresh || !$("foot").children.length || $("foot").dataset.member !== String(c.member)) drawFoot(c);
}

// start is what a newcomer reads while nothing has happened.
function start() {
  const line = "/incident open sev1 Checkout is down";
  return h("aside", { class: "start" },
    h("h2", {}, "Open an incident"),
    h("p", {}, "The bot is the real one; Slack and PagerDuty are stand-ins in this page. Type below:"),
    h("p", { class: "row" }, h("code", {}, line), h("button", { class: "button", type: "button", data: { k: "start" }, onclick: () => write(line) }, "Put it into the box")),
    h("p", { class: "hint" }, "Then act as somebody else above, or raise an alarm, break Slack and move the clock under ", h("strong", {}, "Stage"), "."));
}

// write puts a line into the message box, for its reader to send.
function write(line) {
  $("box").value = line;
  $("box").dispatchEvent(new Event("input"));
  $("box").focus();
}

const channelHas = (c, ts) => c.messages.some((m) => m.ts === ts);

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
      id: "box", label: `Message ${mark(c)}${title(c)}, or /incident …`, send: (text) => send(c.id, "", text), attach: (file, refused) => attach(c.id, "", file, refused),
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

// drawThread draws the thread that is open, if one is.
export function drawThread(room, ts) {
  const pane = $("thread");
  const c = channel(room);
  const root = c?.messages.find((m) => m.ts === ts);
  document.body.classList.toggle("with-thread", Boolean(root));
  pane.hidden = !root;
  if (!root) { drawn.thread = ""; pane.replaceChildren(); return; }
  const fresh = drawn.thread !== app.me + room + ts;
  drawn.thread = app.me + room + ts;
  if (fresh) {
    pane.replaceChildren(
      h("header", {}, h("h2", {}, "Thread"), h("button", { class: "plain", type: "button", "aria-label": "Close the thread", onclick: () => go(room) }, "✕")),
      h("div", { class: "list", role: "log", tabindex: "0" }),
      c.member ? compose({ id: "reply", label: "Reply…", send: (text) => send(room, ts, text), attach: (file, refused) => attach(room, ts, file, refused), about: () => ({ commands: [], people: app.state.people }) }) : h("p"));
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
