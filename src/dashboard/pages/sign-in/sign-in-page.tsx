import { useEffect } from 'react';
import { ThemeSwitch } from '../../parts/theme-switch.js';
import { SignInForm } from './sign-in-form.js';

export function SignInPage() {
  useEffect(() => {
    document.title = 'Sign in · Posthorn';
  }, []);
  return (
    <main className="lone">
      <div className="sign-in card">
        <img src="/dashboard/icon.svg" alt="" width="40" height="40" />
        <h1>Sign in</h1>
        <SignInForm />
      </div>
      <ThemeSwitch />
    </main>
  );
}
