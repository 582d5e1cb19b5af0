// Three things to try, in one line, until they are waved away.

import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { load, save } from "./memory.js";

const STEPS = [
  ["报一次走访", "队员点“走访”，选户、写一句"],
  ["选几张照片", "回形针里选，多张成一个相册"],
  ["看周报", "把时间拨到周五 16:00，管理群里就有"],
];

export function showHints(node) {
  if (load("hints-seen", false)) return;
  const away = () => {
    save("hints-seen", true);
    node.hidden = true;
  };
  node.append(el("b", { class: "hints-title" }, "试试看"),
    el("ol", {}, STEPS.map(([what, how]) => el("li", {}, el("strong", {}, what), el("span", {}, how)))),
    button("知道了，收起提示", away, { class: "round small" }, icon("close")));
  node.hidden = false;
}
