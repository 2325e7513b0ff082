// Files: dropped on or pasted into a data-drop area they go into its file input; the list shows what is there.
function listFiles(area) {
  const input = area.querySelector('input[type="file"]');
  const list = area.querySelector("[data-files]");
  list?.replaceChildren(
    ...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.className = "file";
      const size = document.createElement("small");
      size.textContent = file.size < 1e6 ? `${Math.ceil(file.size / 1e3)} KB` : `${(file.size / 1e6).toFixed(1)} MB`;
      const name = document.createElement("span");
      name.append(file.name, size);
      item.append(name);
      return item;
    }),
  );
}

function addFiles(area, files) {
  const input = area.querySelector('input[type="file"]');
  const all = new DataTransfer();
  for (const file of [...(input.multiple ? input.files : []), ...files].slice(0, input.multiple ? 20 : 1))
    all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  const area = event.target.matches('input[type="file"]') && event.target.closest("[data-drop]");
  if (area) listFiles(area);
});
for (const kind of ["dragover", "dragleave", "drop"])
  document.addEventListener(kind, (event) => {
    const area = event.target.closest?.("[data-drop]");
    if (!area || ![...event.dataTransfer.types].includes("Files")) return;
    if (kind !== "dragleave") event.preventDefault();
    area.classList.toggle("over", kind === "dragover");
    if (kind === "drop") addFiles(area, event.dataTransfer.files);
  });
document.addEventListener("paste", (event) => {
  const area = event.target.closest?.("form")?.querySelector("[data-drop]");
  if (area && event.clipboardData.files.length) {
    event.preventDefault();
    addFiles(area, event.clipboardData.files);
  }
});
