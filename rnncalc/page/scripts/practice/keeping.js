// What was typed stays in the browser, where the browser lets it; and goes into files and comes back.

const PREFIX = "rnncalc ";

/** The place of a page's answers in the browser: pages of other problems have others. @param {import("./sheet.js").Sheet} sheet */
function placeOf(sheet) {
  return `${PREFIX}${sheet.own.whose} ${sheet.own.settings}\n${sheet.own.problem}`;
}

/** Keep what was typed. @param {import("./sheet.js").Sheet} sheet @returns {boolean} whether the browser lets it */
export function keepAnswers(sheet) {
  try {
    localStorage.setItem(placeOf(sheet), JSON.stringify(sheet.toData()));
    return true;
  } catch {
    return false;
  }
}

/** Go on with what was typed before. @param {import("./sheet.js").Sheet} sheet @returns {boolean} whether there was any */
export function bringBack(sheet) {
  try {
    const kept = localStorage.getItem(placeOf(sheet));
    return kept !== null && sheet.load(JSON.parse(kept)) === "";
  } catch {
    return false;
  }
}

/** Let the browser save a file. @param {string} name @param {unknown} data */
export function saveFile(name, data) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Read a file that was saved. @param {File} file @returns {Promise<any>} its data, undefined where it is none */
export async function readFile(file) {
  try {
    return JSON.parse(await file.text());
  } catch {
    return undefined;
  }
}

/** A name for a file from a text: letters and digits. @param {string} text @param {string} ending */
export function fileName(text, ending) {
  const stem = [...text].map((letter) => (/[\p{L}\p{N}]/u.test(letter) ? letter : "-")).join("");
  const plain = stem.replace(/-+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
  return `${plain || "rnncalc"}-${ending}.json`;
}
