import { jsonTokens } from '../logic/json-tokens.js';

/** More than so much is not coloured: the browser would be slow. */
const COLOURED_CHARACTERS = 50_000;

export function JsonView({ text, name }: { text: string; name: string }) {
  return (
    <pre className="json" tabIndex={0} role="group" aria-label={name}>
      {text.length > COLOURED_CHARACTERS
        ? text
        : jsonTokens(text).map(({ kind, text: part }, index) => (
            <span key={index} className={`json-${kind}`}>
              {part}
            </span>
          ))}
    </pre>
  );
}
