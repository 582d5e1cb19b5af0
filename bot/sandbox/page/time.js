// Times as people in the county read them: always in the sandbox clock's zone, never in the browser's.

let zone = "Asia/Shanghai";

export function useZone(name) {
  if (name) zone = name;
}

function format(date, options) {
  return new Intl.DateTimeFormat("zh-CN", { timeZone: zone, ...options }).format(date);
}

/** Seconds since 1970 or an ISO string, as the control API may give either. */
export function asDate(value) {
  return typeof value === "number" ? new Date(value * 1000) : new Date(value);
}

export const clockTime = (date) => format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const yearName = (date) => format(date, { year: "numeric" });
export const monthDay = (date) => format(date, { month: "long", day: "numeric" });
export const weekday = (date) => format(date, { weekday: "long" });
export const dayName = (date) => `${monthDay(date)} ${weekday(date)}`;

/** "2026-11-20T16:00" as the zone's wall clock shows it: the value of a datetime field. */
export function wallTime(date) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).formatToParts(date);
  const at = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return `${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}`;
}

/** The zone's offset at that moment, such as "+08:00". */
function offsetAt(date) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(date);
  const name = parts.find((part) => part.type === "timeZoneName").value.replace("GMT", "");
  return name || "+00:00";
}

/** A wall time of the zone → ISO with its offset, which is what the control API wants. */
export function isoFromWall(wall) {
  return `${wall}:00${offsetAt(new Date(`${wall}:00Z`))}`;
}

/** The ISO moment of hh:mm on the day after `date` in the zone. */
export function tomorrowAt(date, time) {
  const next = new Date(date.getTime() + 24 * 3600 * 1000);
  return isoFromWall(`${wallTime(next).slice(0, 10)}T${time}`);
}
