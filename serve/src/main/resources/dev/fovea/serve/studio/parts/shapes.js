// Objects over an image: their colours, and what can be done to boxes and polygons. An object is never changed, only replaced.
import { dark } from '/parts/colors.js';

/** Colours of classes, told apart also by those who see few colours (Okabe and Ito, extended); as in the reports. */
const KINDS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#8C6BB1', '#7F7F7F', '#B8A600', '#1B1B1B'];

/** Beyond the first ten lighter ones, then darker ones, as in the overlays of masks. */
export function colour(label) {
  const index = Math.max(0, label);
  const own = KINDS[index % KINDS.length];
  const round = Math.floor(index / KINDS.length);
  if (round === 0) return own;
  const share = 1 - 0.6 ** Math.floor((round + 1) / 2);
  const other = round % 2 === 1 ? 255 : 0;
  const mixed = [1, 3, 5].map(at => Math.round(parseInt(own.slice(at, at + 2), 16) * (1 - share) + other * share));
  return '#' + mixed.map(value => value.toString(16).padStart(2, '0')).join('');
}

/** The luminance that WCAG's contrast is made of. */
function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255).map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The same on the page instead of an image: what is black would not be seen in the dark. */
export function tone(label) {
  const own = colour(label);
  return dark() && luminance(own) < 0.03 ? '#ebebeb' : own;
}

/** Black or white, whichever is read better on it. */
export function inkOn(label) {
  return luminance(colour(label)) > 0.179 ? '#000' : '#fff';
}

export function around(polygons) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of polygons) {
    for (let i = 0; i < polygon.length; i += 2) {
      left = Math.min(left, polygon[i]);
      right = Math.max(right, polygon[i]);
      top = Math.min(top, polygon[i + 1]);
      bottom = Math.max(bottom, polygon[i + 1]);
    }
  }
  return [left, top, right, bottom];
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

/** Moved as far as the image goes. */
export function moved(object, dx, dy, { width, height }) {
  const [left, top, right, bottom] = object.box;
  const x = clamp(dx, -left, width - right);
  const y = clamp(dy, -top, height - bottom);
  if (x === 0 && y === 0) return object;
  return {
    ...object,
    origin: -1,
    box: [left + x, top + y, right + x, bottom + y],
    polygons: object.polygons.map(polygon => polygon.map((value, i) => value + (i % 2 === 0 ? x : y))),
  };
}

/** With an edge or a corner of its box at a point: `edges` is of l, t, r, b. */
export function resized(object, edges, x, y, { width, height }) {
  let [left, top, right, bottom] = object.box;
  if (edges.includes('l')) left = clamp(x, 0, right - 1);
  if (edges.includes('r')) right = clamp(x, left + 1, width);
  if (edges.includes('t')) top = clamp(y, 0, bottom - 1);
  if (edges.includes('b')) bottom = clamp(y, top + 1, height);
  return { ...object, origin: -1, box: [left, top, right, bottom] };
}

/** With a corner of a polygon at another point. */
export function withCorner(object, ring, corner, x, y, { width, height }) {
  const polygons = object.polygons.map((polygon, r) =>
    r !== ring ? polygon : polygon.map((v, i) => (i === 2 * corner ? clamp(x, 0, width) : i === 2 * corner + 1 ? clamp(y, 0, height) : v)));
  return { ...object, origin: -1, polygons, box: around(polygons) };
}

/** With another corner between one and the next. */
export function addCorner(object, ring, after, x, y) {
  const polygons = object.polygons.map((polygon, r) =>
    r !== ring ? polygon : [...polygon.slice(0, 2 * after + 2), x, y, ...polygon.slice(2 * after + 2)]);
  return { ...object, origin: -1, polygons, box: around(polygons) };
}

/** Without a corner; one of three stays. */
export function dropCorner(object, ring, corner) {
  if (object.polygons[ring].length <= 6) return object;
  const polygons = object.polygons.map((polygon, r) =>
    r !== ring ? polygon : polygon.filter((_, i) => i !== 2 * corner && i !== 2 * corner + 1));
  return { ...object, origin: -1, polygons, box: around(polygons) };
}

export function overlap(a, b) {
  const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (w <= 0 || h <= 0) return 0;
  const area = box => (box[2] - box[0]) * (box[3] - box[1]);
  return (w * h) / (area(a) + area(b) - w * h);
}

/** As it is drawn: rounded to hundredths, which no one sees. */
export const points = polygon => {
  const all = [];
  for (let i = 0; i < polygon.length; i += 2) all.push(`${polygon[i].toFixed(2)},${polygon[i + 1].toFixed(2)}`);
  return all.join(' ');
};

/** Rounded to tenths of a pixel, as a hand is no more exact. */
export const rounded = value => Math.round(value * 10) / 10;
