import type { Command } from 'commander';
import { define } from '../shared/define.js';

export function addDoctor(program: Command): void {
  define(program, {
    use: 'doctor',
    summary: 'checks this machine and the installation, and says what to do; ends with 7 at a fault',
    examples: ['posthorn doctor', 'posthorn doctor -o json'],
    load: () => import('./doctor.js'),
  });
}
