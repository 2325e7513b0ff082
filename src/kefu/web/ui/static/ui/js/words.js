// What scripts say, in the reader's language: the page carries the sentences as JSON.
const wordList = JSON.parse(document.getElementById("ui-words")?.textContent ?? "{}");

/** The sentence of that name, with %(name)s filled in. */
export function say(name, values = {}) {
  return (wordList[name] ?? name).replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
}

/** The language of the page, for Intl. */
export function pageLanguage() {
  return document.documentElement.lang || "en";
}
