// Building elements without ever parsing a string as HTML: names and titles stay text.

/**
 * el("button", {class: "x", onclick: f, "aria-label": "…", hidden: true}, "text", node, null)
 * Keys starting with "on" are listeners; booleans switch attributes; null and false children are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) setProp(node, key, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProp(node, key, value) {
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "value") node.value = value;
  else if (value === true) node.setAttribute(key, "");
  else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
}

export function button(label, onclick, props = {}, ...children) {
  const inner = children.length ? children : [label];
  return el("button", { type: "button", "aria-label": label, title: label, onclick, ...props }, ...inner);
}

const HUES = ["#1d6f8a", "#7a4fa3", "#a8482f", "#2c7a4b", "#9a5b00", "#3a5fb0", "#a33a6c", "#4f6b1f"];

/** The coloured circle with the first letter of a name; the same person always has the same colour. */
export function avatar(name, id, extra = "") {
  const initial = /\p{Script=Han}/u.exec(name) ?? /\p{L}/u.exec(name) ?? ["?"];
  const circle = el("span", { class: `avatar ${extra}`, "aria-hidden": "true" }, initial[0]);
  circle.style.setProperty("--hue", HUES[Math.abs(Number(id) || 0) % HUES.length]);
  return circle;
}

/** "李卫国 · 队员" → {who: "李卫国", role: "队员"}; a name without a dot has an empty role. */
export function splitName(name) {
  const [who, ...rest] = String(name ?? "").split(" · ");
  return { who: who.trim() || "（没有名字）", role: rest.join(" · ").trim() };
}

const COUNT_UNITS = ["B", "KB", "MB", "GB"];

export function bytesText(size) {
  let left = Number(size) || 0;
  let unit = 0;
  while (left >= 1024 && unit < COUNT_UNITS.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${unit === 0 || left >= 100 ? Math.round(left) : left.toFixed(1)} ${COUNT_UNITS[unit]}`;
}
