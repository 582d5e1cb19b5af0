// The "/" button: the commands the bot registered for this chat, the narrowest scope first, as Telegram chooses.

import { toast, openMenu } from "./overlay.js";

export function openCommands(phone, anchor) {
  const commands = commandsFor(phone);
  if (!commands.length) {
    toast("机器人还没有登记命令", phone.screen, "quiet");
    return;
  }
  const items = commands.map(({ command, description }) => ({
    label: description, hint: `/${command}`, run: () => phone.say(`/${command}`),
  }));
  openMenu(anchor, items, phone.composer.node).classList.add("commands");
}

/** In each scope the list in the person's language goes before the one for everybody. */
function commandsFor(phone) {
  const lists = phone.world.bot?.commands ?? {};
  const language = (phone.user.language ?? "").slice(0, 2);
  const keys = scopesOf(phone).flatMap((scope) => [`${scope} ${language}`, scope]);
  return keys.map((key) => lists[key]).find((list) => list?.length) ?? [];
}

function scopesOf({ chat, user }) {
  const kind = chat.type === "private" ? ["all_private_chats"] : ["all_chat_administrators", "all_group_chats"];
  return [`chat_member:${chat.id}:${user.id}`, `chat_administrators:${chat.id}`, `chat:${chat.id}`, ...kind, "default"]
    .filter((scope) => !scope.includes("administrators") || (chat.admins ?? []).includes(user.id));
}
