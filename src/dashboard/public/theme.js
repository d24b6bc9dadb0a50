// Loaded before the page is first painted, so that a page in the dark theme never flashes white.
const theme = localStorage.getItem('posthorn.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
