import { Component, type ReactNode } from 'react';

/** What is shown instead of a page that has failed: a file of it could not be loaded, or it has a fault. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div className="card" role="alert">
        <h1>This page cannot be shown</h1>
        <p>Posthorn may have been updated since this page was opened, or it has a fault.</p>
        <p>
          <button type="button" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      </div>
    );
  }
}
