/** A time for people to read, in its two largest units: `12s`, `3m 4s`, `2d 5h`. */
const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

export function roughDuration(ms: number): string {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  if (first < 0) return '0s';
  const [name, unitMs] = UNITS[first];
  const whole = `${Math.floor(ms / unitMs)}${name}`;
  const [nextName, nextMs] = UNITS[first + 1] ?? UNITS[first];
  const rest = Math.floor((ms % unitMs) / nextMs);
  return rest === 0 || nextName === 'ms' || name === 'ms' ? whole : `${whole} ${rest}${nextName}`;
}
