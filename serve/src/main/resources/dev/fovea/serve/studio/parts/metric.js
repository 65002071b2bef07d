// Metrics as people read them.
import { number, t } from '/base/i18n.js';

const NAMES = {
  top5Accuracy: 'top-5 accuracy',
  macroF1: 'macro F1',
  microF1: 'micro F1',
  weightedF1: 'weighted F1',
  f1: 'F1',
  rocAuc: 'ROC AUC',
  auroc: 'AUROC',
  map: 'mAP',
  map50: 'mAP50',
  miou: 'mIoU',
  psnr: 'PSNR',
  ssim: 'SSIM',
  msSsim: 'MS-SSIM',
  mse: 'MSE',
  mae: 'MAE',
  rmse: 'RMSE',
  r2: 'R²',
  nll: 'NLL',
  fid: 'FID',
  kid: 'KID',
  lr: 'learning rate',
  images_per_second: 'images per second',
};

/** balancedAccuracy as "balanced accuracy"; the field's abbreviations as they are written. */
export function metricName(name) {
  return NAMES[name] ?? name.replace(/_/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** A value with as many digits as say something. */
export function plain(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return size !== 0 && size < 0.001 ? value.toExponential(1) : number(value, size >= 100 ? 1 : size >= 10 ? 2 : 4);
}

/** Images a second, with a digit behind the point where they are few. */
export function speed(value) {
  return t('train.speed', { n: number(value, value < 1 ? 2 : value < 10 ? 1 : 0) });
}
