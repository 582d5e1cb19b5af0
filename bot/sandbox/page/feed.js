// The messages of one chat, kept up to date by asking for what changed since the last answer.

import * as api from "./api.js";

export class Feed extends EventTarget {
  constructor(query) {
    super();
    this.query = query;
    this.pressing = new Set();
    this.messages = new Map();
    this.change = 0;
    this.loaded = false;
  }

  /** One question at a time; a refresh asked for meanwhile is done afterwards. */
  refresh() {
    this.running = (this.running ?? Promise.resolve()).catch(() => {}).then(() => this.ask());
    return this.running;
  }

  async ask() {
    const { change, messages } = await api.get("messages", { ...this.query, after: this.change });
    const first = !this.loaded;
    this.loaded = true;
    this.change = Math.max(this.change, change ?? 0);
    for (const message of messages) this.take(message);
    if (messages.length || first) this.tell();
  }

  take(message) {
    if (message.deleted) this.messages.delete(message.message_id);
    else this.messages.set(message.message_id, message);
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** Messages in order, of one forum topic or (undefined) of all. */
  list(topic) {
    const all = [...this.messages.values()].sort((a, b) => a.message_id - b.message_id);
    return topic === undefined ? all : all.filter((message) => topicOf(message) === topic);
  }

  /** Mark a button as being pressed (spinner) until `done` is called. */
  press(key) {
    this.pressing.add(key);
    this.tell();
    return () => {
      this.pressing.delete(key);
      this.tell();
    };
  }
}

export const GENERAL = 1;

export const topicOf = (message) => message.topic || GENERAL;
