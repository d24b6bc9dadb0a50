import { useLive, type LiveState } from '../live.js';

const WORDS: Readonly<Record<LiveState, string>> = {
  off: 'Not live',
  connecting: 'Connecting…',
  live: 'Changes show at once',
  interrupted: 'Not live: connecting again',
};

export function LiveSwitch() {
  const { state, isWanted, want } = useLive();
  return (
    <div className="live">
      <span className="muted" role="status" aria-label="Live updates">
        {WORDS[state]}
      </span>
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          checked={isWanted}
          onChange={({ target }) => want(target.checked)}
        />
        Live
      </label>
    </div>
  );
}
