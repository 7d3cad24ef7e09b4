/** A pin as steps name it. */
import { whole } from '../../../kernel/fields.ts';

/** The ESP32's highest GPIO. */
const MAX_PIN = 39;
/** LED1 of an ESP32 board, the pin of the SOS app. */
export const LED_PIN = 2;

export const PIN = whole(0, MAX_PIN);
