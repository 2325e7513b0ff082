// What must never be sent, recognised in the browser before it leaves it. Fetched when somebody types something long enough.
// The server looks again, more thoroughly (kefu.text.secrets): here only what is quick to see and seldom wrong.
const LISTS = [
  ["latin", /\p{Script=Latin}/u],
  ["cyrillic", /\p{Script=Cyrillic}/u],
  ["hangul", /\p{Script=Hangul}/u],
  ["kana", /\p{Script=Hiragana}/u],
  ["han", /\p{Script=Han}/u],
];
const WORD = /[\p{L}\p{M}]+/gu;
const GAP = /^[\s\d.,，、。:：;；|/()（）[\]"'“”_-]*$/u; // numbers and marks may stand between the words of a phrase
const HAN = /\p{Script=Han}{12,}/gu;
const LENGTHS = [12, 15, 18, 21, 24];
const SPEECH = /[的了吗呢么没我你您是在怎这那哪]/gu; // words of sentences; a random phrase holds hardly any
const NAMED_KEY = /(?:private\s*key|secret\s*key|私钥|私鑰|密钥|приватн\p{L}*\s*ключ|clave\s*privada|özel\s*anahtar|khóa\s*riêng)/iu;
const PATTERNS = [
  ["key", /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu],
  ["key", /(?<![0-9A-Za-z])(?:5[1-9A-HJ-NP-Za-km-z]{50}|[KL][1-9A-HJ-NP-Za-km-z]{51})(?![0-9A-Za-z])/gu],
  ["key", /(?<![0-9A-Za-z])[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,112}/gu],
  ["password", /(?:password|passwort|passcode|密码|密碼|口令|пароль|contraseña|senha|şifre|mật khẩu)(?:\s*(?:is|es|是|为|：|:|=)\s*|\s+)(?=\S*[\d!@#$%^&*])[^\s，。；,;]{6,64}/giu],
  ["code", /(?:验证码|驗證碼|verification code|one-time code|2fa code|\botp\b|код подтверждения|código de verificación|doğrulama kodu|mã xác minh)\D{0,12}(?<!\d)\d{6}(?!\d)/giu],
];
const CARD = /(?<![\d-])(?:\d{4}[ -]){3}\d{1,7}(?![\d-])/gu;

const known = new Map();

const folded = (word) => word.normalize("NFKD").toLowerCase().replace(/ı/g, "i").replace(/[\u0300-\u036f]/g, "");

/** The words of a script, fetched once: word → its place and, as bits, the lists that hold it. Empty where the network is away. */
function words(name) {
  if (!known.has(name)) {
    const list = fetch(`/shield/${name}.txt`)
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then(read)
      .catch(() => (known.delete(name), new Map()));
    known.set(name, list);
  }
  return known.get(name);
}

/** Lists with an empty line between them. */
function read(text) {
  const all = new Map();
  text.split("\n\n").forEach((list, bit) => list.split("\n").forEach((word, index) => all.set(word, { index: all.get(word)?.index ?? index, lists: (all.get(word)?.lists ?? 0) | (1 << bit) })));
  return all;
}

/** Everything in a text that looks like a secret: [{kind, start, end, count}], in order, none inside another. */
export async function secretsIn(text) {
  const found = [];
  for (const [kind, pattern] of PATTERNS)
    for (const match of text.matchAll(pattern)) found.push({ kind, start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(/(?<![0-9A-Za-z])(?:0x)?[0-9a-f]{64}(?![0-9A-Za-z])/giu))
    if (NAMED_KEY.test(text.slice(Math.max(0, match.index - 40), match.index))) found.push({ kind: "key", start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(CARD)) if (luhn(match[0])) found.push({ kind: "card", start: match.index, end: match.index + match[0].length });
  for (const [name, script] of LISTS) if (name !== "han" && script.test(text)) found.push(...spaced(text, await words(name)));
  if (/\p{Script=Han}/u.test(text)) found.push(...(await chinese(text)));
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((one, at) => !found.slice(0, at).some((other) => one.start < other.end));
}

/** Twelve words or more of one list in a row. */
function spaced(text, list) {
  const found = [];
  let run = [];
  let lists = 0;
  const close = () => {
    if (run.length >= 12) found.push({ kind: "seed", start: run[0].index, end: run.at(-1).index + run.at(-1)[0].length, count: run.length });
    run = [];
  };
  for (const word of text.matchAll(WORD)) {
    const last = run.at(-1);
    if (last && !GAP.test(text.slice(last.index + last[0].length, word.index))) close();
    const held = list.get(folded(word[0]))?.lists ?? 0;
    if (run.length && !(lists & held)) close();
    if (!held) continue;
    lists = run.length ? lists & held : held;
    run.push(word);
  }
  close();
  return found;
}

/** Chinese phrases: single characters with gaps, or a block of the right length whose checksum holds. */
async function chinese(text) {
  const list = await words("han");
  const found = spaced(text, list);
  for (const match of text.matchAll(HAN)) {
    const letters = [...match[0]];
    if (!LENGTHS.includes(letters.length) || (match[0].match(SPEECH) ?? []).length > letters.length / 12) continue;
    const numbers = letters.map((letter) => list.get(letter)?.index);
    if (numbers.every((n) => n !== undefined) && (await checksumHolds(numbers)))
      found.push({ kind: "seed", start: match.index, end: match.index + match[0].length, count: letters.length });
  }
  return found;
}

/** BIP-39: the last bits are the start of the SHA-256 of the bits before. True where the browser cannot reckon it. */
async function checksumHolds(numbers) {
  if (!crypto.subtle) return true;
  const bits = numbers.map((n) => n.toString(2).padStart(11, "0")).join("");
  const check = numbers.length / 3;
  const entropy = Uint8Array.from(bits.slice(0, -check).match(/.{8}/g), (byte) => Number.parseInt(byte, 2));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", entropy));
  return digest[0].toString(2).padStart(8, "0").slice(0, check) === bits.slice(-check);
}

function luhn(text) {
  const digits = text.replace(/\D/g, "");
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => total + (at % 2 ? Math.trunc(digit / 5) + ((digit * 2) % 10) : Number(digit)), 0);
  return sum % 10 === 0;
}
