/** wifi.ts, and what the loss of Wi-Fi means for sockets. */
import type { PowerSaveMode } from '../index.ts';
import { check, eventually, quiet, refusal, same } from './expect.ts';
import type { ConformanceCase } from './rig.ts';
import { join, open, Recorder } from './session.ts';

export const WIFI_CASES: readonly ConformanceCase[] = [
  {
    name: 'a join tells its caller once, and the station is connected then',
    async run(rig) {
      const results: string[] = [];
      rig.hal.wifi.connect(rig.accessPoint.ssid, rig.accessPoint.password, (failure) => {
        results.push(`${String(failure)} ${rig.hal.wifi.isConnected()}`);
      });
      await eventually(rig, () => results.length > 0, 'the station joins');
      await quiet(rig);
      same(results.join(), 'null true', 'failure and isConnected');
      same(rig.hal.wifi.isConnected(), true, 'isConnected afterwards');
    },
  },
  {
    name: 'a second join abandons the first',
    async run(rig) {
      const { ssid, password } = rig.accessPoint;
      const told: string[] = [];
      rig.hal.wifi.connect(ssid, password, () => told.push('first'));
      rig.hal.wifi.connect(ssid, password, () => told.push('second'));
      await eventually(rig, () => told.includes('second'), 'the second join ends');
      await quiet(rig);
      same(told.join(), 'second', 'callers that were told');
    },
  },
  {
    name: 'a joined board that joins again has left, and its sockets have ended',
    needs: 'loseWifi',
    async run(rig) {
      const { ssid, password } = rig.accessPoint;
      const { recorder } = await open(rig);
      const told: string[] = [];
      rig.hal.wifi.connect(ssid, password, (failure) => told.push(String(failure)));
      await eventually(rig, () => !rig.hal.wifi.isConnected(), 'the board leaves');
      await eventually(rig, () => told.length > 0, 'the board joins anew');
      same(rig.hal.wifi.isConnected(), true, 'isConnected afterwards');
      await quiet(rig);
      same(told.join(), 'null', 'failures that the caller was told');
      same(recorder.log.join(), 'connect,close', 'callbacks of the socket');
    },
  },
  {
    name: 'the loss of Wi-Fi reaches the last handler, once',
    needs: 'loseWifi',
    async run(rig) {
      const told: string[] = [];
      rig.hal.wifi.onDisconnected(() => told.push('replaced'));
      rig.hal.wifi.onDisconnected((reason) => told.push(`${typeof reason} ${rig.hal.wifi.isConnected()}`));
      await join(rig);
      await quiet(rig);
      same(told.join(), '', 'handlers that ran before the loss');
      rig.loseWifi?.();
      await eventually(rig, () => told.length > 0, 'the loss is noticed');
      await quiet(rig);
      same(told.join(), 'string false', 'reason and isConnected');
    },
  },
  {
    name: 'the loss of Wi-Fi ends every socket with one onClose',
    needs: 'loseWifi',
    async run(rig) {
      const { socket, recorder } = await open(rig);
      rig.loseWifi?.();
      await eventually(rig, () => recorder.closed, 'the socket closes');
      socket.write('too late');
      await quiet(rig);
      same(recorder.log.join(), 'connect,close', 'callbacks');
    },
  },
  {
    name: 'a connect without Wi-Fi fails through onClose, later and without an exception',
    needs: 'loseWifi',
    async run(rig) {
      await join(rig);
      const server = await rig.listen();
      rig.loseWifi?.();
      await eventually(rig, () => !rig.hal.wifi.isConnected(), 'the loss is noticed');
      const recorder = new Recorder();
      rig.hal.net.connect(rig.host, server.port, recorder);
      same(recorder.log.join(), '', 'callbacks from within connect');
      await eventually(rig, () => recorder.closed, 'the connect fails');
      await quiet(rig);
      same(recorder.log.join(), 'close', 'callbacks');
      check(recorder.error !== null, 'onClose got null for a connection that never was');
    },
  },
  {
    name: 'power save loses nothing in either direction, and a mode or an interval that nobody has is refused',
    async run(rig) {
      const { wifi } = rig.hal;
      const { socket, recorder, peer } = await open(rig);
      let count = 0;
      for (const mode of ['max_modem', 'min_modem', 'none'] as const) {
        wifi.powerSave(mode);
        count++;
        await quiet(rig);
        peer.write('down');
        socket.write('up');
        await eventually(rig, () => recorder.received.length >= count * 4 && peer.received.length >= count * 2, `both arrive in ${mode}`);
      }
      same(recorder.received, 'downdowndown', 'what the board got');
      same(peer.received, 'upupup', 'what the peer got');
      same(recorder.log.join(), 'connect,data', 'callbacks');
      const refused: [string, number | undefined][] = [
        ['turbo', undefined],
        ['', undefined],
        ['max_modem', 0],
        ['max_modem', 101],
      ];
      for (const [mode, interval] of refused) {
        const words = refusal(() => wifi.powerSave(mode as PowerSaveMode, interval));
        check(words.indexOf(': expected ') > 0, `${mode} with an interval of ${interval} was not refused`);
      }
    },
  },
  {
    name: 'the radio saves power as it was told last, by a new interval from the next join on',
    needs: 'savesPower',
    async run(rig) {
      const { wifi } = rig.hal;
      wifi.powerSave('max_modem', 10);
      await join(rig);
      same(rig.savesPower?.().mode, 'max_modem', 'the mode');
      same(rig.savesPower?.().listenInterval, 10, 'the interval');
      wifi.powerSave('min_modem', 7);
      same(rig.savesPower?.().mode, 'min_modem', 'the mode after a second call');
      wifi.powerSave('max_modem', 5);
      same(rig.savesPower?.().listenInterval, 10, 'the interval of this join');
      await join(rig);
      same(rig.savesPower?.().listenInterval, 5, 'the interval of the next join');
    },
  },
];
