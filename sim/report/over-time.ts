/** Two charts on one time axis: the share of boards whose channel carried data, and the sessions that the relay opened per second. Outages are shaded. */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { RunResult } from '../measure/result.ts';
import { AXIS, chart } from './chart.ts';
import type { Markup } from './html.ts';
import { timeLabel, timeStepMs } from './time-axis.ts';

const WIDTH = 1080;
const HEIGHT = 360;
const LEFT = 62;
const RIGHT = 26;
/** A point per 1.5 pixels; of the seconds that share a point the busiest is shown. */
const MAX_POINTS = 600;

export function overTime(result: RunResult): Promise<Markup> {
  const endMs = result.summary.virtual_ms;
  const stepMs = timeStepMs(endMs);
  const time = {
    ...AXIS,
    type: 'value' as const,
    min: 0,
    max: endMs,
    interval: stepMs,
    axisLabel: { ...AXIS.axisLabel, formatter: (ms: number) => (ms % stepMs === 0 ? timeLabel(ms) : ''), hideOverlap: true },
  };
  const value = { ...AXIS, type: 'value' as const, min: 0, nameLocation: 'end' as const, nameGap: 10, splitNumber: 4 };
  const name = { ...AXIS.nameTextStyle, align: 'left' as const, padding: [0, 0, 0, 8 - LEFT] };
  const option: EChartsOption = {
    grid: [
      { left: LEFT, right: RIGHT, top: 30, height: 130 },
      { left: LEFT, right: RIGHT, top: 220, height: 100 },
    ],
    xAxis: [
      { ...time, gridIndex: 0 },
      { ...time, gridIndex: 1, name: 'virtual time', nameLocation: 'middle', nameGap: 24 },
    ],
    yAxis: [
      { ...value, gridIndex: 0, max: 100, interval: 25, name: 'boards with a working channel, %', nameTextStyle: name },
      { ...value, gridIndex: 1, minInterval: 1, name: 'sessions opened per second', nameTextStyle: name },
    ],
    series: [
      { ...line('var(--good)'), data: availabilityPoints(result, endMs), markArea: outageAreas(result) },
      {
        ...line('var(--series)'),
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: connectPoints(result.connectsPerSecond, endMs),
        markArea: outageAreas(result),
      },
    ],
  };
  return chart('Share of boards with a working channel, and sessions opened per second, over time', WIDTH, HEIGHT, option);
}

function line(color: string): LineSeriesOption {
  return {
    type: 'line',
    silent: true,
    showSymbol: false,
    step: 'end',
    lineStyle: { color, width: 1.6 },
    areaStyle: { color, opacity: 0.16 },
  };
}

/** Each step's share, from its beginning on. */
function availabilityPoints({ availability }: RunResult, endMs: number): [number, number][] {
  const points = availability.share.map((share, step): [number, number] => [step * availability.stepMs, share * 100]);
  return [...points, [endMs, (availability.share.at(-1) ?? 0) * 100]];
}

/** Only where the number changes: most seconds are like the one before. */
function connectPoints(perSecond: number[], endMs: number): [number, number][] {
  const seconds = Math.max(1, Math.ceil(perSecond.length / MAX_POINTS));
  const points: [number, number][] = [];
  let last = -1;
  for (let from = 0; from < perSecond.length; from += seconds) {
    const most = Math.max(...perSecond.slice(from, from + seconds));
    if (most !== last) points.push([from * 1000, most]);
    last = most;
  }
  return [...points, [endMs, Math.max(last, 0)]];
}

function outageAreas({ outages }: RunResult): LineSeriesOption['markArea'] {
  if (outages.length === 0) return undefined;
  return {
    silent: true,
    itemStyle: { color: 'var(--outage)', opacity: 0.2 },
    data: outages.map(({ fromMs, toMs }) => [{ xAxis: fromMs }, { xAxis: toMs }]),
  };
}
