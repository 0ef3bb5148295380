// Making elements. Whatever comes from outside becomes a text node or an attribute, never markup.

// h makes an element. Properties: class, on* listeners, data, aria-* and other attributes; children are nodes, strings or
// (nested) lists of them; null and false are left out.
export function h(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") e.className = value;
    else if (name === "data") Object.assign(e.dataset, value);
    else if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (name in e && typeof value === "boolean") e[name] = value;
    else if (name === "value") e.value = value;
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...flat(children));
  return e;
}

const flat = (list) => list.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);

// keyed makes a container hold one node for each item, in order. A node whose signature did not change is kept, so that
// focus, scrolling and what was typed in it stay. Whatever had the focus gets it back by its data-k.
export function keyed(container, items, make) {
  const old = new Map();
  for (const node of [...container.children]) old.set(node.dataset.key, node);
  const focus = document.activeElement?.dataset?.k;
  const nodes = items.map(({ key, item }) => {
    const signature = JSON.stringify(item);
    const was = old.get(key);
    if (was && was.signature === signature) return was;
    const node = make(item);
    node.dataset.key = key;
    node.signature = signature;
    return node;
  });
  const lost = container.contains(document.activeElement);
  nodes.forEach((node, n) => {
    if (container.children[n] !== node) container.insertBefore(node, container.children[n] ?? null);
  });
  while (container.children.length > nodes.length) container.lastChild.remove();
  if (lost && focus && document.activeElement?.dataset?.k !== focus) {
    container.querySelector(`[data-k="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }
}

// fill replaces what a container holds when the signature is another one, and gives the focus, with the caret, back to what
// has the same data-k.
export function fill(container, signature, make) {
  const now = JSON.stringify(signature);
  if (container.signature === now) return;
  container.signature = now;
  const active = document.activeElement;
  const focus = container.contains(active) ? active.dataset?.k : undefined;
  const caret = focus && active.selectionStart;
  container.replaceChildren(...flat([make()]));
  const again = focus && container.querySelector(`[data-k="${CSS.escape(focus)}"]`);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (typeof caret === "number") again.setSelectionRange(caret, caret);
}
