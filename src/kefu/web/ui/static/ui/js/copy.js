// Copying: data-copy="text" or data-copy-from="#element".
import { say } from "./words.js";
import { toast } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  await navigator.clipboard.writeText(source ? (source.value ?? source.textContent) : button.dataset.copy);
  toast(say("copied"));
});
