// An image with its boxes, outlines and masks, to be looked at: for the large view of a contact sheet, cards, comparisons.
import { html, useState } from '/lib/preact.js';
import { get, imageUrl } from '/base/api.js';
import { load, t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { Failure, Skeleton } from '/parts/states.js';
import { ShapeStage } from '/parts/shape-stage.js';
import { colour } from '/parts/shapes.js';

/** html`<${AnnotatedImage} path="cells" part="train" index=${3} />`; `marked` is a box to draw attention to, {box, label, text}. */
export function AnnotatedImage({ path, part = 'train', index, marked = null, editable = true }) {
  const { value, error, again } = useLoaded(async () => {
    await load('parts-shapes');
    return get('/api/annotations', { path, part, index });
  }, [path, part, index]);
  const [names, setNames] = useState(true);
  const [shapes, setShapes] = useState(true);
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${1} height="18rem" />`;
  const image = { url: imageUrl('/api/image', { path: value.path, part, index, size: 2048 }), width: value.width, height: value.height };
  const mask = value.pixels && shapes ? imageUrl('/api/image/mask', { path: value.path, part, index }) : null;
  return html`<link rel="stylesheet" href="/annotate.css" /><div class="annotated">
    <${ShapeStage} image=${image} objects=${shapes ? value.objects : []} classes=${value.classes} names=${names} mask=${mask}
      proposals=${marked ? [{ polygons: [], ignore: false, label: 5, ...marked }] : []}
      label=${t('parts-shapes.image', { name: value.name, n: value.objects.length })} />
    <div class="row spread">
      <div class="row">
        <label><input type="checkbox" checked=${shapes} onChange=${event => setShapes(event.target.checked)} /> ${t(value.pixels ? 'parts-shapes.showMask' : 'parts-shapes.showShapes')}</label>
        <label><input type="checkbox" checked=${names} onChange=${event => setNames(event.target.checked)} /> ${t('parts-shapes.showNames')}</label>
      </div>
      ${editable && html`<a href=${link('/data/edit', { path: value.path, part, index })}>${t('parts-shapes.edit')}</a>`}
    </div>
    <${Legend} classes=${value.classes} objects=${value.objects} all=${value.pixels} />
  </div>`;
}

/** The classes that are seen, each with its colour and how often. */
function Legend({ classes, objects, all = false }) {
  const counts = new Map();
  for (const object of objects) counts.set(object.label, (counts.get(object.label) ?? 0) + 1);
  const shown = classes.map((name, label) => ({ name, label, n: counts.get(label) ?? 0 })).filter(one => all || one.n > 0);
  return html`<ul class="legend" aria-label=${t('parts-shapes.classes')}>${shown.slice(0, 40).map(
    one => html`<li key=${one.label}><span class="swatch" style=${{ background: colour(one.label) }} aria-hidden="true"></span>
      <bdi>${one.name}</bdi>${one.n > 0 && html` <span class="soft">${one.n}</span>`}</li>`,
  )}</ul>`;
}
