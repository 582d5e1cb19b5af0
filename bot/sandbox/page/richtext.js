// The server's HTML of a message, let in through a list of harmless tags; links never leave the sandbox.

import { el } from "./dom.js";

const TAGS = { B: "strong", STRONG: "strong", I: "em", EM: "em", U: "u", INS: "u", S: "s", DEL: "s", STRIKE: "s",
  CODE: "code", PRE: "pre", BLOCKQUOTE: "blockquote", BR: "br" };

/** html → nodes. `on.link(url)` and `on.command(text)` are what a tap on a link or a /command does. */
export function richText(html, on) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return [...parsed.body.childNodes].flatMap((node) => clean(node, on));
}

function clean(node, on) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(afterBlock(node) ? node.data.replace(/^\n/, "") : node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE"].includes(node.tagName)) return [];
  const inside = [...node.childNodes].flatMap((child) => clean(child, on));
  if (node.tagName === "A") return [link(node, inside, on)];
  if (node.classList.contains("spoiler")) return [spoiler(inside)];
  if (node.classList.contains("command")) return [commandLink(node.textContent, on)];
  const tag = TAGS[node.tagName];
  return tag ? [el(tag, {}, ...inside)] : inside;
}

/** A quotation or a table ends its line by itself; the newline after it would be a second one. */
const afterBlock = (node) => ["PRE", "BLOCKQUOTE"].includes(node.previousSibling?.tagName);

function link(node, inside, on) {
  const url = node.getAttribute("href") ?? "";
  return el("button", { type: "button", class: "inline-link", title: url, onclick: () => on.link(url) }, ...inside);
}

function commandLink(text, on) {
  return el("button", { type: "button", class: "inline-link", onclick: () => on.command(text) }, text);
}

function spoiler(inside) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "遮住的文字，点开看" }, ...inside);
  node.addEventListener("click", () => node.classList.add("seen"));
  return node;
}
