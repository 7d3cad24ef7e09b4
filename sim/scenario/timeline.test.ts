import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LINK } from '../net/link/settings.ts';
import type { Controls } from '../world/controls/controls.ts';
import { createFaults } from './faults.ts';
import type { LinkSettings, Step } from './scenario.ts';
import { ACTIONS } from './steps/index.ts';
import { playTimeline, prepareSteps, type StepEvent } from './timeline.ts';

/** A world of three boards that writes down what is done to it, with the time. */
function play(...steps: Partial<Step>[]): { log: string[]; events: StepEvent[]; link: LinkSettings[] } {
  const scheduler = new VirtualTimeScheduler();
  const log: string[] = [];
  const events: StepEvent[] = [];
  const link: LinkSettings[] = Array.from({ length: 3 }, () => DEFAULT_LINK);
  const note = (what: string) => void log.push(`${scheduler.now()} ${what}`);
  const controls: Controls = {
    boardCount: 3,
    membersOf: () => [],
    deliveredIn: () => [],
    accessPointCount: 2,
    link: (board) => ({
      settings: link[board],
      blackhole: false,
      change: (settings) => {
        const before = Object.fromEntries(Object.keys(settings).map((key) => [key, link[board][key as keyof LinkSettings]]));
        link[board] = { ...link[board], ...settings };
        note(`link ${board} ${JSON.stringify(settings)}`);
        return before;
      },
      setBlackhole: (on) => note(`blackhole ${board} ${on}`),
      setPortal: (status) => note(`portal ${board} ${status}`),
      renewAddress: () => note(`renew ${board}`),
      forgetConnections: () => note(`forget ${board}`),
      resetConnections: () => note(`rst ${board}`),
    }),
    balancer: null,
    accessPoint: (index) => ({
      setPower: (on) => note(`ap ${index} ${on}`),
      setPasswordChanged: (on) => note(`password ${index} ${on}`),
      setChannel: (channel, announced) => {
        note(`channel ${index} ${channel} ${announced}`);
        return 1;
      },
      setLimit: (stations) => {
        note(`limit ${index} ${stations}`);
        return Number.POSITIVE_INFINITY;
      },
    }),
    air: {
      channels: [1, 6],
      change: (channel, { neighbours }) => {
        note(`air ${channel} ${neighbours}`);
        return { neighbours: 0 };
      },
    },
    board: (board) => ({
      accessPoint: board % 2,
      group: '',
      install: (group) => note(`install ${board} ${group}`),
      hears: true,
      peripherals: {
        setPin: (pin, level) => note(`pin ${board} ${pin} ${level}`),
        setFlash: ({ fails }) => {
          note(`flash ${board} fails ${fails()}`);
          return { fails: () => false };
        },
        setVoltage: (pin, course) => note(`voltage ${board} ${pin} ${course(0).toFixed(0)}`),
        sendUart: (port, bytes) => note(`uart ${board} ${port} ${bytes}`),
        connectSensor: ({ name }, model) => {
          note(`sensor ${board} ${model} ${name}`);
          return () => note(`no sensor ${board} ${name}`);
        },
        connect: ({ name }) => {
          note(`registers ${board} ${name}`);
          return () => note(`no registers ${board} ${name}`);
        },
      },
      reset: () => note(`reset ${board}`),
      setPower: (on) => note(`power ${board} ${on}`),
      burst: (messages, bytes) => note(`burst ${board} ${messages} ${bytes}`),
      setClock: (epochMs) => note(`clock ${board} ${epochMs}`),
      changeDns: () => ({}),
      setDhcp: (on) => note(`dhcp ${board} ${on}`),
      setResolver: (on) => note(`resolver ${board} ${on}`),
      setLeak: ({ bytesPerS }) => {
        note(`leak ${board} ${bytesPerS}`);
        return { bytesPerS: 0 };
      },
      setSupply: (supply) => {
        note(`supply ${board} ${supply.resetChance?.().toFixed(2)}`);
        return { resetChance: null };
      },
      deauthenticate: (reason) => note(`deauth ${board} ${reason}`),
      roam: (to) => note(`roam ${board} ${to}`),
      failRekey: (key) => note(`rekey ${board} ${key}`),
      changeLevels: (levels) => {
        note(`levels ${board} ${JSON.stringify(levels)}`);
        return Object.fromEntries(Object.keys(levels).map((index) => [index, undefined]));
      },
      pwmOf: () => null,
      pinLevel: () => 0,
      watchPins: () => {},
    }),
    relay: {
      setRunning: (on) => note(`relay ${on}`),
      setHung: (on, reason) => note(`${reason ?? 'hung'} ${on}`),
      setMachine: (on) => note(`machine ${on}`),
      clockMs: 0,
      setClock: (epochMs) => note(`relay clock ${epochMs}`),
      setCertificate: (chain) => {
        note(`certificate ${chain}`);
        return 'first';
      },
      move: () => ({}),
      offerUpdate: (boards, group, bytes) => note(`offer ${boards} ${group} ${bytes}`),
      withdrawUpdate: (boards) => note(`withdraw ${boards}`),
      updateFor: () => '',
      openClient: () => note('client'),
      clientBurst: (messages, bytes) => note(`client burst ${messages} ${bytes}`),
    },
  };
  const complete = steps.map((step): Step => ({ atMs: 0, action: '', target: { kind: 'all' }, forMs: 0, parameters: {}, ...step }));
  const chance = { scheduler, random: () => () => 0.5 };
  const faults = createFaults(controls, (boards, { what }) => note(`expect ${what} of ${boards}`), chance);
  prepareSteps(complete, { faults, actions: ACTIONS });
  playTimeline(complete, { faults, actions: ACTIONS, ...chance }).subscribe((event) => events.push(event));
  scheduler.flush();
  return { log, events, link };
}

