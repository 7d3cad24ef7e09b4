/**
 * Everything that is measured, in the order of the summary, which has counters first, then distributions,
 * then gauges. A new measure is a file here and a line below.
 */
import { air } from './air.ts';
import { attempts } from './attempts.ts';
import { availability } from './availability.ts';
import { energy } from './boards/energy.ts';
import { flash } from './boards/flash.ts';
import { memory } from './boards/memory.ts';
import { resets } from './boards/resets.ts';
import { stalls } from './boards/stalls.ts';
import { updates } from './boards/updates.ts';
import { broadcasts } from './broadcasts.ts';
import { connectRate } from './connect-rate.ts';
import { connects } from './connects.ts';
import { detection } from './detection.ts';
import { disconnects } from './disconnects.ts';
import { errors } from './errors.ts';
import { keepalive } from './keepalive.ts';
import { messages } from './messages.ts';
import { outages } from './outages.ts';
import { reconnects } from './reconnects.ts';
import { recovery } from './recovery.ts';
import { relayMachine } from './relay-machine.ts';
import { timelines } from './timelines.ts';
import { tlsFailures } from './tls-failures.ts';
import { transport } from './transport.ts';
import { wifi } from './wifi.ts';

export const MEASURES = [
  messages,
  broadcasts,
  connects,
  attempts,
  disconnects,
  keepalive,
  transport,
  relayMachine,
  tlsFailures,
  air,
  wifi,
  resets,
  memory,
  errors,
  detection,
  reconnects,
  recovery,
  stalls,
  availability,
  connectRate,
  energy,
  outages,
  timelines,
  flash,
  updates,
] as const;
