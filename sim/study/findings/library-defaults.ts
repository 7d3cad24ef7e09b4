/** Well-known clients and servers side by side. */
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';

/** 100 boards for the half hour of bursts. */
const BOARD_HOURS = 50;
/**
 * Minutes: boards open after 0.6 on average, links die at 50, the run ends at 85, and the relay was gone for
 * 0.75.
 */
const OBSERVED_MINUTES = 85 - 0.6;
const HEALTHY_MINUTES = 50 - 0.6 - 0.75;

export const libraryDefaults: Findings = {
  figures: ['mean-detect_ms', 'mean-board_detect_ms', 'false_disconnects', 'connects_per_s_peak', 'trade-off'],
  text(table) {
    const relay = new Cells(table, 'mean(detect_ms)');
    const relayLongest = new Cells(table, 'max(detect_ms)');
    const board = new Cells(table, 'mean(board_detect_ms)');
    const falseOnes = new Cells(table, 'false_disconnects');
    const peak = new Cells(table, 'connects_per_s_peak');
    const back = new Cells(table, 'mean(recovery_ms)');
    const available = new Cells(table, 'channel_availability');
    const perHour = (name: string) => falseOnes.sayTimes(1 / BOARD_HOURS, name);
    const healthy = (name: string) => available.sayTimes((100 * OBSERVED_MINUTES) / HEALTHY_MINUTES, name);
    const findings = bullets([
      `Who finds a dead link: PubSubClient’s broker after ${relay.say('PubSubClient')}, graphql-ws after ${relay.say('graphql-ws')}, Python websockets after ${relay.say('Python websockets')}, AWS’s MQTT 5 after ${relay.say('AWS CRT MQTT 5')}. A relay without a keepalive finds out when TCP gives up what it had sent last (esp_websocket_client: ${relay.say('esp_websocket_client')}), and not at all when it had sent nothing (arduinoWebSockets: ${relay.say('arduinoWebSockets')}).`,
      `Who does not find it: boards that rely on their server’s pings (uvicorn’s MicroPython client, Home Assistant’s, graphql-ws’s, browsers’). Only those that had an answer under way when the link died learned of it, when TCP gave up after ${board.say('uvicorn + MicroPython client')}. So the half hour of bursts cost the MicroPython client’s boards their channels without their knowing: they had one for ${healthy('uvicorn + MicroPython client')} % of the time in which there was one to be had, graphql-ws’s for ${healthy('graphql-ws')} %; Python websockets, with the same relay and a keepalive on the board, for ${healthy('Python websockets')} %.`,
      `Who gives up what works, per board and hour of loss in bursts: PubSubClient ${perHour('PubSubClient')}, SignalR ${perHour('SignalR')}, graphql-ws ${perHour('graphql-ws')}, Python websockets ${perHour('Python websockets')}, MQTT.js ${perHour('MQTT.js')}, esp_websocket_client ${perHour('esp_websocket_client')}. With no keepalive on either side (arduinoWebSockets) every channel outlived the bursts, and no dead link was ever found.`,
      `Who stampedes when the relay of 100 boards comes back: everybody who waits without jitter, SignalR, Phoenix, ESP-MQTT and paho with ${peak.say('paho Python')} of a hundred in the same second. Socket.IO and Python websockets, whose jitter is worth five seconds, come with ${peak.say('Socket.IO')} and ${peak.say('Python websockets')}; full jitter up to a minute (the kit) with ${peak.say('Squall')}, and takes ${back.say('Squall')} to be back instead of ${back.say('Socket.IO')}.`,
    ]);
    const rows = table.cells.map(({ parameters }) => {
      const name = String(parameters.library);
      return [
        name,
        relay.say(name),
        relayLongest.say(name),
        board.say(name),
        perHour(name),
        peak.say(name),
        back.say(name),
        `${healthy(name)} %`,
      ];
    });
    const head = [
      'library',
      'relay finds a dead link',
      'at worst',
      'board finds it',
      'false disconnects per board and hour',
      'back per second, of 100',
      'back after a restart',
      'had a channel while there was one to be had',
    ];
    return `${findings}

${markdownTable(head, rows)}

Each row plays the presets of a client and of the server it is made for ([sim/presets](../../sim/presets/README.md)); \`npx tsx sim presets NAME\` says where each number comes from. Keepalives are as their sources have them. Reconnect
rules that the kit’s backoff cannot express are played by the nearest that it can, which the presets name too: factors other than 2 (without jitter only the moment differs, not that all come at once), and
jitter that is drawn once. The restart lasts 45 s; when a library without jitter is back depends on little else than that. All on the kit’s firmware and board: this compares settings, not code.
Theory: detection is uniform between timeout and interval + timeout, 30 s on average for Python websockets, 1200 s for AWS’s MQTT 5 whose broker waits for 1.5 times its keepalive. Here the links were good when they
died, and the means agree.`;
  },
};
