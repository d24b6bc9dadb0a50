/** The number in a field. Null where it is empty, which sets it back, or is none. */
export function wholeNumber(text: string): number | null {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? null : number;
}
