/** The same for what never was, what is gone, and what belongs to another application. */
export function NotFound() {
  return (
    <div className="empty">
      <strong>There is nothing here.</strong>
      <p>The address is wrong, the thing was deleted, or it belongs to another application.</p>
    </div>
  );
}
