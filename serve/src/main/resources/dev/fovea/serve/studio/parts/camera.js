// Pictures of the webcam, a few each second.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { load, t } from '/base/i18n.js';

await load('parts-images');

const SIDE = 480;

/** Why there is no picture, in the reader's words. */
export function cameraProblem(error) {
  if (!navigator.mediaDevices?.getUserMedia) return t('parts-images.cameraInsecure');
  if (error.name === 'NotAllowedError') return t('parts-images.cameraRefused');
  if (error.name === 'NotFoundError' || error.name === 'OverconstrainedError') return t('parts-images.noCamera');
  if (error.name === 'NotReadableError') return t('parts-images.cameraTaken');
  return t('parts-images.cameraFailed', { reason: error.message });
}

/**
 * Shows the camera for as long as it is drawn; `onPicture(blob)` is given the next picture once the one before is done
 * (it may return a promise), at most `perSecond`.
 */
export function Camera({ onPicture, perSecond = 4, onClose }) {
  const video = useRef(null);
  const handler = useRef(onPicture);
  handler.current = onPicture;
  const [error, setError] = useState(null);
  useEffect(() => {
    let open = true;
    let stream = null;
    const take = async () => {
      const canvas = document.createElement('canvas');
      while (open) {
        const begin = performance.now();
        const own = video.current;
        if (own && own.videoWidth > 0 && !document.hidden) {
          const scale = Math.min(1, SIDE / Math.max(own.videoWidth, own.videoHeight));
          canvas.width = Math.round(own.videoWidth * scale);
          canvas.height = Math.round(own.videoHeight * scale);
          canvas.getContext('2d').drawImage(own, 0, 0, canvas.width, canvas.height);
          const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.9));
          if (open && blob) await Promise.resolve(handler.current(blob)).catch(() => {});
        }
        await new Promise(done => setTimeout(done, Math.max(50, 1000 / perSecond - (performance.now() - begin))));
      }
    };
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: false });
      if (!open) return stream.getTracks().forEach(track => track.stop());
      video.current.srcObject = stream;
      await video.current.play();
      return take();
    };
    begin().catch(e => open && setError(cameraProblem(e)));
    return () => {
      open = false;
      stream?.getTracks().forEach(track => track.stop());
    };
  }, []);
  if (error) return html`<div class="notice error" role="alert"><p>${error}</p><button class="small secondary" onClick=${onClose}>${t('frame.close')}</button></div>`;
  return html`<div class="camera"><video ref=${video} muted playsinline width="320" height="240" aria-label=${t('parts-images.camera')}></video>
    <button class="secondary" onClick=${onClose}>${t('parts-images.cameraOff')}</button></div>`;
}
