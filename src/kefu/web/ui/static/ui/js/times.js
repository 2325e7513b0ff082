// Times in the reader's own zone and words; "3 minutes ago" stays true while the page is open.
import { pageLanguage } from "./words.js";

const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const SHAPES = {
  datetime: { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  date: { year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

/** “3 minutes ago”, “in 2 hours”; seconds may be negative. */
export function ago(seconds) {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(pageLanguage(), { numeric: "auto" }).format(-Math.trunc(seconds / size), unit);
}

/** “11-18”, with the year where it is another than ours: for lists by date. */
function day(moment) {
  const two = (number) => String(number).padStart(2, "0");
  const short = `${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return moment.getFullYear() === new Date().getFullYear() ? short : `${moment.getFullYear()}-${short}`;
}

/** “09:41” on the day itself, “11-18 09:41” on others: for timelines, where the order says the rest. */
function near(moment) {
  const time = new Intl.DateTimeFormat(pageLanguage(), SHAPES.time).format(moment);
  return moment.toDateString() === new Date().toDateString() ? time : `${day(moment)} ${time}`;
}

function showTime(element) {
  const moment = new Date(element.dateTime);
  if (Number.isNaN(moment.valueOf())) return;
  const style = element.dataset.when;
  const full = new Intl.DateTimeFormat(pageLanguage(), {
    dateStyle: "long",
    timeStyle: "short",
    hourCycle: "h23",
  }).format(moment);
  element.textContent =
    style === "ago"
      ? ago((Date.now() - moment) / 1000)
      : style === "day" ? day(moment)
      : style === "near" ? near(moment) : new Intl.DateTimeFormat(pageLanguage(), SHAPES[style] ?? SHAPES.datetime).format(moment);
  element.title = full;
}

/** Bring every <time data-when> inside up to date; call it for what you put into the page yourself. */
export function showTimes(root = document) {
  root.querySelectorAll("time[data-when]").forEach(showTime);
}

showTimes();
setInterval(() => document.hidden || document.querySelectorAll('time[data-when="ago"]').forEach(showTime), 30_000);
document.addEventListener("htmx:load", (event) => showTimes(event.detail.elt));
document.cookie = `kefu_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone};path=/;max-age=31536000;samesite=lax`;
