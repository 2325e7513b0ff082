// Comboboxes (search suggestions, command palette): the focus stays in the input, the arrows move aria-activedescendant.
const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const optionsOf = (input) => [...(listOf(input)?.querySelectorAll('[role="option"]') ?? [])];
const activeOf = (input) => document.getElementById(input.getAttribute("aria-activedescendant") || "\u0000");
let optionCount = 0;

function activate(input, option) {
  for (const other of optionsOf(input)) other.setAttribute("aria-selected", String(other === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.id ||= `option-${++optionCount}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function unfold(input, open) {
  const list = listOf(input);
  const shown = open && optionsOf(input).length > 0;
  if (list) list.hidden = !shown;
  input.setAttribute("aria-expanded", String(shown));
  activate(input, shown && input.matches("[data-autoselect]") ? optionsOf(input)[0] : null);
}

function step(input, by) {
  const options = optionsOf(input);
  const here = options.indexOf(activeOf(input));
  const next = here < 0 && by < 0 ? options.length - 1 : here + by;
  activate(input, options[(next + options.length) % options.length]);
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches?.('[role="combobox"]') || event.isComposing) return;
  const open = input.getAttribute("aria-expanded") === "true";
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && optionsOf(input).length) {
    if (!open) unfold(input, true);
    step(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && open && activeOf(input)) activeOf(input).click();
  else if (event.key === "Escape" && open && !input.closest("dialog")) unfold(input, false);
  else return;
  event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (!input.matches?.('[role="combobox"]') || input.closest("dialog") || listOf(input)?.contains(event.relatedTarget))
    return;
  setTimeout(() => document.activeElement !== input && unfold(input, false), 150); // a press on an option comes first
});

document.addEventListener("htmx:afterSwap", (event) => {
  for (const input of document.querySelectorAll(
    `[role="combobox"][aria-controls="${CSS.escape(event.detail.target.id)}"]`,
  )) {
    unfold(input, input === document.activeElement);
  }
});