describe('the timeline', () => {
  it('applies a step at its time and undoes it after its length', () => {
    const { log, events } = play({ atMs: 1_000, action: 'link.blackhole', target: { kind: 'ids', ids: ['board-2'] }, forMs: 500 });
    expect(log).toEqual(['1000 blackhole 1 true', '1500 blackhole 1 false']);
    expect(events).toEqual([
      { action: 'link.blackhole', what: 'packets vanish (board-2)' },
      { action: 'link.blackhole', what: 'over: packets vanish (board-2)' },
    ]);
  });

  it('leaves a step without length in force', () => {
    expect(play({ atMs: 5, action: 'relay.stop' }).log).toEqual(['5 relay false']);
  });

  it('runs steps that are due together in their order', () => {
    expect(play({ atMs: 5, action: 'relay.stop' }, { atMs: 5, action: 'ap.down' }).log).toEqual([
      '5 relay false',
      '5 ap 0 false',
      '5 ap 1 false',
    ]);
  });

  it('lets a client send at once, which is there from the start', () => {
    const burst = { action: 'client.burst', parameters: { size: 5 } };
    expect(play({ atMs: 7, ...burst }, { atMs: 8, ...burst }).log).toEqual(['0 client', '7 client burst 100 5', '8 client burst 100 5']);
  });

  it('resets every board of the target', () => {
    expect(play({ atMs: 7, action: 'board.reset', target: { kind: 'count', count: 2 } }).log).toEqual(['7 reset 0', '7 reset 1']);
  });

  it.each([
    ['ap.roam', {}, 'roam 1 undefined'],
    ['ap.roam', { ap: 2, to_ap: 1 }, 'roam 1 0'],
    ['ap.rekey', {}, 'rekey 1 group'],
    ['ap.rekey', { ap: 2, key: 'pairwise' }, 'rekey 1 pairwise'],
    ['station.deauth', { ap: 2 }, 'deauth 1 3'],
    ['station.deauth', {}, 'deauth 1 3'],
    ['station.deauth', { reason: 15 }, 'deauth 1 15'],
    ['link.reset', {}, 'rst 1'],
    ['board.burst', { messages: 7 }, 'burst 1 7 100'],
    ['expect', { expect: 'channel.open' }, 'expect channel.open of 1'],
  ])('%s with %o happens to the target, once', (action, parameters, what) => {
    const target: Step['target'] = { kind: 'ids', ids: ['board-2'] };
    expect(play({ atMs: 7, action, target, parameters }).log).toEqual([`7 ${what}`]);
  });

  it.each([
    ['wifi.password', ['0 password 0 true', '0 password 1 true', '100 password 0 false', '100 password 1 false']],
    ['dns.fail', ['0 resolver 0 false', '100 resolver 0 true']],
    ['relay.hang', ['0 hung true', '100 hung false']],
    ['board.power_cycle', ['0 power 0 false', '100 power 0 true']],
  ])('%s ends with its step', (action, log) => {
    expect(play({ action, target: { kind: 'count', count: 1 }, forMs: 100 }).log).toEqual(log);
  });

  it('lets the later of two idle timeouts count, and none when both are over', () => {
    const target: Step['target'] = { kind: 'count', count: 1 };
    const first = { atMs: 0, action: 'link.idle_timeout', target, forMs: 100, parameters: { after: 60_000 } };
    const second = { atMs: 50, action: 'link.idle_timeout', target, forMs: 100, parameters: { after: 5_000 } };
    const { log, link } = play(first, second);
    expect(log).toEqual([
      '0 link 0 {"idleTimeoutMs":60000}',
      '50 link 0 {"idleTimeoutMs":5000}',
      '100 link 0 {"idleTimeoutMs":5000}',
      '150 link 0 {}',
    ]);
    expect(link[0].idleTimeoutMs).toBeUndefined();
  });

  it('keeps a fault as long as any step holds it', () => {
    const { log } = play({ atMs: 0, action: 'ap.down', forMs: 100 }, { atMs: 50, action: 'ap.down', parameters: { ap: 2 }, forMs: 100 });
    expect(log).toEqual(['0 ap 0 false', '0 ap 1 false', '100 ap 0 true', '150 ap 1 true']);
  });

  it('touches only stations of the access point that a step names', () => {
    const steps = [
      { action: 'ap.roam', parameters: { ap: 1 } },
      { action: 'station.deauth', parameters: { ap: 2, reason: 5 } },
    ];
    expect(play(...steps).log).toEqual(['0 roam 0 undefined', '0 roam 2 undefined', '0 deauth 1 5']);
  });

  it('lets others take of the air of one channel or of each, and gives it back', () => {
    const { log } = play(
      { atMs: 0, action: 'air.set', parameters: { neighbours: 0.3 }, forMs: 100 },
      { atMs: 50, action: 'air.set', parameters: { neighbours: 0.6, channel: 6 }, forMs: 100 },
    );
    expect(log).toEqual(['0 air 1 0.3', '0 air 6 0.3', '50 air 6 0.6', '100 air 1 0', '100 air 6 0.6', '150 air 6 0']);
  });

  it('puts access points on channels, and back, each in the way it went there', () => {
    const { log } = play(
      { atMs: 0, action: 'ap.channel', parameters: { ap: 1, channel: 6 }, forMs: 100 },
      { atMs: 50, action: 'ap.channel', parameters: { ap: 1, channel: 11, announced: false }, forMs: 100 },
    );
    expect(log).toEqual(['0 channel 0 6 true', '50 channel 0 11 false', '100 channel 0 11 true', '150 channel 0 1 false']);
  });

  it('fills access points up, and gives back the places there were', () => {
    const { log } = play(
      { atMs: 0, action: 'ap.reject', forMs: 100 },
      { atMs: 50, action: 'ap.reject', parameters: { ap: 2, stations: 3 } },
    );
    expect(log).toEqual(['0 limit 0 0', '0 limit 1 0', '50 limit 1 3', '100 limit 0 Infinity', '100 limit 1 3']);
  });

  it('gives access points levels where boards are, and takes them back', () => {
    const target = { kind: 'count', count: 1 } as const;
    const { log } = play(
      { atMs: 0, action: 'ap.signal', target, parameters: { ap: 2, rssi: -70 }, forMs: 100 },
      { atMs: 50, action: 'ap.signal', target, parameters: { rssi: -90 }, forMs: 100 },
    );
    expect(log).toEqual([
      '0 levels 0 {"1":-70}',
      '50 levels 0 {"0":-90}',
      '50 levels 0 {"1":-90}',
      '100 levels 0 {"1":-90}',
      '150 levels 0 {}',
      '150 levels 0 {}',
    ]);
  });

  it('lets interference come and go, over what is there for good', () => {
    const times = [0, 100, 200].map((atMs) => ({ atMs, action: 'air.set', parameters: { neighbours: 0.5, channel: 1 }, forMs: 40 }));
    const { log } = play({ atMs: 0, action: 'air.set', parameters: { neighbours: 0.1, channel: 1 } }, ...times);
    expect(log).toEqual(['0 air 1 0.1', '0 air 1 0.5', '40 air 1 0.1', '100 air 1 0.5', '140 air 1 0.1', '200 air 1 0.5', '240 air 1 0.1']);
  });

  it('gives a link back what other steps still hold, whichever ends first', () => {
    const one = { kind: 'ids', ids: ['board-1'] } as const;
    const target = { ...one, ids: [...one.ids] };
    const first = { atMs: 0, action: 'link.set', target, forMs: 100, parameters: { loss: 0.5, latency: 80 } };
    const second = { atMs: 50, action: 'link.set', target, forMs: 100, parameters: { loss: 0.9 } };
    const { log, link } = play(first, second);
    expect(log).toEqual([
      '0 link 0 {"lossRate":0.5,"latencyMs":80}',
      '50 link 0 {"lossRate":0.9}',
      '100 link 0 {"lossRate":0.9,"latencyMs":10}',
      '150 link 0 {"lossRate":0,"latencyMs":10}',
    ]);
    expect(link[0]).toEqual(link[1]);
  });

  it('draws the boards of a share from a stream of each step’s own', () => {
    const names: string[] = [];
    const scheduler = new VirtualTimeScheduler();
    const controls = { boardCount: 4, board: () => ({ reset: () => {} }) } as unknown as Controls;
    const step: Step = { atMs: 1, action: 'board.reset', target: { kind: 'share', share: 0.5 }, forMs: 0, parameters: {} };
    const random = (name: string) => {
      names.push(name);
      return () => 0.5;
    };
    const faults = createFaults(controls, () => {}, { scheduler, random });
    playTimeline([step, { ...step, atMs: 2 }], { faults, actions: ACTIONS, scheduler, random }).subscribe();
    scheduler.flush();
    expect(names).toEqual(['step-0', 'step-1']);
  });
});
