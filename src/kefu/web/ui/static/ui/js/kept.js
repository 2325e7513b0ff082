// The offline page lists the articles that this device has kept.
const kept = await caches.open("kefu-kept");
const list = document.getElementById("kept-list");
for (const request of (await kept.keys()).reverse()) {
  const page = new DOMParser().parseFromString(await (await kept.match(request)).text(), "text/html");
  const link = document.createElement("a");
  link.className = "row";
  link.href = request.url;
  link.textContent = page.querySelector("h1")?.textContent ?? page.title;
  const item = document.createElement("li");
  item.append(link);
  list.append(item);
}
document.getElementById("kept").hidden = !list.children.length;
