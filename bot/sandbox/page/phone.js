// One phone: whose it is, which of their chats is open, and what can be done on it.

import * as api from "./api.js";
import { ChatHead } from "./chathead.js";
import { Composer } from "./composer.js";
import { avatar, button, el, splitName } from "./dom.js";
import { icon } from "./icons.js";
import { openLink } from "./link.js";
import { complain, openMenu } from "./overlay.js";
import { ReplyKeys } from "./replykeys.js";
import { Thread } from "./thread.js";
import { clockTime } from "./time.js";
import { GENERAL, topicOf } from "./feed.js";

export class Phone {
  /** `desk` is asked to swap or take away this phone, and remembers the open chat. */
  constructor(world, user, desk, chatId) {
    Object.assign(this, { world, user, desk });
    this.who = splitName(user.name).who;
    this.openLink = (url) => openLink(url, this);
    this.say = (text) => this.send({ text });
    this.build();
    this.onFeed = () => this.renderFeed();
    this.open(this.world.chatsOf(user.id).find((chat) => chat.id === chatId) ?? this.world.chatsOf(user.id)[0]);
  }

  build() {
    const { who, role } = splitName(this.user.name);
    this.thread = new Thread(this);
    this.replyKeys = new ReplyKeys(this);
    this.composer = new Composer(this);
    this.composer.attachButton.after(this.replyKeys.toggle);
    this.head = new ChatHead(this);
    this.time = el("time", {});
    const status = el("div", { class: "phone-status", "aria-hidden": "true" }, this.time, el("span", { class: "signal" }, el("i"), el("i"), el("i"), el("i")));
    this.screen = el("div", { class: "screen" }, status, this.head.node, this.thread.node, this.composer.node, this.replyKeys.node);
    this.more = button(`${who} 的手机：更多`, () => this.openMore(), { class: "round", "aria-haspopup": "menu" }, icon("more"));
    const plate = el("header", { class: "plate" }, avatar(who, this.user.id), el("h2", {}, who, role && el("small", {}, role)), this.more);
    this.node = el("section", { class: "seat", "aria-label": `${this.user.name} 的手机`, "data-user": this.user.id }, plate, el("div", { class: "case" }, this.screen));
    this.plate = plate;
    this.acceptDrops();
  }

  acceptDrops() {
    const over = (on) => this.screen.classList.toggle("dropping", on);
    this.screen.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
    this.screen.addEventListener("dragleave", () => over(false));
    this.screen.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      this.composer.tray.add([...event.dataTransfer.files]);
    });
  }

  /** Show one of the person's chats; a forum opens at its first topic. */
  open(chat, topic) {
    if (this.feed) this.feed.removeEventListener("change", this.onFeed);
    const before = this.chat?.id;
    this.chat = chat;
    this.topic = chat.forum ? topic ?? GENERAL : undefined;
    this.feed = this.world.feedOf(chat);
    this.feed.addEventListener("change", this.onFeed);
    this.thread.reset();
    this.composer.moveTo(before, chat.id);
    this.renderFeed();
    if (!this.feed.loaded) this.feed.refresh().catch((error) => complain(error, this.screen));
    this.desk.remember();
  }

  /** The sandbox's state changed: groups may have come, gone or been renamed. */
  renew() {
    const chats = this.world.chatsOf(this.user.id);
    const same = chats.find((chat) => chat.id === this.chat.id);
    if (same) this.chat = same;
    else this.open(chats[0]);
    this.head.render();
  }

  renderFeed() {
    this.thread.render(this.feed, this.topic);
    this.replyKeys.render(this.feed.list(this.topic));
    this.head.markSeen();
    this.head.render();
  }

  tick(now) {
    this.time.textContent = clockTime(now);
  }

  /** The fields that say who speaks where. */
  address() {
    const topic = this.topic === undefined || this.topic === GENERAL ? undefined : this.topic;
    return { user: this.user.id, chat: this.chat.id, bot: this.world.bot?.id, topic };
  }

  async send(what) {
    this.thread.stuck = true;
    try {
      await api.post("send", { ...this.address(), ...what });
      await this.world.refresh();
    } catch (error) {
      complain(error, this.screen);
    }
  }

  /** Pass a message on to the private chat with the bot. */
  async forward(message) {
    const home = this.world.chatsOf(this.user.id)[0];
    this.open(home);
    await this.send({ text: message.text, forward: true });
  }

  showMessage(id) {
    const message = this.feed.messages.get(id);
    if (message && this.topic !== undefined && topicOf(message) !== this.topic) this.open(this.chat, topicOf(message));
    this.thread.show(id);
  }

  openMore() {
    openMenu(this.more, [
      { label: "换一个人", iconName: "swap", run: () => this.desk.swap(this) },
      this.blocked
        ? { label: "重新启用机器人", iconName: "check", run: () => this.block(false) }
        : { label: "停用机器人", hint: "机器人再也发不进来", iconName: "block", run: () => this.block(true) },
      ...(this.desk.phones.length > 1 ? [{ label: "收起这部手机", iconName: "close", run: () => this.desk.takeAway(this) }] : []),
    ], this.plate, "down right");
  }

  get blocked() {
    return Boolean(this.world.chatsOf(this.user.id)[0].blocked);
  }

  async block(blocked) {
    try {
      await api.post("block", { user: this.user.id, bot: this.world.bot?.id, blocked });
      await this.world.refresh();
    } catch (error) {
      complain(error, this.screen);
    }
  }

  close() {
    this.feed.removeEventListener("change", this.onFeed);
    this.head.close();
    this.node.remove();
  }
}
