// The workspace as its reader knows it: what is shown, who acts, where they are, and what they do.

import { h } from "./dom.js";
import { get, post } from "./net.js";

export const $ = (id) => document.getElementById(id);

// app is what the page knows: about (does not change), state (of the person me, got at a moment), and what each has read.
export const app = { about: null, state: null, me: "", got: 0, read: {} };

// --- who, where -----------------------------------------------------------------------------------------------------

export const place = () => {
  const [room, thread] = location.hash.replace(/^#\//, "").split("/");
  return { room: room || "", thread: thread || "" };
};
export const go = (room, thread = "") => { location.hash = "#/" + room + (thread ? "/" + thread : ""); };
export const person = (id) => app.state.people.find((p) => p.id === id);
export const channel = (id) => app.state.channels.find((c) => c.id === id);

// who is what texts need to know of the reader.
export const who = () => ({
  me: app.me, person, channel, people: app.state.people, channels: app.state.channels, zone: person(app.me)?.zone ?? "UTC",
  now: new Date(new Date(app.state.now).getTime() + (performance.now() - app.got)),
});

export const title = (c) => {
  if (c.kind === "im") return person(c.with.find((id) => id !== app.me))?.real ?? "Direct message";
  return c.name;
};
export const mark = (c) => (c.kind === "public_channel" ? "#" : c.kind === "private_channel" ? "🔒" : "✉");
export const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: who().zone });

export function toast(words) {
  const shown = h("p", {}, words);
  $("toasts").append(shown);
  setTimeout(() => shown.remove(), 8000);
}

// --- doing ----------------------------------------------------------------------------------------------------------

// act does something as the person whose turn it is, and returns what came of it; null when it could not be done.
export async function act(what, body) {
  try {
    const done = await post("/api/act/" + what, { as: app.me, ...body });
    if (done.error && what !== "submit" && what !== "slash") toast(`Slack shows: ${done.error}`);
    return done;
  } catch (problem) {
    toast(problem.message);
    return null;
  }
}

// set changes the stage.
export async function set(what, body) {
  try {
    await post("/api/set/" + what, body);
  } catch (problem) {
    toast(problem.message);
  }
  refresh();
}

// send says something, or gives a command; it says whether that was taken.
export async function send(room, thread, text) {
  if (thread && text.startsWith("/")) {
    toast("Slack takes no slash commands in threads. Begin with @rollcall instead.");
    return false;
  }
  const done = await act(text.startsWith("/") ? "slash" : "message", { channel: room, thread, text });
  return done !== null;
}

// attach shares a file; it says whether that was taken.
export async function attach(room, thread, file, refused) {
  if (refused) toast(refused);
  return Boolean(file) && (await act("upload", { channel: room, thread, ...file })) !== null;
}

export function openDocument(key) {
  const dialog = $("document");
  dialog.replaceChildren(
    h("header", {}, h("h2", {}, "RFO of " + key), h("form", { method: "dialog" }, h("button", { class: "plain", "aria-label": "Close" }, "✕"))),
    h("iframe", { title: "RFO of " + key, sandbox: "allow-popups", src: `/rfo/${key}?as=${encodeURIComponent(app.me)}` }));
  dialog.showModal();
}

// --- the state ------------------------------------------------------------------------------------------------------

let draw = () => {};
let asking = false;
let again = false;

// refresh asks for the state and draws it; asked meanwhile, it asks once more.
export async function refresh() {
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

// onState says who draws.
export function onState(draws) { draw = draws; }

export function become(id) {
  app.me = id;
  sessionStorage.setItem("as", id);
  refresh();
}
