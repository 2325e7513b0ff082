// A ticket form. Files are sent at once, each with its progress, and the form then only names them; what the story names
// fills fields that are still empty.
import { renewed } from "ui";

const form = document.querySelector("[data-upload-url]");
const area = form?.querySelector("[data-upload-area]");
const list = form?.querySelector("[data-upload-list]");
const input = form?.querySelector("[data-upload-input]");
const MOST = 10;
let underWay = 0;
let wanted = false;

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function add(file) {
  if (list.children.length >= MOST) return;
  const row = document.getElementById("upload-row").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = file.name;
  const remove = row.querySelector("[data-upload-remove]");
  remove.setAttribute("aria-label", `${remove.getAttribute("aria-label")} ${file.name}`);
  const state = row.querySelector("[data-state]");
  list.append(row);
  const body = new FormData();
  body.append("file", file);
  body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.uploadUrl);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.upload.addEventListener("progress", (event) => {
    state.textContent = `${Math.round((event.loaded / event.total) * 100)} %`;
  });
  underWay += 1;
  request.addEventListener("loadend", () => {
    underWay -= 1;
    if (wanted && !underWay) form.requestSubmit();
  });
  request.addEventListener("load", () => {
    if (request.status === 403 && renewed(request.getResponseHeader("X-Fresh-Token"))) {
      row.remove();
      return add(file); // the page was open for too long
    }
    if (request.status !== 200) {
      state.textContent = request.responseText.slice(0, 300);
      state.className = "bad-ink";
      return;
    }
    const stored = JSON.parse(request.responseText);
    const named = document.createElement("input");
    Object.assign(named, { type: "hidden", name: "file", value: stored.uid });
    row.append(named);
    state.textContent = size(stored.size);
  });
  request.addEventListener("error", () => {
    state.textContent = "×";
    state.className = "bad-ink";
  });
  row.addEventListener("remove-file", () => request.abort());
  request.send(body);
}

form?.addEventListener("submit", (event) => {
  if (!underWay || event.submitter?.hasAttribute("hx-post")) return;
  event.preventDefault(); // it goes by itself when the last file has arrived
  wanted = true;
});
document.addEventListener("recognised", (event) => {
  for (const [name, value] of Object.entries(event.detail)) {
    const field = form?.elements[name];
    if (!field || (field.value && !field.dataset.recognised) || field.value === value) continue;
    field.value = value;
    field.dataset.recognised = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
form?.addEventListener("keydown", (event) => delete event.target.dataset.recognised);
input?.addEventListener("change", () => {
  for (const file of input.files) add(file);
  input.value = "";
});
form?.addEventListener("click", (event) => {
  const remove = event.target.closest("[data-upload-remove]");
  if (!remove) return;
  const row = remove.closest("li");
  row.dispatchEvent(new Event("remove-file"));
  row.remove();
});
form?.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) event.preventDefault();
  for (const file of event.clipboardData.files) add(file);
});
for (const kind of ["dragover", "dragleave", "drop"])
  area?.addEventListener(kind, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    if (kind !== "dragleave") event.preventDefault();
    area.classList.toggle("over", kind === "dragover");
    if (kind === "drop") for (const file of event.dataTransfer.files) add(file);
  });
