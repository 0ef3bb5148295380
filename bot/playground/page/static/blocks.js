// Block Kit as elements, for messages, App Home and modals.

import { h } from "./dom.js";
import { mrkdwn, link, symbol, decode } from "./mrkdwn.js";

// text is a text object as nodes.
export function text(object, who) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, who);
  if (object.emoji === false) return [object.text];
  return object.text.split(/(:[a-z0-9_+-]+:)/).map((part) => (/^:[a-z0-9_+-]+:$/.test(part) ? symbol(part.slice(1, -1)) : part));
}

// blocks draws blocks. use(element, value) is what using an element does; in a modal inputs are drawn too.
export function blocks(list, who, use) {
  return list.map((block) => h("div", { class: "block " + block.type, data: { block: block.block_id ?? "" } }, draw(block, who, use)));
}

function draw(block, who, use) {
  switch (block.type) {
    case "section":
      return [
        h("div", { class: "body" },
          block.text && h("div", { class: "text" }, text(block.text, who)),
          block.fields && h("div", { class: "fields" }, block.fields.map((f) => h("div", { class: "text" }, text(f, who))))),
        block.accessory && h("div", { class: "accessory" }, element(block.accessory, who, use)),
      ];
    case "header":
      return h("h3", {}, text(block.text, who));
    case "context":
      return block.elements.map((e) => (e.type === "image" ? picture(e) : h("span", { class: "text" }, text(e, who))));
    case "divider":
      return h("hr");
    case "actions":
      return block.elements.map((e) => element(e, who, use));
    case "image":
      return picture(block);
    case "input":
      return input(block, who);
    case "call":
      return call(block.call?.v1 ?? {});
    case "markdown":
      return h("div", { class: "text" }, markdown(block.text, who));
    case "rich_text":
      return block.elements.map((e) => rich(e, who));
  }
  return h("span", { class: "unknown" }, `(${block.type})`);
}

// A call has its name, whether it goes on, and a way in.
const call = (c) => [
  h("div", { class: "text" }, "📞 ", h("b", {}, c.name ?? "Call"), c.has_ended ? " · ended" : " · going on"),
  !c.has_ended && c.join_url && link(c.join_url, "Join"),
];

// A picture is shown by its alt text: the page loads nothing from elsewhere.
const picture = (e) => h("span", { class: "picture", role: "img", "aria-label": e.alt_text }, "🖼 " + e.alt_text);

// element is something that can be used outside an input.
function element(e, who, use) {
  const name = e.action_id;
  switch (e.type) {
    case "button":
    case "workflow_button": {
      const props = { class: "button " + (e.style ?? ""), data: { k: name } };
      const label = text(e.text, who);
      if (e.url) {
        return h("a", { ...props, href: safe(e.url), target: "_blank", rel: "noopener noreferrer", onclick: () => use(e, "") }, label);
      }
      return h("button", { ...props, type: "button", onclick: (event) => asked(e, event.currentTarget, () => use(e, "")) }, label);
    }
    case "image":
      return picture(e);
    case "overflow":
      return chooser(e, e.options, "⋯", who, (value) => use(e, value));
    case "static_select":
      return chooser(e, options(e), e.placeholder?.text ?? "Choose…", who, (value) => use(e, value));
    case "users_select":
      return chooser(e, persons(who), e.placeholder?.text ?? "Choose somebody…", who, (value) => use(e, value));
  }
  const field = control(e, who, e.action_id);
  field.addEventListener("change", () => use(e, valueOf(field)));
  return field;
}

