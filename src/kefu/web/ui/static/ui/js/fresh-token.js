// The token by which a form shows that it is ours grows old: somebody signed in or out in another tab, or the page was open
// for days. The refusal brings a fresh one; whoever was refused sends again, and nobody notices.

/** Put the fresh token of an answer into the page; false when the answer brings none. */
export function renewed(token) {
  if (!token) return false;
  document.querySelectorAll('[name="csrfmiddlewaretoken"]').forEach((field) => (field.value = token));
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return true;
}
