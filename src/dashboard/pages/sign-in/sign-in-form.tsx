import { useId, useState, type FormEvent } from 'react';
import { PosthornProblem } from '../../../client/index.js';
import { wordsOf } from '../../logic/problem-words.js';
import { signIn } from '../../session.js';

/** Asks for a key. It is sent once, and not kept in the browser. */
export function SignInForm() {
  const [key, setKey] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSending, setIsSending] = useState(false);
  const id = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setRefusal(null);
    setIsSending(true);
    try {
      await signIn({ key: key.trim() });
    } catch (error) {
      setRefusal(isUnknownKey(error) ? 'That key is not known.' : wordsOf(error).detail);
      setIsSending(false);
    }
  };

  return (
    <form className="sign-in-form" onSubmit={(event) => void submit(event)}>
      {/* Password managers keep a key under a name. */}
      <input hidden readOnly autoComplete="username" value="posthorn" />
      <div className="field">
        <label htmlFor={id}>Key</label>
        <input
          id={id}
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          value={key}
          aria-invalid={refusal !== null}
          aria-describedby={`${id}-help`}
          onChange={({ target }) => setKey(target.value)}
        />
        <p id={`${id}-help`} className="help">
          The admin key, or an application’s key. <code>npm start</code> prints the first.
        </p>
      </div>
      {refusal !== null && (
        <p className="field-error" role="alert">
          {refusal}
        </p>
      )}
      <button type="submit" className="primary" disabled={isSending}>
        Sign in
      </button>
    </form>
  );
}

function isUnknownKey(error: unknown): boolean {
  return error instanceof PosthornProblem && error.status === 401;
}