const safe = (address) => (/^https?:\/\//i.test(address) ? address : null);

function asked(e, button, then) {
  if (!e.confirm) { then(); return; }
  const dialog = h("dialog", { class: "confirm", onclose: () => { dialog.remove(); if (dialog.returnValue === "yes") then(); else button.focus(); } },
    h("form", { method: "dialog" },
      h("h2", {}, e.confirm.title.text), h("p", {}, e.confirm.text.text),
      h("footer", {}, h("button", { class: "button", value: "no" }, e.confirm.deny.text),
        h("button", { class: "button " + (e.confirm.style ?? "primary"), value: "yes" }, e.confirm.confirm.text))));
  document.body.append(dialog);
  dialog.showModal();
}

const options = (e) => e.options ?? (e.option_groups ?? []).flatMap((g) => g.options);
const persons = (who) => who.people.filter((p) => !p.bot).map((p) => ({ value: p.id, text: { type: "plain_text", text: p.real } }));
const plain = (object) => (object ? decode(object.text).replace(/:([a-z0-9_+-]+):/g, (whole, n) => symbol(n).textContent ?? whole) : "");

function chooser(e, list, hint, who, use) {
  const first = e.initial_option?.value ?? e.initial_user ?? "";
  return h("select", { class: "button", "aria-label": hint === "⋯" ? "More" : hint, data: { k: e.action_id }, onchange: (event) => {
    const value = event.target.value;
    if (e.type === "overflow") event.target.value = "";
    if (value) use(value);
  } }, h("option", { value: "" }, hint), list.map((o) => h("option", { value: o.value, selected: o.value === first }, plain(o.text))));
}

// input is an input block of a modal.
function input(block, who) {
  const e = block.element;
  const id = "in-" + block.block_id;
  const group = e.type === "checkboxes" || e.type === "radio_buttons";
  const label = [text(block.label, who), block.optional && h("span", { class: "optional" }, " (optional)")];
  const field = control(e, who, id);
  field.dataset.input = block.block_id;
  field.dataset.required = block.optional ? "" : "yes";
  const hint = block.hint && h("p", { class: "hint", id: id + "-hint" }, text(block.hint, who));
  const error = h("p", { class: "error", id: id + "-error", role: "alert" });
  field.setAttribute("aria-describedby", (block.hint ? id + "-hint " : "") + id + "-error");
  if (!group) return [h("label", { for: id }, label), field, hint, error];
  return [h("fieldset", {}, h("legend", {}, label), field), hint, error];
}

// control is the field of an element that holds a value.
function control(e, who, id) {
  switch (e.type) {
    case "plain_text_input": {
      const props = { id, placeholder: e.placeholder?.text, minlength: e.min_length, maxlength: e.max_length, data: { k: id } };
      const field = e.multiline ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, type: "text", autocomplete: "off" });
      field.value = e.initial_value ?? "";
      return focusable(field, e);
    }
    case "email_text_input": case "url_text_input": case "number_input":
      return focusable(h("input", { id, type: e.type.split("_")[0], value: e.initial_value ?? "", data: { k: id } }), e);
    case "datepicker":
      return h("input", { id, type: "date", value: e.initial_date ?? "", data: { k: id } });
    case "timepicker":
      return h("input", { id, type: "time", value: e.initial_time ?? "", data: { k: id } });
    case "checkboxes": case "radio_buttons":
      return boxes(e, who, id);
    case "users_select": return select(e, persons(who), id);
    case "conversations_select": case "channels_select":
      return select(e, who.channels.filter((c) => c.kind === "public_channel").map((c) => ({ value: c.id, text: { text: "#" + c.name } })), id);
    case "multi_users_select": return select(e, persons(who), id, true);
    case "multi_static_select": return select(e, options(e), id, true);
  }
  return select(e, options(e), id);
}

function focusable(field, e) {
  if (e.focus_on_load) field.autofocus = true;
  return field;
}

function select(e, list, id, multiple = false) {
  const chosen = [e.initial_option?.value, e.initial_user, e.initial_conversation, e.initial_channel, ...(e.initial_users ?? []), ...(e.initial_options ?? []).map((o) => o.value)];
  return h("select", { id, multiple, data: { k: id } },
    !multiple && h("option", { value: "" }, e.placeholder?.text ?? "Choose…"),
    list.map((o) => h("option", { value: o.value, selected: chosen.includes(o.value) }, plain(o.text))));
}

function boxes(e, who, id) {
  const radio = e.type === "radio_buttons";
  const chosen = [e.initial_option?.value, ...(e.initial_options ?? []).map((o) => o.value)];
  return h("div", { class: "boxes", id }, e.options.map((o, n) => h("label", {},
    h("input", { type: radio ? "radio" : "checkbox", name: id, value: o.value, checked: chosen.includes(o.value), data: { k: id + n } }),
    h("span", {}, text(o.text, who), o.description && h("small", {}, text(o.description, who))))));
}

// valueOf is what a field holds, several values joined by commas.
export function valueOf(field) {
  if (field.classList.contains("boxes")) return [...field.querySelectorAll("input:checked")].map((i) => i.value).join(",");
  if (field.multiple) return [...field.selectedOptions].map((o) => o.value).join(",");
  return field.value;
}

// setValue puts back what a field held before it was drawn anew.
export function setValue(field, value) {
  if (field.classList.contains("boxes")) for (const i of field.querySelectorAll("input")) i.checked = value.split(",").includes(i.value);
  else if (field.multiple) for (const o of field.options) o.selected = value.split(",").includes(o.value);
  else field.value = value;
}

// markdown draws what the bot uses of Markdown: headings, lists, bold, code and links.
function markdown(source, who) {
  return source.split("\n").map((line) => {
    const heading = /^#{1,6} (.*)/.exec(line);
    const body = (heading ? heading[1] : line).replace(/\*\*(.+?)\*\*/g, "*$1*").replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>").replace(/^[-*] /, "• ");
    return heading ? h("h4", {}, mrkdwn(body, who)) : [mrkdwn(body, who), "\n"];
  });
}

function rich(e, who) {
  const parts = () => (e.elements ?? []).map((p) => rich(p, who));
  const styled = (node) => (e.style?.code ? h("code", {}, node) : e.style?.bold ? h("strong", {}, node) : e.style?.italic ? h("em", {}, node) : e.style?.strike ? h("s", {}, node) : node);
  switch (e.type) {
    case "rich_text_section": return h("div", { class: "text" }, parts());
    case "rich_text_list": return h(e.style === "ordered" ? "ol" : "ul", {}, (e.elements ?? []).map((p) => h("li", {}, rich(p, who))));
    case "rich_text_quote": return h("blockquote", {}, parts());
    case "rich_text_preformatted": return h("pre", {}, parts());
    case "text": return styled(e.text);
    case "emoji": return symbol(e.name);
    case "link": return link(e.url, e.text ?? e.url);
    case "user": return mrkdwn(`<@${e.user_id}>`, who);
    case "channel": return mrkdwn(`<#${e.channel_id}>`, who);
    case "date": return mrkdwn(`<!date^${e.timestamp}^${e.format}|${e.fallback ?? ""}>`, who);
  }
  return "";
}
