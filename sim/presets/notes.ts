/** What a run with presets does not play of their libraries: said before it runs. */
import { CLIENT_PRESETS } from './clients/index.ts';
import type { ClientName, ServerName } from './names.ts';
import { SERVER_PRESETS } from './servers/index.ts';

/** A paragraph for each that is named and not played to the letter. */
export function presetNotes(client: ClientName | undefined, server: ServerName | undefined): string[] {
  return [
    ...(client === undefined ? [] : notes(client, CLIENT_PRESETS[client].notModelled)),
    ...(server === undefined ? [] : notes(server, SERVER_PRESETS[server].notModelled)),
  ];
}

function notes(name: string, notModelled: readonly string[]): string[] {
  return notModelled.length === 0 ? [] : [`Not modelled of ${name}: ${notModelled.join(' · ')}.`];
}
