// The chat button. Options on the script tag: data-language, data-topic, data-side ("left"), data-identity (a JWT).
(() => {
  const tag = document.currentScript;
  const home = new URL(tag.src).origin;
  const languages = "{{ languages|join:' ' }}".split(" ");
  const wanted = (tag.dataset.language || document.documentElement.lang || navigator.language || "").toLowerCase();
  const language = languages.find((code) => wanted === code) || (wanted.startsWith("zh") ? "zh-hans" : languages.find((code) => wanted.startsWith(code)) || "en");
  const label = language.startsWith("zh") ? "打开在线客服" : "Open support chat";
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "closed" });
  const side = tag.dataset.side === "left" ? "left" : "right";
  const style = new CSSStyleSheet();
  style.replaceSync(`
    button { position: fixed; inset-block-end: 20px; ${side}: 20px; inline-size: 56px; block-size: 56px; border: 0; border-radius: 50%; background: #2340d0; color: #fff; cursor: pointer; z-index: 2147483000; box-shadow: 0 6px 24px rgb(0 0 0 / .22); display: grid; place-items: center }
    button:focus-visible { outline: 3px solid #8fa2ff; outline-offset: 3px }
    button[data-unread]::after { content: attr(data-unread); position: absolute; inset: -4px -4px auto auto; min-inline-size: 14px; padding: 0 4px; border-radius: 10px; background: #b3261e; border: 2px solid #fff; color: #fff; font: 600 12px/18px system-ui, sans-serif }
    iframe { position: fixed; inset-block-end: 88px; ${side}: 20px; inline-size: min(400px, calc(100vw - 40px)); block-size: min(680px, calc(100dvh - 120px)); border: 0; border-radius: 16px; box-shadow: 0 16px 48px rgb(0 0 0 / .24); z-index: 2147483000; background: Canvas }
    iframe[hidden] { display: none }
    @media (max-width: 480px) { iframe { inset: 0; inline-size: 100vw; block-size: 100dvh; border-radius: 0 } }`);
  root.adoptedStyleSheets = [style];
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", label);
  button.setAttribute("aria-expanded", "false");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", "26");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("fill", "currentColor");
  path.setAttribute("d", "M12 3C6.5 3 2 6.8 2 11.5c0 2.5 1.3 4.8 3.4 6.3L4.5 21.5l4.3-1.9c1 .3 2.1.4 3.2.4 5.5 0 10-3.800 10-8.500S17.5 3 12 3Z");
  svg.append(path);
  button.append(svg);
  root.append(button);
  let frame = null;
  let identity = tag.dataset.identity || "";
  const say = (message) => frame?.contentWindow?.postMessage(message, home);

  // Browsers that grant a frame on another site no storage: this site holds the talk's token for it.
  const kept = () => { try { return localStorage.getItem("kefu-visitor") || ""; } catch { return ""; } };
  const keep = (token) => { try { localStorage.setItem("kefu-visitor", token); } catch { /* the talk lasts as long as the page */ } };
  let unread = 0;
  function count(n) {
    unread = n;
    button.setAttribute("aria-label", n ? `${label} (${n})` : label);
    if (n) button.setAttribute("data-unread", n > 9 ? "9+" : n);
    else button.removeAttribute("data-unread");
  }

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.allow = "microphone; clipboard-write";
      const topic = tag.dataset.topic ? `&topic=${encodeURIComponent(tag.dataset.topic)}` : "";
      frame.src = `${home}/${language}/chat/?embed=1${topic}`;
      root.prepend(frame);
    }
    frame.hidden = false;
    button.setAttribute("aria-expanded", "true");
    count(0);
    say({ kefuShown: true });
    frame.focus();
  }

  function close() {
    if (frame) frame.hidden = true;
    say({ kefuShown: false });
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  button.addEventListener("click", () => (frame && !frame.hidden ? close() : open()));
  addEventListener("message", ({ origin, data, source }) => {
    if (origin !== home || source !== frame?.contentWindow || !data) return;
    if (data.kefu === "minimise") close();
    if (data.kefu === "unread" && frame.hidden) count(unread + 1);
    if (data.kefu === "token" && typeof data.token === "string") keep(data.token);
    if (data.kefu === "ready" && kept()) say({ kefuToken: kept() });
    if (data.kefu === "ready" && identity) say({ kefuIdentity: identity });
  });
  // For the host page and for apps that show it in a web view.
  window.Kefu = { open, close, get unread() { return unread; }, identify: (jwt) => ((identity = jwt), say({ kefuIdentity: jwt })) };
  (document.body || document.documentElement).append(host);
})();
