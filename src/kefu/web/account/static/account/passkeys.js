// Passkeys: a form with data-passkey="get" or "create" asks the device before it is sent. The challenge lies in the form as
// JSON, or is fetched from data-options; the answer goes into the field `credential`.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

async function challenge(form) {
  if (!form.dataset.options) return JSON.parse(form.querySelector("script[type='application/json']").textContent).publicKey;
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(`no challenge: ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

async function answerOf(form) {
  const options = await challenge(form);
  options.challenge = bytes(options.challenge);
  for (const list of [options.allowCredentials, options.excludeCredentials]) list?.forEach((one) => (one.id = bytes(one.id)));
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: options });
  options.user.id = bytes(options.user.id);
  const alone = form.elements.passwordless?.checked ?? false;
  const wanted = (options.authenticatorSelection ??= {});
  wanted.residentKey = alone ? "required" : "discouraged";
  wanted.requireResidentKey = alone;
  if (alone) wanted.userVerification = "required";
  return navigator.credentials.create({ publicKey: options });
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const problem = form.querySelector("[data-passkey-error]");
  const say = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };
  form.hidden = false;
  form.elements.credential.value = ""; // an empty field of JSON says "null"
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return; // the device has answered
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    if (!window.PublicKeyCredential) return say(form.dataset.missing);
    say("");
    form.setAttribute("aria-busy", "true");
    try {
      form.elements.credential.value = written(await answerOf(form));
      form.submit();
    } catch {
      say(form.dataset.refused); // the browser does not say more, so that a page cannot find out who has which key
    }
    form.removeAttribute("aria-busy");
  });
}
