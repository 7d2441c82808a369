// What a spreadsheet of another language makes of a number: 1906 of 1,906, and the date 45901 of 1.9.
// The same as rnncalc/marking/locale_slips.py.
import { fixed, unitOf } from "./digits.js";

/** The digits between separators of thousands. */
const GROUP = 3;
const MOST_GROUPED = 15;
/** From 1927 to the year 9999: a number that is typed becomes a date of this year, or of the year that it names. */
const [FIRST_DATE, LAST_DATE] = [10_000, 2_958_465];
const DAY = 24 * 60 * 60 * 1000;

/** In words, how the right number has become another one while it was typed; nothing where it has not.
 * @param {import("./answers.js").Answer} answer @param {number} expected @returns {string} */
export function localeSlip(answer, expected) {
  const { number } = answer;
  if (number === null || answer.formula || !Number.isInteger(number) || Math.abs(number) < 10) return "";
  for (let decimals = GROUP; decimals < MOST_GROUPED; decimals += 1) {
    const meant = fixed(number / unitOf(-decimals), decimals);
    if (!roundsTo(meant, expected)) continue;
    return (
      `a spreadsheet reads ${meant.replace(".", ",")} or ${meant} as ${fixed(number, 0)} if it uses that sign for ` +
      "thousands; type it with the decimal sign of your spreadsheet's language"
    );
  }
  if (number < FIRST_DATE || number > LAST_DATE) return "";
  const day = new Date(Date.UTC(1899, 11, 30) + number * DAY);
  const made = typedAs(day).find((text) => roundsTo(text, expected));
  if (made === undefined) return "";
  return (
    `a spreadsheet that writes dates with points turns ${made} into the date ${day.toISOString().slice(0, 10)} ` +
    `(${fixed(number, 0)}); type it with a decimal comma there: ${made.replace(".", ",")}`
  );
}

/** The numbers that become this date as they are typed: day.month, month.year.
 * @param {Date} date @returns {string[]} */
function typedAs(date) {
  const [day, month, year] = [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear()];
  const texts = [`${day}.${month}`, `${day}.${twoDigits(month)}`];
  return day === 1 ? [...texts, `${month}.${year}`, `${month}.${twoDigits(year % 100)}`] : texts;
}

/** @param {number} number @returns {string} */
function twoDigits(number) {
  return String(number).padStart(2, "0");
}

/** Whether the expected number has these digits.
 * @param {string} text @param {number} expected @returns {boolean} */
function roundsTo(text, expected) {
  const decimals = (text.split(".")[1] ?? "").length;
  return Math.abs(Number(text) - expected) <= 0.5 * unitOf(decimals) * (1 + 1e-9);
}
