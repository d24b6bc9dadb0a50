import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

/** Where the reader was when a heading last took the focus; null at the first page, which the browser announces itself. */
let announced: string | null = null;

/** A page: its heading, which takes the focus after navigation, and its content. */
export function Page({
  title,
  heading = title,
  back,
  aside,
  actions,
  children,
}: {
  title: string;
  heading?: ReactNode;
  back?: { to: string; text: string };
  /** What stands beside the heading. */
  aside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const [location] = useLocation();
  const h1 = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Posthorn`;
  }, [title]);
  useEffect(() => {
    if (announced !== null && announced !== location) h1.current?.focus();
    announced = location;
  }, [location]);

  return (
    <main id="content" className="page" tabIndex={-1}>
      {back && (
        <Link href={back.to} className="back">
          <ArrowLeft aria-hidden size={16} /> {back.text}
        </Link>
      )}
      <div className="page-head">
        <div className="page-title">
          <h1 ref={h1} tabIndex={-1}>
            {heading}
          </h1>
          {aside}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {children}
    </main>
  );
}
