// Scrolls the contact sheet and watches every frame: how long rows on the screen have no picture.
// Arguments: pixels a second, seconds, what is given the result.
const [speed, seconds, done] = arguments;
const sheet = document.querySelector('.sheet');
const blank = new Map();
const blanks = [];
const rows = new Set();
const begin = performance.now();
let bare = 0;
let frames = 0;
sheet.scrollTop = 0;
function frame(now) {
  frames++;
  const at = now - begin;
  sheet.scrollTop = (at / 1000) * speed;
  const top = sheet.scrollTop;
  const bottom = top + sheet.clientHeight;
  const alive = new Set();
  let covered = 0;
  for (const row of sheet.querySelectorAll('.sheet-row')) {
    const y = new DOMMatrix(row.style.transform).m42;
    const height = row.offsetHeight;
    if (y + height <= top || y >= bottom) continue;
    covered += Math.min(y + height + 6, bottom) - Math.max(y, top);
    const image = row.querySelector('img');
    alive.add(image.src);
    rows.add(image.src);
    const there = image.complete && image.naturalWidth > 0;
    if (!there && !blank.has(image.src)) blank.set(image.src, now);
    if (there && blank.has(image.src)) {
      blanks.push(now - blank.get(image.src));
      blank.delete(image.src);
    }
  }
  for (const [src, since] of blank) {
    if (!alive.has(src)) {
      blanks.push(now - since);
      blank.delete(src);
    }
  }
  if (covered < bottom - top - 40) {
    bare ||= now;
  } else if (bare) {
    blanks.push(now - bare);
    bare = 0;
  }
  if (at < seconds * 1000) {
    requestAnimationFrame(frame);
    return;
  }
  for (const since of blank.values()) blanks.push(now - since);
  done({ rows: rows.size, frames, worst: Math.round(Math.max(0, ...blanks)), over: blanks.filter(one => one > 200).length, cells: sheet.querySelectorAll('.cell').length });
}
requestAnimationFrame(frame);
