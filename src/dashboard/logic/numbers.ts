/**
 * The number in a field. Null where it is empty, which sets it back.
 * @throws Error for a text that is no number: taken for empty, it would mean "no limit"
 */
export function numberIn(text: string): number | null {
  if (text.trim() === '') return null;
  const number = Number(text);
  if (Number.isNaN(number)) throw new Error(`"${text.trim()}" is not a number.`);
  return number;
}
