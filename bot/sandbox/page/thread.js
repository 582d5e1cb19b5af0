// The scrolling list of messages. Only rows that changed are built anew, so that a tap is never lost under the finger.

import { bubble } from "./bubble.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { topicOf } from "./feed.js";
import { asDate, dayName } from "./time.js";

const SHOWN_AT_FIRST = 60;
const NEAR_END_PX = 90;
const RUN_SECONDS = 300;

export class Thread {
  constructor(phone) {
    this.phone = phone;
    this.rows = new Map();
    this.limit = SHOWN_AT_FIRST;
    this.list = el("ol", { class: "messages", role: "log", "aria-live": "polite", "aria-label": "消息", tabindex: "0" });
    this.list.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.list.addEventListener("load", () => this.stuck && this.scrollToEnd(), { capture: true });
    this.toEnd = button("到最新的消息", () => this.scrollToEnd(true), { class: "to-end round", hidden: true }, icon("down"));
    this.node = el("div", { class: "thread" }, this.list, this.toEnd);
    new ResizeObserver(() => this.stuck && this.scrollToEnd()).observe(this.list);
    this.stuck = true;
    this.lastTop = 0;
  }

  /** Forget what is shown, as when another chat is opened. */
  reset() {
    this.rows.clear();
    this.list.replaceChildren();
    this.limit = SHOWN_AT_FIRST;
    this.stuck = true;
  }

  render(feed, topic) {
    const all = toRows(feed.list(topic), feed);
    const shown = all.slice(-this.limit);
    const nodes = shown.map((row) => this.nodeOf(row));
    if (all.length > shown.length) nodes.unshift(this.older(feed, topic));
    if (!all.length) nodes.push(this.emptyNote(feed));
    place(this.list, nodes);
    if (this.stuck) this.scrollToEnd();
  }

  nodeOf(row) {
    const known = this.rows.get(row.key);
    if (known?.mark === row.mark) return known.node;
    const held = known?.node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const node = row.day ? el("li", { class: "day" }, el("span", {}, row.day)) : bubble(row, this.phone);
    if (known) node.classList.add("still");
    this.rows.set(row.key, { mark: row.mark, node });
    if (held) queueMicrotask(() => node.querySelector(`[data-key="${held}"]`)?.focus({ preventScroll: true }));
    return node;
  }

  older(feed, topic) {
    return el("li", { class: "older" }, el("button", { type: "button", onclick: () => {
      const before = this.list.scrollHeight;
      this.limit += SHOWN_AT_FIRST;
      this.stuck = false;
      this.render(feed, topic);
      this.list.scrollTop += this.list.scrollHeight - before;
    } }, "更早的消息"));
  }

  emptyNote(feed) {
    const isPrivate = this.phone.chat.type === "private";
    const text = !feed.loaded ? "正在打开…" : isPrivate ? "还没有说过话" : "群里还没有消息";
    const start = feed.loaded && isPrivate && el("button", { type: "button", class: "primary", onclick: () => this.phone.say("/start") }, "开始");
    return el("li", { class: "empty" }, el("p", {}, text), start);
  }

  onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    const nearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    // A list that only became shorter (a keyboard opened) was not scrolled away by a person.
    if (nearEnd) this.stuck = true;
    else if (scrollTop < this.lastTop) this.stuck = false;
    this.lastTop = scrollTop;
    this.toEnd.hidden = nearEnd || this.stuck;
  }

  scrollToEnd(smooth = false) {
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  show(id) {
    const node = this.list.querySelector(`[data-id="${id}"]`);
    node?.scrollIntoView({ block: "center", behavior: "smooth" });
    node?.animate([{ opacity: 0.4 }, { opacity: 1 }], 700);
  }
}

/** Put the nodes in order, moving and removing only what must be. */
function place(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
}

/** Messages → rows: a line per new day, albums in one row, runs of one sender marked by their first. */
function toRows(messages, feed) {
  const rows = [];
  let day = "";
  for (const message of messages) {
    const date = asDate(message.date);
    const last = rows.at(-1);
    if (dayName(date) !== day) {
      day = dayName(date);
      rows.push({ key: `day ${day} ${message.message_id}`, mark: day, day });
    } else if (message.media_group_id && last?.album === message.media_group_id) {
      last.messages.push(message);
      continue;
    }
    rows.push({ key: message.message_id, messages: [message], album: message.media_group_id, first: startsRun(message, last), feed });
  }
  for (const row of rows) if (!row.day) row.mark = markOf(row, feed);
  return rows;
}

function startsRun(message, last) {
  const before = last?.messages?.at(-1);
  if (!before || before.from?.id !== message.from?.id || before.service) return true;
  return asDate(message.date) - asDate(before.date) > RUN_SECONDS * 1000 || topicOf(before) !== topicOf(message);
}

function markOf(row, feed) {
  const ids = row.messages.map((message) => `${message.message_id}@${message.change}`);
  const busy = [...feed.pressing].filter((key) => row.messages.some((message) => key.split(":")[1] === String(message.message_id)));
  return [...ids, row.first, ...busy].join(" ");
}
