// Classes of webcam images: a button for each, images are taken for as long as it is held.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { t } from '/base/i18n.js';
import { cameraProblem } from '/parts/camera.js';
import { Dialog, confirm } from '/parts/dialog.js';
import { send } from '/parts/send-data.js';
import { sentence } from '/parts/states.js';
import { toast } from '/parts/toast.js';

const SIDE = 320;
const EVERY_MS = 125;
const MOST = 1000;
const SHOWN = 12;

/** The middle square of what the webcam shows. */
function snapshot(video) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  if (!side) return Promise.resolve(null);
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  canvas.getContext('2d').drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, SIDE, SIDE);
  return new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.9));
}

let made = 0;
const fresh = name => ({ id: ++made, name, shots: [] });

export function WebcamDialog({ target = null, onClose, onDone }) {
  const video = useRef(null);
  const [error, setError] = useState(null);
  const [ready, setReady] = useState(false);
  const [name, setName] = useState(t('data.camName'));
  const [classes, setClasses] = useState(() =>
    target ? target.classes.slice(0, 12).map(fresh) : [fresh(t('data.camClass', { n: '1' })), fresh(t('data.camClass', { n: '2' }))]);
  const [recording, setRecording] = useState(null);
  const [sending, setSending] = useState(null);
  const [failure, setFailure] = useState(null);

  useEffect(() => {
    let stream = null;
    let over = false;
    Promise.resolve()
      .then(() => navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 } }, audio: false }))
      .then(
        found => {
          stream = found;
          if (over) return found.getTracks().forEach(track => track.stop());
          video.current.srcObject = found;
          return video.current.play().then(() => setReady(true));
        },
      )
      .catch(failed => !over && setError(cameraProblem(failed)));
    return () => {
      over = true;
      stream?.getTracks().forEach(track => track.stop());
    };
  }, []);

  const all = useRef(classes);
  all.current = classes;
  useEffect(() => () => all.current.forEach(one => one.shots.forEach(shot => URL.revokeObjectURL(shot.url))), []);
  useEffect(() => {
    if (recording === null) return undefined;
    let over = false;
    const take = async () => {
      const blob = await snapshot(video.current);
      if (over || !blob) return;
      setClasses(was => was.map(one =>
        one.id === recording && one.shots.length < MOST ? { ...one, shots: [...one.shots, { blob, url: URL.createObjectURL(blob) }] } : one));
    };
    take();
    const timer = setInterval(take, EVERY_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [recording]);
  useEffect(() => {
    const end = () => setRecording(null);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
    window.addEventListener('blur', end);
    return () => {
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
      window.removeEventListener('blur', end);
    };
  }, []);

  const stop = useRef(null);
  useEffect(() => () => stop.current?.abort(), []);
  const forget = one => one.shots.forEach(shot => URL.revokeObjectURL(shot.url));
  const leave = async () => {
    if (sending) return;
    if (count === 0 || (await confirm(t('data.camLose', { n: count }), { yes: t('data.camDrop') }))) onClose();
  };
  const change = (id, changes) => setClasses(was => was.map(one => (one.id === id ? { ...one, ...changes } : one)));
  const hold = id => ({
    onPointerDown: event => { event.preventDefault(); event.currentTarget.focus(); setRecording(id); },
    onKeyDown: event => { if ((event.key === ' ' || event.key === 'Enter') && !event.repeat) { event.preventDefault(); setRecording(id); } },
    onKeyUp: event => { if (event.key === ' ' || event.key === 'Enter') setRecording(null); },
    onBlur: () => setRecording(was => (was === id ? null : was)),
  });
  const filled = classes.filter(one => one.shots.length > 0);
  const names = filled.map(one => one.name.trim());
  const twice = new Set(names).size < names.length;
  const enough = target ? filled.length > 0 : filled.length > 1;
  const count = filled.reduce((sum, one) => sum + one.shots.length, 0);
  const create = async () => {
    setFailure(null);
    const stamp = Date.now().toString(36);
    const files = filled.flatMap(one => one.shots.map((shot, i) => ({ file: shot.blob, path: `${one.name.trim()}/webcam-${stamp}-${String(i + 1).padStart(4, '0')}.jpg` })));
    try {
      stop.current = new AbortController();
      setSending({ done: 0, of: files.length });
      const done = await send(files, { name: name.trim(), into: target?.path, progress: setSending, signal: stop.current.signal });
      toast(t('data.sent', { n: count }));
      onDone(done.path);
    } catch (failed) {
      setSending(null);
      if (failed.name !== 'AbortError') setFailure(failed);
    }
  };

  return html`<${Dialog} title=${t('data.webcam')} onClose=${leave} wide>
    ${error && html`<p class="notice error" role="alert">${error}</p><p class="soft">${t('data.camInstead')}</p>`}
    ${!error && html`<div class="webcam">
      <div>
        <video ref=${video} muted playsinline width="320" height="320" aria-label=${t('data.camPicture')}></video>
        ${!ready && html`<p class="soft" role="status">${t('data.camWait')}</p>`}
        ${!target && html`<div class="field"><label for="cam-name">${t('data.name')}</label>
          <input id="cam-name" dir="auto" maxlength="100" value=${name} onInput=${event => setName(event.target.value)} /></div>`}
      </div>
      <div>
        ${classes.map(one => html`<div class="webcam-class" key=${one.id}>
          <div class="row">
            <input aria-label=${t('data.class')} dir="auto" maxlength="100" value=${one.name} onInput=${event => change(one.id, { name: event.target.value })} />
            <button class=${'record' + (recording === one.id ? ' on' : '')} disabled=${!ready} aria-pressed=${String(recording === one.id)} aria-label=${`${t('data.hold')}: ${one.name}`} ...${hold(one.id)}>${t('data.hold')}</button>
            <span aria-hidden="true">${t('data.images', { n: one.shots.length })}</span>
            <span class="sr-only" role="status">${recording === one.id ? '' : t('data.images', { n: one.shots.length })}</span>
            ${one.shots.length > 0 && html`<button class="small secondary" aria-label=${`${t('data.clear')}: ${one.name}`} onClick=${() => { forget(one); change(one.id, { shots: [] }); }}>${t('data.clear')}</button>`}
            ${classes.length > 1 && html`<button class="plain" aria-label=${t('data.removeClass', { name: one.name })} onClick=${() => { forget(one); setClasses(was => was.filter(other => other.id !== one.id)); }}>×</button>`}
          </div>
          <div class="shots">${one.shots.slice(-SHOWN).map(shot => html`<img key=${shot.url} src=${shot.url} alt="" width="48" height="48" />`)}</div>
        </div>`)}
        <button class="secondary" onClick=${() => setClasses(was => [...was, fresh(t('data.camClass', { n: String(was.length + 1) }))])}>${t('data.addClass')}</button>
      </div>
    </div>`}
    ${twice && html`<p class="notice">${t('data.camTwice')}</p>`}
    ${sending && html`<progress aria-label=${t('data.sending')} max=${sending.of} value=${sending.done}></progress>`}
    ${failure && html`<p class="notice error" role="alert">${sentence(failure)}</p>`}
    <footer>
      ${sending
        ? html`<button class="secondary" onClick=${() => stop.current?.abort()}>${t('frame.stop')}</button>`
        : html`<button class="secondary" onClick=${leave}>${t('frame.cancel')}</button>`}
      ${!error && html`<button disabled=${!enough || twice || sending || names.some(one => !one)} onClick=${create}>${enough ? t('data.camCreate', { n: count }) : t('data.camMore')}</button>`}
    </footer>
  <//>`;
}
