// Which part of an image an answer depends on: a heat map over the image, drawn when it is asked for.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { load, number, percent, t } from '/base/i18n.js';
import { Failure, Skeleton } from '/parts/states.js';

await load('parts-images');

/**
 * methods: those that there are, the default first; classes: names to choose from, if any; ask(wish, onProgress, signal) comes to
 * {image, method, class, value, width, height, part}, and is ended by the signal; choice: {method, class} that is kept elsewhere, as in the
 * address, with onChoice(change); plainValue: what is explained is no probability.
 */
export function Why({ methods, classes, ask, plainValue = false, choice = null, onChoice = null, keys = [] }) {
  const [own, setOwn] = useState({ method: '', class: '' });
  const [state, setState] = useState({});
  const abort = useRef(null);
  const wish = choice ?? own;
  const change = onChoice ?? (more => setOwn(was => ({ ...was, ...more })));
  useEffect(() => {
    abort.current?.abort();
    setState({});
  }, keys); // what was explained is of another image
  useEffect(() => () => abort.current?.abort(), []);
  if (methods.length === 0) return null;
  const method = methods.includes(wish.method) ? wish.method : '';
  const label = classes?.includes(wish.class) ? wish.class : '';
  const explain = async () => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    const say = next => abort.current === mine && setState(next);
    say({ working: true });
    try {
      say({ value: await ask({ method, class: label }, far => say({ working: true, far }), mine.signal) });
    } catch (error) {
      say(error.name === 'AbortError' ? {} : { error });
    }
  };
  return html`<section class="explanation">
    <h3>${t('parts-images.why')}</h3>
    <form class="row" onSubmit=${event => { event.preventDefault(); explain(); }}>
      <label>${t('parts-images.method')} <select name="method" value=${method} onChange=${event => change({ method: event.target.value })}>
        ${methods.map((one, i) => html`<option key=${one} value=${i ? one : ''} selected=${method === (i ? one : '')}>${one}</option>`)}</select></label>
      ${classes?.length > 0 && html`<label>${t(plainValue ? 'parts-images.number' : 'parts-images.class')} <select name="class" value=${label} onChange=${event => change({ class: event.target.value })}>
        <option value="">${t('parts-images.answered')}</option>
        ${classes.map(one => html`<option key=${one} value=${one} selected=${one === label}>${one}</option>`)}</select></label>`}
      <button class="small" disabled=${state.working}>${t('parts-images.explain')}</button>
      ${state.working && html`<button type="button" class="small secondary" onClick=${() => { abort.current?.abort(); setState({}); }}>${t('frame.stop')}</button>`}
    </form>
    <p class="soft about">${t(`parts-images.about_${method || methods[0]}`)}</p>
    <div aria-live="polite">
      ${state.working && html`${state.far?.of > 0 && html`<progress max=${state.far.of} value=${state.far.done} aria-label=${t('frame.working')}></progress>`}<${Skeleton} lines=${1} height="14rem" />`}
      ${state.error && html`<${Failure} error=${state.error} />`}
      ${state.value && html`<${HeatMap} value=${state.value} plainValue=${plainValue} />`}
    </div>
  </section>`;
}

function HeatMap({ value, plainValue }) {
  const said = t('parts-images.heatOf', { name: value.class, method: value.method });
  const [left, top, right, bottom] = (value.part ?? []).map(share => `${share * 100}%`);
  return html`<figure><span class="heat-place"><img class="heat" src=${value.image} width=${value.width} height=${value.height} alt=${said} />
      ${left && html`<span class="heat-part" style=${{ left, top, right: `calc(100% - ${right})`, bottom: `calc(100% - ${bottom})` }}></span>`}</span>
    <p class="heat-scale"><span>${t('parts-images.heatLeast')}</span><span class="ramp" aria-hidden="true"></span><span>${t('parts-images.heatMost')}</span></p>
    ${left && html`<p class="soft about">${t('parts-images.heatPart')}</p>`}
    <figcaption class="soft">${said} (${plainValue ? number(value.value, 4) : percent(value.value)})</figcaption></figure>`;
}
