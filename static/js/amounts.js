// Puts an amount into words beside its field while somebody types, in the language of the page: 1,200万元 is CNY 12 million
// (staff.md S37). The server says the same of what it has stored; here nothing is stored.

const TIMES = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8, 千: 1e3, thousand: 1e3, million: 1e6, billion: 1e9 };
const AMOUNT = /^(?:cny|rmb|¥|人民币|人民幣)?\s*(\d[\d,]*(?:\.\d*)?|\.\d+)\s*(万|萬|亿|億|千|thousand|million|billion)?\s*(?:元|cny|rmb|yuan|人民币|人民幣)?$/;

const short = (number, places = 4) => new Intl.NumberFormat("en", { maximumFractionDigits: places }).format(number);
const plain = (number) => short(number, 8).replaceAll(",", "");

function read(typed) {
  const found = typed.normalize("NFKC").trim().toLowerCase().match(AMOUNT);
  return found ? Number(found[1].replaceAll(",", "")) * (TIMES[found[2]] ?? 1) : null;
}

function inEnglish(value) {
  if (value >= 1e9) return `${short(value / 1e9)} billion`;
  return value >= 1e6 ? `${short(value / 1e6)} million` : short(value, 2);
}

function inChinese(value) {
  const [hundredMillion, tenThousand] = document.documentElement.lang === "zh-hant" ? ["億", "萬"] : ["亿", "万"];
  if (value >= 1e8) return plain(value / 1e8) + hundredMillion;
  return value >= 1e4 ? plain(value / 1e4) + tenThousand : plain(value);
}

function say(field) {
  const words = document.querySelector(`output[for="${CSS.escape(field.id)}"]`);
  const kind = words.dataset.amount;
  const value = kind ? read(field.value) : null;
  // What is not understood here may still be understood by the site: nothing is said, nothing is refused.
  if (value === null) words.textContent = "";
  else if (document.documentElement.lang === "en") words.textContent = (kind === "cny" ? "CNY " : "") + inEnglish(value);
  else words.textContent = inChinese(value) + (kind === "cny" ? "元" : "");
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("input.amount") && !event.isComposing) say(event.target);
});
document.addEventListener("compositionend", (event) => event.target.matches?.("input.amount") && say(event.target));
