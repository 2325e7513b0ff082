// Enter counts from the first moment. While the window's script is still on its way (a slow network, a machine out of breath), Enter is
// only remembered: the line it makes stays where it is, and talk.js sends all that stands there as soon as it can.
document.addEventListener("keydown", (event) => {
  if (event.target.name !== "text" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!("ready" in document.body.dataset)) document.body.dataset.early = "";
});
