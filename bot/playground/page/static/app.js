// The page: starts, draws whatever the state is, and listens for changes.

import { get, watch } from "./net.js";
import { showModal } from "./modal.js";
import { showSide, tick } from "./side.js";
import { drawNav, drawPeople, narrow } from "./nav.js";
import { drawMain, drawThread } from "./room.js";
import { $, act, app, channel, go, onState, openDocument, place, refresh, set, who } from "./space.js";

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

function panel(open) {
  document.body.classList.toggle("side-open", open);
  $("show-side").setAttribute("aria-expanded", String(open));
}

async function start() {
  app.about = await get("/api/about");
  app.read = JSON.parse(sessionStorage.getItem("read") ?? "{}");
  const people = app.about.people;
  const asked = new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem("as");
  app.me = (people.find((p) => p.id === asked || p.name === asked) ?? people[0]).id;
  const wide = matchMedia("(min-width: 75rem)"); // elsewhere the stage lies over the middle, as the list of conversations does
  panel(wide.matches);
  wide.addEventListener("change", () => panel(wide.matches));
  $("show-nav").addEventListener("click", () => {
    narrow(!document.body.classList.contains("nav-open"));
    if (!wide.matches) panel(false);
  });
  $("show-side").addEventListener("click", () => {
    panel(!document.body.classList.contains("side-open"));
    narrow(false);
  });
  window.addEventListener("hashchange", () => app.state && draw());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { narrow(false); if (!wide.matches) panel(false); if (place().thread && !document.querySelector("dialog[open]")) go(place().room); }
  });
  setInterval(() => app.state && tick(who()), 1000);
  onState(draw);
  await refresh();
  watch(refresh, (reachable) => document.body.classList.toggle("gone", !reachable));
}

start();
