// An image of the reader's, to be sent to a model.
import { t } from '/base/i18n.js';

/** The largest image that is sent as a file; a larger one is refused with a sentence rather than a broken request. */
const MOST_BYTES = 20e6;

function address(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** {address, name, bytes, width, height} of a file; the browser need not know its format. */
export async function readImage(blob, name) {
  if (blob.size > MOST_BYTES) throw new Error(t('try.tooLarge'));
  const own = await address(blob);
  const size = await new Promise(done => {
    const image = new Image();
    image.onload = () => done({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => done({ width: 0, height: 0 });
    image.src = own;
  });
  return { address: own, name, bytes: blob.size, ...size };
}
