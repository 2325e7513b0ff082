// Choosing several conversations in the list: x chooses the one in focus, the bar says what can be done to them.
const form = () => document.getElementById("bulk-form");
const boxes = () => [...document.querySelectorAll("#inbox input[name=ids]")];
let kept = new Set();

function update() {
  if (!form()) return;
  kept = new Set(boxes().filter((one) => one.checked).map((one) => one.value));
  form().hidden = !kept.size;
  form().querySelector("[data-chosen]").textContent = kept.size;
  document.getElementById("inbox").classList.toggle("choosing", kept.size > 0);
}

document.addEventListener("change", (event) => {
  if (event.target.name === "ids") update();
  if (event.target.form?.id !== "bulk-form" || event.target.name !== "do") return;
  const field = event.target.form.elements.value;
  field.hidden = !["tag", "untag"].includes(event.target.value);
  field.required = !field.hidden;
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-choose-none]")) return;
  boxes().forEach((one) => (one.checked = false));
  update();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.target.closest("input:not([name=ids]), textarea, select, dialog[open]")) return;
  if (event.metaKey || event.ctrlKey || event.altKey || document.documentElement.dataset.shortcuts === "off") return;
  const row = document.activeElement?.closest("#inbox li") ?? document.querySelector("#inbox li:has([aria-current])");
  const box = row?.querySelector("input[name=ids]");
  if (!box) return;
  box.checked = !box.checked;
  update();
});
// The list is drawn anew now and then: what was chosen stays chosen.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "inbox") return;
  boxes().forEach((one) => (one.checked = kept.has(one.value)));
  update();
});
