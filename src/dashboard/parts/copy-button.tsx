import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { notifyError } from '../notify.js';
import { copyText } from './copy-text.js';

const SHOWN_MS = 2_000;

/** Copies a text, and says so in its place. */
export function CopyButton({ text, name, label }: { text: string; name: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className={label === undefined ? 'icon-button' : 'quiet'}
      aria-label={name}
      title={name}
      onClick={() => void copyText(text).then(() => setCopied(true), notifyError)}
    >
      {copied ? <Check aria-hidden size={14} /> : <Copy aria-hidden size={14} />}
      {label}
    </button>
  );
}
