import { describe, expect, it } from 'vitest';
import { FakeHal } from '../testing/fake-hal.ts';
import { JOIN_TIMEOUT_MS, WifiKeeper } from './wifi-keeper.ts';

function fixture(attempts = 3) {
  const hal = new FakeHal();
  const heard: string[] = [];
  const keeper = new WifiKeeper(
    hal,
    { SSID: 'home', password: 'secret', attempts, delay_in_msec: 200, rejoin_after: 0 },
    {
      wifiKeeperOnJoined: () => heard.push(`joined at ${hal.clock.now()}`),
      wifiKeeperOnFailed: (reason) => heard.push(`${reason} at ${hal.clock.now()}`),
    },
  );
  return { hal, heard, keeper };
}

describe('the Wi-Fi keeper', () => {
  it('joins', () => {
    const { hal, heard, keeper } = fixture();
    keeper.start();
    hal.clock.advance(60000);
    expect([heard, hal.wifi.joins, hal.clock.pending()]).toEqual([['joined at 100'], 1, 0]);
  });

  it('tries as often as it may, with the delay between, then says why', () => {
    const { hal, heard, keeper } = fixture();
    hal.wifi.outcome = '201';
    keeper.start();
    hal.clock.advance(60000);
    expect([heard, hal.wifi.joins, hal.clock.pending()]).toEqual([['201 at 700'], 3, 0]);
  });

  it('gives a join that is never answered its deadline', () => {
    const { hal, heard, keeper } = fixture(2);
    hal.wifi.outcome = undefined;
    keeper.start();
    hal.clock.advance(2 * JOIN_TIMEOUT_MS + 200);
    expect([heard.length, hal.wifi.joins]).toEqual([1, 2]);
  });

  it('sees for itself that a platform which never says so has joined', () => {
    const { hal, heard, keeper } = fixture();
    hal.wifi.outcome = undefined;
    keeper.start();
    hal.clock.advance(3500);
    hal.wifi.connected = true;
    hal.clock.advance(500);
    expect(heard).toEqual(['joined at 4000']);
  });

  it('ignores the late answer of an abandoned join', () => {
    const { hal, heard, keeper } = fixture(1);
    const answers: ((failure: string | null) => void)[] = [];
    hal.wifi.connect = (_ssid, _password, done) => answers.push(done);
    keeper.start();
    hal.clock.advance(JOIN_TIMEOUT_MS);
    keeper.start();
    answers[0](null);
    expect(heard).toHaveLength(1);
    answers[1](null);
    answers[1](null);
    expect(heard).toHaveLength(2);
    expect(hal.clock.pending()).toBe(0);
  });
});
