/** What firmware writes to flash, and how that wears it. */
import { counter, gauge, measure } from '../measure.ts';

export const flash = measure({
  metrics: {
    flash_writes: counter('writes', 'Files that firmware wrote to flash, also in vain; bytes that were there already count for nothing.'),
    flash_writes_failed: counter('writes', 'Of flash_writes: there was no room, or the flash failed.'),
    flash_wear_max: gauge('erases', 'Most erases of one sector of a board; flash lasts for some 100,000.'),
  },
  create: ({ values }) => ({
    handlers: {
      'flash.write': ({ detail: outcome }) => {
        if (outcome === 'erased') return;
        values.flash_writes++;
        if (outcome !== '') values.flash_writes_failed++;
      },
      'flash.wear': ({ value: erases }) => {
        values.flash_wear_max = Math.max(values.flash_wear_max, erases);
      },
    },
  }),
});
