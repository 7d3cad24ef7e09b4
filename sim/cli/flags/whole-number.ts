/**
 * The value of a flag that counts something. @returns null when it is no whole number from min to max, in
 * plain digits
 */
export function wholeNumber(min: number, max: number): (text: string) => number | null {
  return (text) => (/^[1-9]\d{0,8}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : null);
}
