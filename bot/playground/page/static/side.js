// The stage around the workspace: clock, documents, PagerDuty, faults.

import { h, fill } from "./dom.js";

const side = document.getElementById("side");
const drafts = { title: "Payments fail", service: "" };
let busy = false;

const faults = [
  ["slack-down", "Slack's API is down", "commands still arrive"],
  ["slack-limited", "Slack limits every call", "429, wait 10 s"],
  ["slack-slow", "Slack is slow", "3 s a call"],
  ["pager-down", "PagerDuty's API is down", ""],
  ["call-down", "The call provider is down", "a room that is ready is still good; then it is Jitsi"],
];

const moves = [[60, "+1 min"], [300, "+5 min"], [3600, "+1 h"], [86400, "+1 day"]];

// showSide draws the panel. set changes the stage, open shows a document.
export function showSide(state, who, set, open) {
  const clock = who.now.toLocaleTimeString("en-GB", { timeZone: who.zone });
  fill(side, [state.rfos, state.pager, state.faults, Math.round(state.ahead / 2), who.me, who.zone, busy], () => [
    part("Clock",
      h("p", { class: "clock" }, h("strong", {}, clock), h("span", {}, " " + who.zone), ahead(state.ahead)),
      h("div", { class: "row" }, moves.map(([seconds, label]) => h("button", {
        class: "button", type: "button", data: { k: "move" + seconds }, "aria-disabled": busy ? "true" : null,
        onclick: async () => {
          if (busy) return;
          busy = true;
          showSide(state, who, set, open);
          await set("clock", { seconds });
          busy = false;
        },
      }, label))),
      h("p", { class: "hint", role: "status" }, busy && "What is due on the way happens now…")),
    part("Documents",
      state.rfos.length === 0 && h("p", { class: "hint" }, "An incident's RFO is here as soon as there is an incident."),
      state.rfos.map((r) => h("button", { class: "button wide", type: "button", data: { k: "rfo" + r.key }, onclick: () => open(r.key) },
        "📄 RFO of " + r.key, h("small", {}, r.published ? "published" : "as it stands")))),
    part("PagerDuty", pager(state, who, set)),
    part("Faults", faults.map(([name, label, help]) => h("label", { class: "switch" },
      h("input", { type: "checkbox", role: "switch", checked: state.faults.includes(name), data: { k: name }, onchange: (e) => set("fault", { name, on: e.target.checked }) }),
      h("span", {}, label, help && h("small", {}, help))))),
  ]);
}

const part = (title, ...children) => h("section", {}, h("h2", {}, title), children);

function ahead(seconds) {
  if (seconds < 1) return h("small", {}, "the machine's time");
  const words = seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
  return h("small", {}, `moved ahead by ${words}`);
}

function pager(state, who, set) {
  const p = state.pager;
  const me = who.person(who.me)?.name;
  const title = h("input", { type: "text", value: drafts.title, "aria-label": "What the monitor says", data: { k: "alarm-title" }, oninput: (e) => { drafts.title = e.target.value; } });
  const service = h("select", { "aria-label": "Service", data: { k: "alarm-service" }, onchange: (e) => { drafts.service = e.target.value; } },
    p.services.map((s) => h("option", { value: s.id, selected: s.id === drafts.service }, s.name)));
  const button = (alarm, does, label) => h("button", {
    class: "button", type: "button", data: { k: does + alarm.id }, onclick: () => set("pager", { do: does, subject: alarm.id, as: me }),
  }, label);
  return [
    h("form", { class: "raise", onsubmit: (e) => { e.preventDefault(); set("pager", { do: "raise", subject: service.value, title: title.value, as: me }); } },
      title, service, h("button", { class: "button danger", data: { k: "raise" } }, "Raise an alarm")),
    p.alarms.map((a) => h("div", { class: "alarm " + a.status },
      h("p", {}, h("strong", {}, "#" + a.number + " " + a.title), h("small", {}, `${a.service} · ${a.status}`)),
      a.notes.length > 0 && h("ul", {}, a.notes.map((n) => h("li", {}, n))),
      h("div", { class: "row" }, a.status === "triggered" && button(a, "acknowledge", "Acknowledge"), a.status !== "resolved" && button(a, "resolve", "Resolve")))),
    p.pages.length > 0 && h("p", { class: "hint" }, "📟 " + p.pages.slice(0, 3).map((g) => `${g.user}'s phone: ${g.title}`).join(" · ")),
  ];
}

// tick shows the clock between two states.
export function tick(who) {
  const shown = side.querySelector(".clock strong");
  if (shown) shown.textContent = who.now.toLocaleTimeString("en-GB", { timeZone: who.zone });
}
