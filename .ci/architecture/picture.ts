/**
 * The house as SVG: dagre places the rooms, who imports stands above whom it imports. Same house, same bytes.
 */
import { Graph, layout } from '@dagrejs/dagre';
import { essentialArrows, type House } from './house.ts';

const CHARACTER_PX = 7.2;
const ROOM_PADDING_PX = 24;
const ROOM_HEIGHT_PX = 34;
const MARGIN_PX = 16;
const LABEL_PX = 18;

const STYLE = `
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; fill: #1c2430; }
  .wing { fill: #f3f5f8; stroke: #c9d1dc; }
  .wing-name { font-weight: 600; fill: #55606f; }
  .room { fill: #ffffff; stroke: #6b7a90; }
  .arrow { fill: none; stroke: #8793a5; }
  .head { fill: #8793a5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6ebf2; } .wing { fill: #1a202a; stroke: #343e4d; } .wing-name { fill: #9aa7b8; }
    .room { fill: #242c38; stroke: #8491a5; } .arrow { stroke: #75839a; } .head { fill: #75839a; }
  }`;

export function drawHouse(house: House): string {
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 34, marginx: MARGIN_PX, marginy: MARGIN_PX });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of house.rooms) {
    const wing = wingOf(name);
    graph.setNode(wing, {});
    graph.setNode(name === wing ? `${name}/` : name, { width: name.length * CHARACTER_PX + ROOM_PADDING_PX, height: ROOM_HEIGHT_PX });
    graph.setParent(name === wing ? `${name}/` : name, wing);
  }
  for (const { from, to } of essentialArrows(house)) graph.setEdge(nodeOf(from), nodeOf(to));
  layout(graph);

  const nodes = graph.nodes().map((name) => ({ name, ...graph.node(name) }));
  const edges = graph.edges().map((edge) => graph.edge(edge).points);
  const xs = [...edges.flat().map(({ x }) => x), ...nodes.flatMap(({ x, width }) => [x - width / 2, x + width / 2])];
  const left = Math.min(...xs) - MARGIN_PX;
  const width = Math.max(...xs) + MARGIN_PX - left;
  const height = Math.max(...nodes.map((node) => node.y + node.height / 2)) + MARGIN_PX;
  const isWing = (name: string) => !name.includes('/');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${px(left)} 0 ${px(width)} ${px(height)}" width="${px(width)}" role="img">`,
    '<title>Who imports whom: rooms are folders, an arrow leads from a room to one that it uses</title>',
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
    ...nodes.filter(({ name }) => isWing(name)).map((node) => wing(node.name, node)),
    ...edges.map(arrow),
    ...nodes.filter(({ name }) => !isWing(name)).map((node) => room(node.name, node)),
    '</svg>',
    '',
  ].join('\n');
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function wing(name: string, { x, y, width, height }: Box): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const frame = `<rect class="wing" x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}" rx="8"/>`;
  return `${frame}<text class="wing-name" x="${px(left + 10)}" y="${px(top + LABEL_PX)}">${name}/</text>`;
}

function room(name: string, { x, y, width, height }: Box): string {
  const frame = `<rect class="room" x="${px(x - width / 2)}" y="${px(y - height / 2)}" width="${px(width)}" height="${px(height)}" rx="4"/>`;
  return `${frame}<text x="${px(x)}" y="${px(y + 4)}" text-anchor="middle">${name}</text>`;
}

/** A curve through the middle of each two points in turn, with the points between them as its handles. */
function arrow(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.pop() ?? first;
  const curves = rest.map((point, index) => {
    const next = rest[index + 1];
    const end = next ? { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 } : last;
    return `Q${px(point.x)} ${px(point.y)} ${px(end.x)} ${px(end.y)}`;
  });
  return `<path class="arrow" marker-end="url(#head)" d="M${px(first.x)} ${px(first.y)}${curves.join('')}"/>`;
}

function wingOf(room: string): string {
  return room.split('/')[0];
}

function nodeOf(room: string): string {
  return room.includes('/') ? room : `${room}/`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
