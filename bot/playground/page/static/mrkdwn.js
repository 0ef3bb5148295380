// Slack's mrkdwn as nodes: bold, italic, struck, code, quotes, links, mentions, channels, dates and emoji.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";

const entities = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (e) => entities[e]);

// What stands between two marks may hold references and emoji, whose own underscores mark nothing.
const inside = (mark) => `(?!\\s)((?:<[^<>\\n]+>|:[a-z0-9_+-]+:|[^${mark}\\n])+?)(?<!\\s)`;
const marks = () => new RegExp([
  "```\\n?([\\s\\S]+?)\\n?```",
  "`([^`\\n]+)`",
  "<([^<>\\n]+)>",
  ":([a-z0-9_+-]+):",
  `(?<![\\p{L}\\p{N}*])\\*${inside("*")}\\*(?![\\p{L}\\p{N}*])`,
  `(?<![\\p{L}\\p{N}_])_${inside("_")}_(?![\\p{L}\\p{N}_])`,
  `(?<![\\p{L}\\p{N}~])~${inside("~")}~(?![\\p{L}\\p{N}~])`,
].join("|"), "gu");

// mrkdwn turns a text into nodes. who knows people, channels, the viewer and the time.
export function mrkdwn(text, who) {
  const out = [];
  let quote = null;
  // Code blocks keep their lines; elsewhere a line that begins with > is a quotation.
  for (const part of text.split(/(```[\s\S]+?```)/)) {
    if (part.startsWith("```")) { out.push(...inline(part, who)); continue; }
    part.split("\n").forEach((line, n) => {
      const quoted = /^(?:&gt;|>) ?/.exec(line);
      if (quoted) {
        if (!quote) out.push((quote = h("blockquote")));
        else quote.append("\n");
        quote.append(...inline(line.slice(quoted[0].length), who));
        return;
      }
      if (n > 0 && !quote) out.push("\n");
      quote = null;
      out.push(...inline(line, who));
    });
    quote = null;
  }
  return out;
}

function inline(text, who) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(marks())) {
    if (m.index > at) out.push(decode(text.slice(at, m.index)));
    at = m.index + m[0].length;
    if (m[1] !== undefined) out.push(h("pre", {}, h("code", {}, literal(m[1], who))));
    else if (m[2] !== undefined) out.push(h("code", {}, literal(m[2], who)));
    else if (m[3] !== undefined) out.push(reference(m[3], who));
    else if (m[4] !== undefined) out.push(symbol(m[4]));
    else if (m[5] !== undefined) out.push(h("strong", {}, inline(m[5], who)));
    else if (m[6] !== undefined) out.push(h("em", {}, inline(m[6], who)));
    else out.push(h("s", {}, inline(m[7], who)));
  }
  if (at < text.length) out.push(decode(text.slice(at)));
  return out;
}

// literal is the inside of code: references keep working there, marks do not.
function literal(text, who) {
  return text.split(/(<[^<>\n]+>)/).map((p) => (/^<.+>$/.test(p) ? reference(p.slice(1, -1), who) : decode(p)));
}

export function symbol(name) {
  const shown = emoji(name);
  return shown.startsWith(":") && shown.length > 1 ? shown : h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, shown);
}

function reference(body, who) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : decode(body.slice(bar + 1));
  switch (target[0]) {
    case "@": {
      const person = who.person(target.slice(1));
      return h("span", { class: target.slice(1) === who.me ? "mention me" : "mention" }, "@" + (person?.real ?? (label || "somebody")));
    }
    case "#": {
      const id = target.slice(1);
      const channel = who.channel(id);
      return channel ? h("a", { class: "mention", href: "#/" + id }, "#" + channel.name) : h("span", { class: "mention" }, "#" + (label || "private channel"));
    }
    case "!":
      return command(target.slice(1), label, who);
  }
  return link(decode(target), label || decode(target).replace(/^mailto:/, ""));
}

function command(body, label, who) {
  const [name, ...args] = body.split("^");
  if (name === "date") {
    const at = new Date(Number(args[0]) * 1000);
    const text = isNaN(at) ? label : date(at, decode(args[1] ?? ""), who);
    const shown = h("time", { datetime: isNaN(at) ? null : at.toISOString(), title: label }, text);
    return args[2] ? link(decode(args[2]), shown) : shown;
  }
  return h("span", { class: "mention" }, label || "@" + name);
}

// link is a link that leads out of the page; anything but a web or mail address stays text.
export function link(address, label) {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return h("span", {}, label);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

// date writes a moment as Slack's tokens ask, in the viewer's zone.
export function date(at, format, who) {
  const zone = who.zone;
  const write = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(at);
  const day = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(moment);
  const near = (otherwise) => {
    for (const [days, word] of [[0, "today"], [-1, "yesterday"], [1, "tomorrow"]]) {
      if (day(at) === day(new Date(who.now.getTime() + days * 864e5))) return word;
    }
    return otherwise;
  };
  const month = { date: "long", date_short: "short", date_long: "long" };
  return format.replace(/\{([a-z_]+)\}/g, (whole, token) => {
    const base = token.replace(/_pretty$/, "");
    switch (base) {
      case "time": return write({ hour: "2-digit", minute: "2-digit" });
      case "time_secs": return write({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
      case "date_num": return day(at);
      case "ago": return ago(at, who.now);
    }
    if (!month[base]) return whole;
    const written = write({ day: "numeric", month: month[base], year: "numeric", ...(base === "date_long" ? { weekday: "long" } : {}) });
    return token === base ? written : near(written);
  });
}

function ago(at, now) {
  const minutes = Math.round((now - at) / 6e4);
  if (Math.abs(minutes) < 60) return `${minutes} min ago`;
  return `${Math.round(minutes / 60)} h ago`;
}
