// Files beside the words: sent at once, attached when the answer goes out.
import { log, post, words } from "./log.js";

const uploads = new Map();

export const uploaded = () => [...uploads.values()].filter((file) => file.uid).map((file) => file.uid);
export const clearUploads = () => (uploads.clear(), listUploads());

function addUploads(list) {
  for (const file of list) {
    const id = crypto.randomUUID();
    uploads.set(id, { name: file.name });
    const body = new FormData();
    body.append("file", file);
    post(`${log().dataset.base}files/`, body)
      .then(async (answer) => Object.assign(uploads.get(id) ?? {}, answer.ok ? { uid: (await answer.json()).uid } : { failed: await answer.text() }))
      .catch(() => Object.assign(uploads.get(id) ?? {}, { failed: words.upload_failed }))
      .finally(listUploads);
  }
  listUploads();
}

function listUploads() {
  document.querySelector("#composer [data-upload-list]")?.replaceChildren(
    ...[...uploads].map(([id, file]) => {
      const item = document.createElement("li");
      item.className = "file";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn quiet icon-only sm";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${words.remove} ${file.name}`);
      remove.addEventListener("click", () => (uploads.delete(id), listUploads()));
      item.append(`${file.name} ${file.failed ?? (file.uid ? "✓" : "…")}`, remove);
      return item;
    }),
  );
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-uploads]")) return;
  addUploads([...event.target.files]);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  if (event.target.form?.id !== "composer" || !event.clipboardData.files.length) return;
  event.preventDefault();
  addUploads([...event.clipboardData.files]);
});
