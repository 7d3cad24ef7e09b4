/** How often stations joined, and were disconnected. */
import { counter, measure } from './measure.ts';

export const wifi = measure({
  metrics: {
    wifi_joins: counter('joins', 'Times that a station joined and had an IP address.'),
    wifi_losses: counter('losses', 'Times that a joined station was disconnected.'),
  },
  create: ({ values }) => ({
    handlers: {
      'wifi.joined': () => {
        values.wifi_joins++;
      },
      'wifi.lost': () => {
        values.wifi_losses++;
      },
    },
  }),
});
