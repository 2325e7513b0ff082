// What articles hold besides text: code in several languages as tabs, videos that play when asked to, a course with one's own progress.
import { say } from "./words.js";

const CODE_CHOICE = "kefu-code";
const PATHS = "kefu-paths";
const PLAYERS = ["www.youtube-nocookie.com", "player.vimeo.com"];

function stored(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // a browser without storage forgets
  }
}

function codeTabs(group, number) {
  const figures = [...group.querySelectorAll(":scope > figure")];
  if (figures.length < 2 || group.querySelector('[role="tablist"]')) return;
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  const wanted = stored(CODE_CHOICE, "");
  const chosen = Math.max(0, figures.findIndex((figure) => figure.querySelector("figcaption").textContent === wanted));
  figures.forEach((figure, at) => {
    const caption = figure.querySelector("figcaption");
    figure.id = `code-${number}-${at}`;
    figure.setAttribute("role", "tabpanel");
    figure.tabIndex = 0;
    const tab = document.createElement("button");
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.id = `code-tab-${number}-${at}`;
    tab.setAttribute("aria-controls", figure.id);
    tab.setAttribute("aria-selected", String(at === chosen));
    tab.tabIndex = at === chosen ? 0 : -1;
    tab.textContent = caption.textContent;
    tab.addEventListener("click", () => store(CODE_CHOICE, tab.textContent));
    figure.setAttribute("aria-labelledby", tab.id);
    figure.hidden = at !== chosen;
    caption.hidden = true;
    list.append(tab);
  });
  group.prepend(list);
}

function copyButton(block) {
  block.tabIndex = 0; // it scrolls sideways
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet sm copy";
  button.textContent = say("copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = say("copied");
    setTimeout(() => (button.textContent = say("copy")), 2000);
  });
  block.after(button);
}

/** The other site learns of the reader only when the reader starts the video. */
function video(link) {
  const address = new URL(link.href);
  if (!PLAYERS.includes(address.host)) return;
  link.setAttribute("aria-describedby", "video-note");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.src = `${address}${address.search ? "&" : "?"}autoplay=1`;
    frame.title = link.textContent;
    frame.allow = "autoplay; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    link.replaceWith(frame);
    frame.focus();
  });
}

function coursePage(course) {
  const read = new Set(stored(PATHS, {})[course.dataset.path] ?? []);
  const boxes = [...course.querySelectorAll("input[data-chapter]")];
  const show = () => {
    const done = boxes.filter((box) => box.checked).length;
    course.querySelector("progress").value = done;
    course.querySelector("[data-done]").textContent = done;
    const next = boxes.find((box) => !box.checked) ?? boxes[0];
    course.querySelector("[data-go-on]").href = next.closest("li").querySelector("a").href;
  };
  boxes.forEach((box) => {
    box.hidden = false;
    box.checked = read.has(box.dataset.chapter);
    box.addEventListener("change", () => {
      store(PATHS, { ...stored(PATHS, {}), [course.dataset.path]: boxes.filter((one) => one.checked).map((one) => one.dataset.chapter) });
      show();
    });
  });
  course.querySelectorAll("[data-course-progress]").forEach((part) => (part.hidden = false));
  show();
}

/** A chapter counts as read when its reader goes on from its end. */
function chapterEnd(link) {
  link.addEventListener("click", () => {
    const all = stored(PATHS, {});
    store(PATHS, { ...all, [link.dataset.path]: [...new Set([...(all[link.dataset.path] ?? []), link.dataset.read])] });
  });
}

document.querySelectorAll(".prose .code-tabs").forEach(codeTabs);
document.querySelectorAll(".prose pre.highlight").forEach(copyButton);
document.querySelectorAll(".prose .video a").forEach(video);
document.querySelectorAll("[data-path]:not(a)").forEach(coursePage);
document.querySelectorAll("a[data-path][data-read]").forEach(chapterEnd);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
// In print everything that is folded lies open.
addEventListener("beforeprint", () => document.querySelectorAll(".prose details").forEach((part) => (part.open = true)));
