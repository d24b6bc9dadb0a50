/** Copies a text. A page that came by plain HTTP from another computer has no `navigator.clipboard`. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator && isSecureContext) return navigator.clipboard.writeText(text);
  const listen = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', listen);
  try {
    if (!document.execCommand('copy')) throw new Error('The browser did not allow this page to copy.');
  } finally {
    document.removeEventListener('copy', listen);
  }
}
