import { useQuery } from '@tanstack/react-query';
import { BookOpen, LogOut, Menu, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { notifyError } from '../notify.js';
import { appQuery } from '../queries.js';
import { routes } from '../routes.js';
import { signOut, useSession } from '../session.js';
import { PaletteButton } from '../pages/palette/palette-button.js';
import { AppSelect } from './app-select.js';
import { ThemeSwitch } from './theme-switch.js';

const SECTIONS = [
  { name: 'Endpoints', to: routes.endpoints },
  { name: 'Events', to: routes.events },
  { name: 'Deliveries', to: routes.deliveries },
  { name: 'Event types', to: routes.eventTypes },
  { name: 'Verify', to: routes.verify },
  { name: 'Settings', to: routes.settings },
] as const;

/** What is around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const session = useSession();
  const [location] = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const [, inAddress] = /^\/apps\/([^/]+)/.exec(location) ?? [];
  const app = session.app_id ?? inAddress ?? null;
  // The menu of a narrow window is closed by going somewhere.
  const isOpen = openAt === location;

  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="header" data-open={isOpen}>
        <Link href="/" className="brand">
          <img src="/dashboard/icon.svg" alt="" width="24" height="24" />
          Posthorn
        </Link>
        {session.app_id === null ? <AppSelect current={app} /> : <AppName app={session.app_id} />}
        <button
          type="button"
          className="icon-button menu-button"
          aria-label="Menu"
          aria-expanded={isOpen}
          onClick={() => setOpenAt(isOpen ? null : location)}
        >
          {isOpen ? <X aria-hidden size={20} /> : <Menu aria-hidden size={20} />}
        </button>
        <nav aria-label="Main">{app !== null && <Sections app={app} location={location} />}</nav>
        <div className="header-end">
          <PaletteButton app={app} />
          <a className="header-link" href="/docs">
            <BookOpen aria-hidden size={15} /> Docs
          </a>
          <ThemeSwitch />
          <button
            type="button"
            className="icon-button"
            aria-label="Sign out"
            title="Sign out"
            onClick={() => void signOut().catch(notifyError)}
          >
            <LogOut aria-hidden size={16} />
          </button>
        </div>
      </header>
      {children}
    </>
  );
}

function Sections({ app, location }: { app: string; location: string }) {
  return SECTIONS.map(({ name, to }) => {
    const isHere = location === to(app) || location.startsWith(`${to(app)}/`);
    return (
      <Link key={name} href={to(app)} aria-current={isHere ? 'page' : undefined}>
        {name}
      </Link>
    );
  });
}

function AppName({ app }: { app: string }) {
  const { data } = useQuery(appQuery(app));
  return <bdi className="app-name">{data?.name}</bdi>;
}
