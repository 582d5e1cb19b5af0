// The desk: which phones lie on it, how they are chosen, and on a narrow screen which one is in the hand.

import { avatar, button, el, splitName } from "./dom.js";
import { icon } from "./icons.js";
import { choosePerson } from "./people.js";
import { Phone } from "./phone.js";
import { load, save } from "./memory.js";

export const MOST_PHONES = 4;
const PHONES_ON_WIDE = 4;
const WIDE_PX = 1700;
const PREFERRED = ["队员", "队长", "管理组", "管理员"];
const LIVES_IN_A_GROUP = "管理组";

export class Desk {
  constructor(world, wanted) {
    Object.assign(this, { world, wanted, phones: [], current: null });
    this.node = document.getElementById("desk");
    this.switcher = document.getElementById("switcher");
    world.addEventListener("state", () => this.onState());
  }

  onState() {
    if (!this.phones.length) this.layOut();
    for (const phone of this.phones) phone.renew();
    this.renderSwitcher();
  }

  /** The phones asked for in the address, else those of last time, else a member, a leader and the managing group. */
  layOut() {
    const { users } = this.world.state;
    const kept = load("phones", []).filter(({ user }) => this.world.user(user));
    const asked = this.wanted.filter((id) => this.world.user(id)).map((user) => ({ user }));
    const start = asked.length ? asked : kept.length ? kept : firstPeople(users).map((user) => ({ user: user.id, chat: this.firstChat(user) }));
    for (const { user, chat } of start.slice(0, MOST_PHONES)) this.put(this.world.user(user), chat);
    if (this.phones.length) this.take(this.phones[0]);
    else this.node.replaceChildren(nobody(() => this.add()));
    this.node.classList.toggle("bare", !this.phones.length);
  }

  /** Where the managing group's person looks first is the group: undefined for everybody else. */
  firstChat(user) {
    const inGroup = splitName(user.name).role.includes(LIVES_IN_A_GROUP);
    return inGroup ? this.world.chatsOf(user.id).find((chat) => chat.type !== "private")?.id : undefined;
  }

  put(user, chat, instead) {
    const phone = new Phone(this.world, user, this, chat);
    if (instead) {
      this.phones[this.phones.indexOf(instead)] = phone;
      instead.node.replaceWith(phone.node);
      instead.close();
    } else {
      this.phones.push(phone);
      this.node.append(phone.node);
    }
    this.node.querySelector(".nobody")?.remove();
    this.node.classList.remove("bare");
    phone.tick(this.world.now());
    this.take(phone);
    return phone;
  }

  get free() {
    const shown = new Set(this.phones.map((phone) => phone.user.id));
    return this.world.state.users.filter((user) => !shown.has(user.id));
  }

  get full() {
    return this.phones.length >= MOST_PHONES;
  }

  async add() {
    const user = await choosePerson(this.world, this.free, "再摆一部手机");
    if (user) this.put(user);
  }

  async swap(phone) {
    const user = await choosePerson(this.world, this.free, "这部手机给谁？");
    if (user) this.put(user, undefined, phone);
  }

  /** The phone of a person, put on the desk if it is not there yet. */
  phoneOf(user) {
    const there = this.phones.find((phone) => phone.user.id === user.id);
    if (there) this.take(there);
    return there ?? this.put(user, undefined, this.full ? this.phones.at(-1) : undefined);
  }

  takeAway(phone) {
    this.phones = this.phones.filter((other) => other !== phone);
    phone.close();
    this.take(this.phones[0]);
  }

  /** Take a phone in the hand: the only one seen on a narrow screen. */
  take(phone) {
    this.current = phone;
    for (const other of this.phones) other.node.classList.toggle("in-hand", other === phone);
    this.node.style.setProperty("--phones", this.phones.length);
    this.renderSwitcher();
    this.remember();
  }

  remember() {
    if (this.wanted.length || !this.phones.length) return;
    save("phones", this.phones.map(({ user, chat }) => ({ user: user.id, chat: chat.id })));
  }

  renderSwitcher() {
    const add = !this.full && button("再摆一部手机", () => this.add(), { class: "round" }, icon("plus"));
    this.switcher.replaceChildren(...this.phones.map((phone) => {
      const { who, role } = splitName(phone.user.name);
      return el("button", { type: "button", class: "hand", "aria-pressed": String(phone === this.current), onclick: () => this.take(phone) },
        avatar(who, phone.user.id, "small"), el("span", {}, who, role && el("small", {}, role)));
    }), ...(add ? [add] : []));
    this.onCount?.(this.phones.length);
  }

  tick(now) {
    for (const phone of this.phones) phone.tick(now);
  }
}

/** One person of each role that tells the story, then whoever comes first. */
function firstPeople(users) {
  const count = window.innerWidth >= WIDE_PX ? PHONES_ON_WIDE : PHONES_ON_WIDE - 1;
  const byRole = PREFERRED.map((word) => users.find((user) => splitName(user.name).role.includes(word)));
  return [...new Set([...byRole.filter(Boolean), ...users])].slice(0, count);
}

function nobody(add) {
  return el("div", { class: "nobody" }, el("p", {}, "沙箱里还没有人。"), el("button", { type: "button", class: "primary", onclick: add }, "添一个人"));
}
