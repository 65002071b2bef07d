// A generator: images that it makes, each beside the training image that it is nearest to.
import { html, useState } from '/lib/preact.js';
import { get } from '/base/api.js';
import { load, number, t } from '/base/i18n.js';
import { setParams, useAddress } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { Metrics, useJob } from '/parts/examples.js';
import { Failure, Skeleton } from '/parts/states.js';

await load('evaluate-made');

export default function Generator({ run }) {
  const about = useLoaded(() => get('/api/model', { model: run }), [run]);
  const { params } = useAddress();
  const asked = { seed: Math.max(0, Math.floor(Number(params.get('seed') ?? 1)) || 0), class: params.get('class') ?? '' };
  const [wish, setWish] = useState(asked);
  const { value, error, again } = useJob('/api/nearest', { run, count: 12, ...asked }, [run, asked.seed, asked.class]);
  const generator = about.value?.generator;
  const copies = value?.items.filter(one => one.copy).length ?? 0;
  return html`${about.error && html`<${Failure} error=${about.error} again=${about.again} />`}
    <${Metrics} metrics=${about.value?.metrics} />
    <form class="row" onSubmit=${event => { event.preventDefault(); setParams({ seed: wish.seed, class: wish.class }); }}>
      <div class="field"><label for="grid-seed">${t('evaluate-made.seed')}</label><input id="grid-seed" type="number" min="0" max="2147483647" value=${wish.seed} onInput=${event => setWish({ ...wish, seed: Number(event.target.value) || 0 })} /></div>
      ${generator?.settings.includes('LABEL') && html`<div class="field"><label for="grid-class">${t('evaluate-made.class')}</label><select id="grid-class" style=${{ maxWidth: '14rem' }} value=${wish.class} onChange=${event => setWish({ ...wish, class: event.target.value })}>
        <option value="">${t('evaluate-made.allClasses')}</option>${about.value.classes.map(one => html`<option key=${one} value=${one}>${one}</option>`)}</select></div>`}
      <button type="submit">${t('evaluate-made.generate')}</button>
    </form>
    <h2>${t('evaluate-made.nearest')}</h2>
    <p class="soft">${t('evaluate-made.nearestAbout')}</p>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!value && !error && html`<${Skeleton} lines=${6} height="4rem" />`}
    ${value && html`
      <p aria-live="polite"><strong>${copies ? t('evaluate-made.copies', { n: copies }) : t('evaluate-made.noCopies')}</strong> <span class="soft">${t('evaluate-made.searched', { n: number(value.searched), of: number(value.of) })}</span></p>
      <ul class="sheet">${value.items.map((one, i) => html`<li class="card" key=${i}>
        <div class="twins"><img src=${one.image} alt=${t('evaluate-made.generated', { n: i + 1 })} width="120" height="120" /><img src=${one.nearest} alt=${t('evaluate-made.training', { name: one.name })} width="120" height="120" /></div>
        <small title=${one.name}>${one.label && html`<bdi>${one.label}</bdi> · `}<bdi>${one.name}</bdi></small>
        <small>${t('evaluate-made.difference', { value: number(one.difference, 3) })}</small></li>`)}</ul>`}`;
}
