// Before anything is painted: no flash of the other theme.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('fovea-theme');
  } catch {
    // storage is disabled: the system's theme
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
