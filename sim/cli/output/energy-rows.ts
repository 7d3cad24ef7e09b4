/** What boards on batteries drew, and for what, in a row of the summary. */
import type { Summary } from '../../measure/result.ts';
import { days, energyParts, mah, partWords } from '../../report/energy-words.ts';

export function energyRows({ metrics }: Summary): [label: string, value: string][] {
  const lasts = (metrics.battery_days as number | undefined) ?? 0;
  if (lasts === 0) return [];
  const parts = energyParts(metrics).filter(({ share }) => share >= 0.01);
  return [
    [
      'Energy',
      `${mah(metrics.energy_mah_per_day as number)} a day, ${days(lasts)} on the battery; ${parts.map(({ cause, share }) => `${partWords(cause)} ${Math.round(share * 100)} %`).join(', ')}`,
    ],
  ];
}
