// Dialogs: data-dialog="id" opens one; data-confirm="…" (or hx-confirm) asks before anything happens.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    opener.closest("details.drop-menu")?.removeAttribute("open");
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog[open]")) event.target.close(); // the backdrop: the dialog itself was pressed
});

/** Ask; resolves to true when the person agrees. `label` names what will be done. */
export function ask(question, { label, danger = false } = {}) {
  const dialog = document.getElementById("confirm");
  const yes = dialog.querySelector('[value="yes"]');
  dialog.querySelector("#confirm-text").textContent = question;
  yes.textContent = label || yes.dataset.label;
  yes.className = danger ? "btn danger" : "btn primary";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}

function askFor(element) {
  return ask(element.dataset.confirm, {
    label: element.dataset.confirmLabel ?? element.textContent.trim(),
    danger: element.matches(".danger"),
  });
}

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (
    await ask(event.detail.question, {
      label: event.detail.elt.dataset.confirmLabel,
      danger: event.detail.elt.matches(".danger"),
    })
  )
    event.detail.issueRequest(true);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (!button?.form || button.dataset.agreed) return;
  event.preventDefault();
  if (!(await askFor(button))) return;
  button.dataset.agreed = "1";
  button.form.requestSubmit(button);
  delete button.dataset.agreed;
});
