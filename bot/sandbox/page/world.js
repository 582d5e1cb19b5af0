// What the page knows of the sandbox: who is there, which chats there are, what time it is.
// One long poll wakes everything (a browser allows six connections to a host; a poll per phone would use them up).

import * as api from "./api.js";
import { Feed } from "./feed.js";
import { useZone } from "./time.js";

const WAIT_SECONDS = 20;
// People, groups and the clock may change without a message, which alone ends the long poll.
const STATE_EVERY_MS = 5000;
const RETRY_MS = 1500;

export class World extends EventTarget {
  constructor(botId) {
    super();
    this.wantedBot = botId;
    this.state = { bots: [], users: [], chats: [] };
    this.feeds = new Map();
    this.clock = { at: Date.now(), seen: performance.now(), frozen: false };
  }

  get bot() {
    return this.state.bots.find((bot) => !this.wantedBot || bot.id === this.wantedBot) ?? null;
  }

  user(id) {
    return this.state.users.find((user) => user.id === id);
  }

  /** The chats a person sees, the private one with the bot first (it is shown before it exists). */
  chatsOf(userId) {
    const mine = (chat) => chat.type === "private" && chat.user_id === userId && (!this.bot || chat.bot_id === this.bot.id);
    const own = this.state.chats.find(mine) ?? { id: userId, type: "private", user_id: userId };
    const shared = (chat) => chat.type !== "private" && !chat.upgraded_to && (chat.members ?? []).includes(userId);
    return [own, ...this.state.chats.filter(shared)];
  }

  feedOf(chat) {
    if (!this.feeds.has(chat.id)) {
      const user = chat.type === "private" ? chat.id : undefined;
      this.feeds.set(chat.id, new Feed({ chat: chat.id, user, bot: this.wantedBot }));
    }
    return this.feeds.get(chat.id);
  }

  /** The sandbox's time now. */
  now() {
    const passed = this.clock.frozen ? 0 : performance.now() - this.clock.seen;
    return new Date(this.clock.at + passed);
  }

  takeClock(clock) {
    useZone(clock.zone);
    this.clock = { at: Date.parse(clock.now), seen: performance.now(), frozen: Boolean(clock.frozen) };
    this.tell("clock");
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }

  async refreshState() {
    const state = await api.get("state");
    this.takeClock(state.clock);
    const restarted = state.change < (this.state.change ?? 0);
    const before = JSON.stringify([this.state.bots, this.state.users, this.state.chats]);
    this.state = state;
    if (restarted) location.reload();
    if (JSON.stringify([state.bots, state.users, state.chats]) !== before) this.tell("state");
    return state.change;
  }

  /** After something this page did: show it at once, without waiting for the poll. */
  async refresh() {
    await this.refreshState();
    await this.refreshFeeds();
  }

  /** Ask for the news of every chat that is shown, or of those in `only` (a set of chat ids). */
  async refreshFeeds(only) {
    const wanted = [...this.feeds].filter(([id]) => !only || only.has(id));
    // A chat that is gone must not stop the others; a sandbox that is gone is noticed by the poll.
    await Promise.allSettled(wanted.map(([, feed]) => feed.refresh()));
  }

  async start() {
    setInterval(() => this.refreshState().catch(() => {}), STATE_EVERY_MS);
    for (;;) {
      try {
        let change = await this.refreshState();
        this.setTrouble(null);
        await this.refreshFeeds();
        for (;;) change = await this.wake(change);
      } catch (error) {
        this.setTrouble(error);
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  }

  async wake(change) {
    const answer = await api.get("messages", { after: change, wait: WAIT_SECONDS });
    await this.refreshState();
    await this.refreshFeeds(new Set(answer.messages.map((message) => message.chat)));
    return answer.change;
  }

  setTrouble(error) {
    this.trouble = error;
    this.tell("trouble");
  }
}
