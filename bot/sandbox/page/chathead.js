// The top of a phone's screen: tabs of the person's chats, the open chat's name, forum topics, the pinned message.

import { avatar, button, el } from "./dom.js";
import { GENERAL, topicOf } from "./feed.js";
import { icon } from "./icons.js";

const MOST_COUNTED = 99;

export class ChatHead {
  constructor(phone) {
    this.phone = phone;
    this.seen = new Map();
    this.watched = new Map();
    this.title = el("div", { class: "chat-title" });
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "聊天" });
    this.topics = el("div", { class: "tabs topics", role: "tablist", "aria-label": "话题" });
    this.pinned = el("div", { class: "pinned" });
    this.node = el("div", { class: "chat-head" }, this.title, this.tabs, this.topics, this.pinned);
  }

  render() {
    const { chat, world, user } = this.phone;
    const chats = world.chatsOf(user.id);
    this.watch(chats);
    const mark = JSON.stringify([chat, this.pinnedMessage(chat)?.change, this.phone.topic, chats.map((one) => [one.id, one.title, this.unread(one)]), this.topicsUnread()]);
    if (mark === this.mark) return;
    this.mark = mark;
    this.title.replaceChildren(...titleOf(chat, world));
    this.tabs.hidden = chats.length < 2;
    this.tabs.replaceChildren(...chats.map((one) => this.tab(one)));
    const chosen = this.tabs.querySelector('[aria-selected="true"]');
    if (chosen) this.tabs.scrollLeft = chosen.offsetLeft - this.tabs.clientWidth / 3;
    this.renderTopics(chat);
    this.renderPinned(chat);
  }

  tab(chat) {
    const name = chat.type === "private" ? "私聊" : chat.title;
    return oneTab(name, chat.id === this.phone.chat.id, this.unread(chat), () => this.phone.open(chat));
  }

  renderTopics(chat) {
    this.topics.hidden = !chat.forum;
    if (!chat.forum) return;
    const named = (chat.topics ?? []).filter((topic) => topic.id !== GENERAL);
    const general = (chat.topics ?? []).find((topic) => topic.id === GENERAL) ?? { id: GENERAL, name: "综合" };
    this.topics.replaceChildren(...[general, ...named].map((topic) =>
      oneTab(topic.name, topic.id === this.phone.topic, this.unreadIn(chat, topic.id), () => this.phone.open(chat, topic.id))));
  }

  /** The last pinned one; it may be known before the message itself has come. */
  pinnedMessage(chat) {
    return this.phone.feed.messages.get((chat.pinned ?? []).at(-1));
  }

  renderPinned(chat) {
    const message = this.pinnedMessage(chat);
    this.pinned.hidden = !message;
    if (!message) return;
    const words = message.text ?? message.caption ?? "照片";
    this.pinned.replaceChildren(button("看置顶的消息", () => this.phone.showMessage(message.message_id), {}, icon("tack"), el("span", {}, words.split("\n")[0])));
  }

  /** Listen to the chats that are not open too, so that their tabs can count. */
  watch(chats) {
    for (const chat of chats) {
      const feed = this.phone.world.feedOf(chat);
      if (this.watched.has(feed)) continue;
      const listen = () => this.render();
      feed.addEventListener("change", listen);
      this.watched.set(feed, listen);
      if (!feed.loaded) feed.refresh().catch(() => {});
    }
  }

  /** What is open counts as read. */
  markSeen() {
    const { feed, chat, topic } = this.phone;
    if (feed.loaded) this.seen.set(keyOf(chat, topic), feed.list(topic).at(-1)?.message_id ?? 0);
  }

  unread(chat) {
    if (!chat.forum) return this.unreadIn(chat, undefined);
    return [GENERAL, ...(chat.topics ?? []).map(({ id }) => id)].reduce((sum, id) => sum + this.unreadIn(chat, id), 0);
  }

  topicsUnread() {
    const { chat } = this.phone;
    return chat.forum ? (chat.topics ?? []).map(({ id }) => this.unreadIn(chat, id)) : [];
  }

  /** Newer messages of others than the last one seen; the first look at a chat starts from its end. */
  unreadIn(chat, topic) {
    const feed = this.phone.world.feedOf(chat);
    const key = keyOf(chat, topic);
    if (!feed.loaded) return 0;
    const list = feed.list(topic);
    if (!this.seen.has(key)) this.seen.set(key, list.at(-1)?.message_id ?? 0);
    const from = this.seen.get(key);
    return list.filter((message) => message.message_id > from && message.from?.id !== this.phone.user.id).length;
  }

  close() {
    for (const [feed, listen] of this.watched) feed.removeEventListener("change", listen);
  }
}

const keyOf = (chat, topic) => `${chat.id} ${topic ?? ""}`;

function oneTab(name, chosen, unread, open) {
  const badge = unread > 0 && el("b", { class: "badge", "aria-label": `${unread} 条未读` }, unread > MOST_COUNTED ? "99+" : String(unread));
  return el("button", { type: "button", role: "tab", class: "tab", title: name, "aria-selected": String(chosen), onclick: open }, el("span", {}, name), badge);
}

function titleOf(chat, world) {
  if (chat.type !== "private") {
    const people = (chat.members ?? []).filter((id) => world.user(id)).length;
    return [avatar(chat.title, chat.id, "square"), el("div", {}, el("h3", {}, chat.title), el("small", {}, chat.forum ? `${people} 人 · 分话题的群` : `${people} 人的群`))];
  }
  const name = chat.blocked ? "已停用，机器人发不进来" : world.bot ? "机器人" : "机器人还没有上线";
  return [el("span", { class: "avatar bot", "aria-hidden": "true" }, "驻"), el("div", {}, el("h3", {}, "驻村通"), el("small", {}, name))];
}
